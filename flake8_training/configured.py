"""Which folder is configured: the cheap part of the configuration, asked at every start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "pyproject.toml"
SECTION = ("tool", "flake8-training")
MAX_BYTES = 1_000_000
"""The largest file that is read as TOML."""
_MAX_LOOK = 16_000_000
"""How much of a file is looked through for the section's name, so that a larger file with one is told."""
_USUAL = f"[{'.'.join(SECTION)}".encode()


def content(folder: str | Path) -> bytes:
    """Return what stands in the folder's pyproject.toml; nothing where it does not mention this tool."""
    with open(os.path.join(folder, FILE), "rb") as stream:
        data = stream.read(_MAX_LOOK)
    return data if SECTION[1].encode() in data else b""


def may_have_section(folder: str | Path) -> bool:
    """Whether the folder's pyproject.toml mentions this tool, as the one of a project that installs it may too."""
    try:
        return bool(content(folder))
    except OSError:
        return False


def has_section(folder: str | Path) -> bool:
    """Whether the folder's pyproject.toml has a section for this tool, however it is spelt; never raises."""
    try:
        data = content(folder)
    except OSError:
        return False
    if not data or _USUAL in data or len(data) > MAX_BYTES:
        return bool(data)
    from flake8_training.configuration import section_of

    try:
        return section_of(data) is not None
    except ValueError:
        return False


def configured_folder(start: Path) -> Path | None:
    """Return the nearest folder, ``start`` or above, whose pyproject.toml has a section for this tool."""
    return next((folder for folder in (start, *start.parents) if has_section(folder)), None)
