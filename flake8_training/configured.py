"""Which folder is configured: the cheap part of the configuration, asked at every start."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from flake8_training.source_file import package_parent, read_beside, repository_top

if TYPE_CHECKING:
    from pathlib import Path

FILE = "pyproject.toml"
SECTION = ("tool", "flake8-training")
MAX_BYTES = 1_000_000
"""The largest file that is read as TOML."""
_MAX_LOOK = 16_000_000
"""How much of a file is looked through for the section's name, so that a larger file with one is told."""
_MAX_DOTS = 500
"""How many dots a line may have, so that no key of the file is deeper."""
_USUAL = f"[{'.'.join(SECTION)}".encode()
_AS_A_KEY = re.compile(rb"""flake8-training["']?[ \t]*(?:[].]|=(?!=))""")
"""The name where it can be a table's or a key, and not only that of a package to install."""


def content(folder: str | Path) -> bytes:
    """Return what stands in the folder's pyproject.toml; nothing where it does not mention this tool."""
    data = read_beside(os.fspath(folder), FILE, _MAX_LOOK)
    return data if SECTION[1].encode() in data else b""


class TooDeep(ValueError):
    """A line of TOML with so many dots that its key could be too deep to be read in time."""

    def __init__(self, line: int) -> None:
        super().__init__(f"a key may have no more than {_MAX_DOTS} dots, and a line has more")
        self.line = line


def section_of(data: bytes) -> object:
    """Return the value of the section in a file, None where there is none; raises `ValueError` for no TOML."""
    import tomllib

    text = data.decode("utf-8")
    # A key stands on one line, and reading one takes time by the square of its parts.
    for number, line in enumerate(data.split(b"\n"), 1):
        if len(line) > _MAX_DOTS and line.count(b".") > _MAX_DOTS:
            raise TooDeep(number)
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    tool = document.get(SECTION[0])
    return tool.get(SECTION[1]) if isinstance(tool, dict) else None


def has_section(folder: str | Path) -> bool:
    """Whether the folder's pyproject.toml has a section for this tool, however it is spelt; never raises."""
    try:
        data = content(folder)
    except OSError:
        return False
    if not data or _USUAL in data or len(data) > MAX_BYTES:
        return bool(data)
    if _AS_A_KEY.search(data) is None:
        return False
    try:
        return section_of(data) is not None
    except ValueError:
        return False


def project_root(folder: str) -> str:
    """Return the folder outside of which nothing is read for a program in ``folder``.

    The top of its repository; without git the nearest folder that is configured; without either the working folder,
    where the program is below it, else the program's own. A package is imported from the folder around it, so that
    without git and configuration this folder belongs to the project as well.
    """
    here = os.path.realpath(folder)
    top = repository_top(here)
    if top is not None:
        return top
    above = here
    while not has_section(above):
        if os.path.dirname(above) == above:
            return _unmarked_root(here)
        above = os.path.dirname(above)
    return above


def _unmarked_root(folder: str) -> str:
    package = package_parent(folder)
    try:
        working = os.getcwd()
    except OSError:
        return package
    return working if os.path.join(package, "").startswith(os.path.join(working, "")) else package


def configured_folder(start: Path) -> Path | None:
    """Return the nearest folder, ``start`` or above, whose pyproject.toml has a section for this tool."""
    return next((folder for folder in (start, *start.parents) if has_section(folder)), None)
