"""Files that nobody edits by hand: checkpoints of notebooks, installed and vendored packages, and built copies.

flake8 and the command leave them out unless the user's settings name them. Names that a project's own sources may well
have, such as ``build`` or ``env`` alone, are not in the lists.
"""

from __future__ import annotations

import re

_LEFT_OUT = re.compile(
    r"(?:^|/)(?:\.ipynb_checkpoints|(?:site|dist)-packages|node_modules|__pypackages__|_?vendor|vendored|third_party"
    r"|build/(?:lib|bdist)[^/]*|[^/]*\.egg-info)/"
)


def is_left_out(path: str) -> bool:
    """Return whether a path leads through a folder of copies."""
    return _LEFT_OUT.search(path.replace("\\", "/")) is not None
