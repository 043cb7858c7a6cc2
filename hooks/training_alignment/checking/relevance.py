"""Fast check: can this commit affect any step or launcher?

It runs before any module is imported that reads files.
"""

from __future__ import annotations

import os

from flake8_training.project_folder import has_section
from flake8_training.source_file import exists, is_folder, real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ENDINGS = (".py", ".ipynb", ".yaml", ".yml", ".json", ".toml")
"""The suffixes of files that can be part of a step or a launcher."""


def may_concern(file: str | os.PathLike[str]) -> bool:
    """Return whether a file can be part of a step, a launcher or a container, by its name; a folder may contain one."""
    path = os.fspath(file)
    return path.endswith(ENDINGS) or _is_of_container(path) or is_folder(path)


def _is_of_container(path: str) -> bool:
    """Return whether a file is named like one of a container: a Dockerfile, or the program that SageMaker starts."""
    name = path.rpartition("/")[2].lower()
    return name == "train" or "dockerfile" in name.split(".")


def is_no_concern(files: Iterable[str | os.PathLike[str]], folder: str) -> bool:
    """Return whether none of the files can be part of a step or a launcher.

    If the repository around ``folder`` has its own configuration, the result is False: the configuration may have a
    mistake.
    """
    return not any(map(may_concern, files)) and not _is_configured(folder)


def _is_configured(folder: str) -> bool:
    here = real_path(folder)
    while not has_section(here):
        above = os.path.dirname(here)
        if above == here or exists(os.path.join(here, ".git")):
            return False
        here = above
    return True
