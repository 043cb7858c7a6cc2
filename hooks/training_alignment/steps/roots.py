"""Where a repository begins. Imports next to nothing: it is asked at every commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.configured import has_section

if TYPE_CHECKING:
    from pathlib import Path


def find_root(start: Path) -> Path:
    """The root of the repository that a folder is in: where its configuration is, else where git's is, else itself."""
    start = start.resolve()
    if start.is_file():
        start = start.parent
    for folder in (start, *start.parents):
        if has_section(folder):
            return folder
        if (folder / ".git").exists():
            return folder
    return start
