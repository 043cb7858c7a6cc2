"""Which folder is configured: the cheap part of the configuration, asked at every start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "pyproject.toml"
SECTION = ("tool", "flake8-training")
MAX_BYTES = 1_000_000


def has_section(folder: str | Path) -> bool:
    """Whether the folder's pyproject.toml has a section for this tool; cheap, and never raises."""
    try:
        with open(os.path.join(folder, FILE), "rb") as stream:
            return b"[tool.flake8-training" in stream.read(MAX_BYTES)
    except OSError:
        return False


def configured_folder(start: Path) -> Path | None:
    """Return the nearest folder, ``start`` or above, whose pyproject.toml has a section for this tool."""
    return next((folder for folder in (start, *start.parents) if has_section(folder)), None)
