"""Whether a commit is any of our business: the look before anything is imported that reads files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from flake8_training.configured import has_section

ENDINGS = (".py", ".ipynb", ".yaml", ".yml", ".json", ".toml")
"""What files of steps and launchers end in."""


def may_concern(file: str | os.PathLike[str]) -> bool:
    """Whether a file can be of a step or a launcher, by its ending; a folder may hold one."""
    return os.fspath(file).endswith(ENDINGS) or os.path.isdir(file)


def is_no_concern(files: Iterable[str | os.PathLike[str]], folder: str) -> bool:
    """Whether none of the files can be of a step or a launcher.

    Where the repository around ``folder`` has a configuration of its own it has to be read: it may be wrong.
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
