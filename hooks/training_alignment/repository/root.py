"""The root of a repository. Every commit needs it, so this module imports little."""

from __future__ import annotations

import os

from flake8_training.project_folder import has_section
from flake8_training.source_file import exists, is_file, real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def find_root(start: str | Path) -> Path:
    """Return the root of a folder's repository:

    the first folder above with a configuration or ``.git``, else itself.
    """
    from pathlib import Path

    return Path(root_of(start))


def root_of(start: str | Path) -> str:
    """Return the path of the root of a folder's repository; see `find_root`."""
    start = real_path(os.fspath(start))  # it never fails, not even for a loop of links
    if is_file(start):
        start = os.path.dirname(start)
    folder = start
    while not (has_section(folder) or exists(os.path.join(folder, ".git"))):
        above = os.path.dirname(folder)
        if above == folder:
            return start
        folder = above
    return folder
