"""Search for the configured folder: the cheap part of the configuration.

It runs at every start.
"""

from __future__ import annotations

import os

from flake8_training.source_file import package_parent, read_beside, real_path, repository_top

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FILE = "pyproject.toml"
SECTION = ("tool", "flake8-training")
MAX_BYTES = 1_000_000
"""The largest file that is read as TOML."""
_MAX_LOOK = 16_000_000
"""How many bytes are searched for the section's name, so that a larger file with a section is reported."""
_MAX_DOTS = 500
"""The most dots of a line, so that no key of the file is deeper."""
_USUAL = f"[{'.'.join(SECTION)}".encode()
_AS_A_KEY = rb"""flake8-training["']?[ \t]*(?:[].]|=(?!=))"""
"""The name as a table or a key, as opposed to the name of a package to install."""


def content(folder: str | Path) -> bytes:
    """Return the content of the folder's pyproject.toml; empty if it does not mention this tool."""
    data = read_beside(os.fspath(folder), FILE, _MAX_LOOK)
    return data if SECTION[1].encode() in data else b""


class TooDeep(ValueError):
    """A line of TOML with so many dots that a key in it may take too long to read."""

    def __init__(self, line: int) -> None:
        super().__init__(f"a key may have no more than {_MAX_DOTS} dots, and a line has more")
        self.line = line


def section_of(data: bytes) -> object:
    """Return the value of the section in a file, or None without one. Raises `ValueError` for invalid TOML."""
    import tomllib

    source = data.decode("utf-8")
    # A key is on one line, and the time to read it grows with the square of its parts.
    for number, line in enumerate(data.split(b"\n"), 1):
        if len(line) > _MAX_DOTS and line.count(b".") > _MAX_DOTS:
            raise TooDeep(number)
    try:
        document = tomllib.loads(source)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    tool = document.get(SECTION[0])
    return tool.get(SECTION[1]) if isinstance(tool, dict) else None


def has_section(folder: str | Path) -> bool:
    """Return whether the folder's pyproject.toml has a section for this tool, in any TOML spelling. Never raises."""
    try:
        data = content(folder)
    except OSError:
        return False
    if not data or _USUAL in data or len(data) > MAX_BYTES:
        return bool(data)
    import re  # few projects have a file that mentions the tool without its usual section

    if re.search(_AS_A_KEY, data) is None:
        return False
    try:
        return section_of(data) is not None
    except ValueError:
        return False


def project_root(folder: str) -> str:
    """Return the folder outside of which nothing is read for a program in ``folder``.

    This is the top of its repository. Without git it is the nearest configured folder. Without either it is the working
    directory if the program is below it, else the folder of the program. For a module of a package, that is the folder
    around the package, from which Python imports it.
    """
    here = real_path(folder)
    top = repository_top(here)
    if top is not None:
        return top
    above = here
    while not has_section(above):
        if os.path.dirname(above) == above:
            return _root_without_marker(here)
        above = os.path.dirname(above)
    return above


def _root_without_marker(folder: str) -> str:
    package = package_parent(folder)
    try:
        working = os.getcwd()
    except OSError:
        return package
    return working if os.path.join(package, "").startswith(os.path.join(working, "")) else package


def configured_folder(start: Path) -> Path | None:
    """Return the nearest folder, ``start`` or above, with a section for this tool in its pyproject.toml, or None."""
    return next((folder for folder in (start, *start.parents) if has_section(folder)), None)
