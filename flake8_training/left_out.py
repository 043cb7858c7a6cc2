"""Files that nobody edits by hand: checkpoints of notebooks, installed and vendored packages, and built copies.

flake8 and the command leave them out unless the user's settings name them. Names that a project's own sources may well
have, such as ``build`` or ``env`` alone, are not in the lists.
"""

from __future__ import annotations

_FOLDERS = frozenset(
    {
        ".ipynb_checkpoints",
        "site-packages",
        "dist-packages",
        "node_modules",
        "__pypackages__",
        "_vendor",
        "vendor",
        "vendored",
        "third_party",
    }
)


def is_left_out(path: str) -> bool:
    """Return whether a path leads through a folder of copies."""
    above = ""
    for folder in path.replace("\\", "/").split("/")[:-1]:
        if folder in _FOLDERS or folder.endswith(".egg-info"):
            return True
        if above == "build" and folder.startswith(("lib", "bdist")):
            return True
        above = folder
    return False
