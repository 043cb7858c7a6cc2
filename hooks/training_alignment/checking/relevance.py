"""Fast check: can this commit affect any step or launcher?

It runs before any module is imported that reads files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from flake8_training.project_folder import has_section

ENDINGS = (".py", ".ipynb", ".yaml", ".yml", ".json", ".toml")
"""The suffixes of files that can be part of a step or a launcher."""

_CONTAINER = re.compile(r"(?:.*[./])?dockerfile(?:\.[^/]*)?|(?:.*/)?train", re.IGNORECASE | re.DOTALL)
"""The names of files of a container: a Dockerfile, and the program that SageMaker starts."""


def may_concern(file: str | os.PathLike[str]) -> bool:
    """Return whether a file can be part of a step, a launcher or a container, by its name; a folder may contain one."""
    path = os.fspath(file)
    return path.endswith(ENDINGS) or _CONTAINER.fullmatch(path) is not None or os.path.isdir(path)


def is_no_concern(files: Iterable[str | os.PathLike[str]], folder: str) -> bool:
    """Return whether none of the files can be part of a step or a launcher.

    If the repository around ``folder`` has its own configuration, the result is False: the configuration may have a
    mistake.
    """
    return not any(map(may_concern, files)) and not _is_configured(folder)


def _is_configured(folder: str) -> bool:
    here = os.path.realpath(folder)
    while not has_section(here):
        above = os.path.dirname(here)
        if above == here or os.path.exists(os.path.join(here, ".git")):
            return False
        here = above
    return True
