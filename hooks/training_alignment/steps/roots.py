"""Where a repository begins. Imports next to nothing: it is asked at every commit."""

from __future__ import annotations

import os
from pathlib import Path

from flake8_training.configured import has_section


def find_root(start: Path) -> Path:
    """The root of the repository that a folder is in: where its configuration is, else where git's is, else itself."""
    start = Path(os.path.realpath(start))  # which never fails, links in a loop included
    if os.path.isfile(start):
        start = start.parent
    for folder in (start, *start.parents):
        if has_section(folder) or os.path.exists(folder / ".git"):
            return folder
    return start
