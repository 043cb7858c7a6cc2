"""A notebook as one Python module: its code cells in order, and the place of each line in the file.

Magics and shell lines are blanked; cells in other languages are left out. A name that such a line binds
(``files = !ls``), or that a cell binds which does not parse, is bound to an unknown value.

Source: nbformat 4 (``cells``, ``cell_type``, ``source`` as a string or a list of strings), IPython 8
(``core/inputtransformer2.py``).
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from keyword import iskeyword

from flake8_training.named_tuple import NamedTuple
from flake8_training.parsing import without_warnings
from flake8_training.pattern import pattern
from flake8_training.record import Record
from training_alignment.artefacts.read_error import ReadError

_DECODER = json.JSONDecoder()
_SURROGATES = pattern(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SPACE = pattern(r"[ \t\r\n]*")
_AFTER = {
    "]": pattern(r"[ \t\r\n]*+(?:,[ \t\r\n]*+|(?=\]))"),
    "}": pattern(r"[ \t\r\n]*+(?:,[ \t\r\n]*+|(?=\}))"),
}
"""What is between an element and the next one, or the end, by the closing bracket."""
_PYTHON_MAGICS = frozenset("time timeit capture prun local pyspark snapshot".split())
_SHELL = pattern(r"\s*(?:[%!?]|[\w.]+\?{1,2}\s*$)")
_ASSIGNED_SHELL = pattern(r"(\s*+)([A-Za-z_][\w., ]*+)\s*+=\s*+[%!](?!=)")
_INTERPOLATED = pattern(r"(?<!\{)\{([A-Za-z_]\w*+)|(?<!\$)\$([A-Za-z_]\w*+)")
_BOUND = pattern(r"(?m)^[ \t]*+([A-Za-z_]\w*+)[ \t]*+(?:=(?!=)|\+=|\[[^\]\n]*+\][ \t]*+=)")
_WRITEFILE = pattern(r"%%(?:writefile|file)[ \t]+(-a[ \t]+|--append[ \t]+)?['\"]?([^\s'\"]+)")
_PYTHON_VERSION = pattern(r"(\d{1,3})\.(\d{1,3})(?!\d)")
_UNKNOWN = "get_ipython()"


class CellLine(NamedTuple):
    """The place of a line of the module: cell (from 1, of all cells), line in the cell, line and column in the file."""

    cell: int
    line: int
    file_line: int
    column: int


class Command(NamedTuple):
    """A shell line, or a cell that is no Python, whole; ``line`` is the line of the module where it begins."""

    text: str
    line: int


class Written(NamedTuple):
    """A file that a cell writes: its source, and the number of lines of the module before its first line."""

    text: str
    before: int


class Notebook(Record, slots=False):
    """The code of a notebook. ``lines[n]`` is the place of line ``n + 1`` of ``text``.

    ``written`` maps paths to the files that its cells write (``%%writefile``).
    """

    text: str
    lines: tuple[CellLine, ...]
    written: dict[str, Written]
    commands: tuple[Command, ...]
    """The shell lines, the cells in other languages and those that do not parse."""
    python: tuple[int, ...] = ()
    """The version of Python that ran the cells last; empty if the notebook does not say."""

    @cached_property
    def tree(self) -> ast.Module | None:
        """The tree of the text; None if it does not parse."""
        try:
            with without_warnings():
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class _Source(NamedTuple):
    text: str
    line: int
    column: int


class _Cell(NamedTuple):
    number: int
    sources: list[_Source]


@lru_cache(maxsize=1)
def read_notebook(data: bytes, path: str) -> Notebook:
    """Return the code of a notebook. Raises `ReadError` for a file that is no notebook."""
    try:
        text = data.decode("utf-8-sig")
        cells, python = _code_cells(text)
    except (ValueError, IndexError, RecursionError) as error:
        raise ReadError(path, 1, 1, f"no notebook: {error}") from None
    # Most cells are Python. The whole shows it with one parse.
    notebook = _module(cells, _seems_python, python)
    return notebook if _is_of_cells(notebook) else _module(cells, _parses, python)


def _module(
    cells: Sequence[_Cell], parses: Callable[[list[str]], bool], version: tuple[int, ...] = ()
) -> Notebook:
    """Return the code of cells; ``parses`` is whether the lines of a cell are Python."""
    module: list[str] = []
    places: list[CellLine] = []
    written: dict[str, Written] = {}
    commands: list[Command] = []
    for cell in cells:
        lines, columns = _lines(cell)
        if not lines:
            continue
        source = "\n".join(text for text, _ in lines)
        found = _WRITEFILE.match(source.lstrip())
        if found:
            head = source[: len(source) - len(source.lstrip())].count("\n") + 1
            if found[1]:
                written.pop(found[2], None)  # a part of a file is not the file
            else:
                written[found[2]] = Written("\n".join(t for t, _ in lines[head:]), len(module) + head)
        python = _python(source, commands, len(module) + 1, parses)
        for number, (one, (_, at), column) in enumerate(zip(python, lines, columns, strict=True), 1):
            module.append(one)
            places.append(CellLine(cell.number, number, at, column))
    return Notebook("\n".join(module) + "\n", tuple(places), written, tuple(commands), version)


def _is_of_cells(notebook: Notebook) -> bool:
    """Return whether the module parses, and each of its statements is in one cell: then each cell parses alone."""
    if notebook.tree is None or "\r" in notebook.text:  # the one other end of a line would shift the numbers
        return False
    lines = notebook.text.split("\n")
    at = 0
    for statement in notebook.tree.body:
        first = min(one.lineno for one in (statement, *getattr(statement, "decorator_list", ())))
        last = statement.end_lineno or first
        if notebook.lines[first - 1].cell != notebook.lines[last - 1].cell:
            return False
        if not all(map(_is_blank, lines[at : first - 1])):  # a bracket of a decorator, a continued line
            return False
        at = max(at, last)
    return all(map(_is_blank, lines[at:]))


def _is_blank(line: str) -> bool:
    """Return whether a line holds nothing but a comment."""
    return line.lstrip()[:1] in ("", "#")


def columns_in_json(line: str, column: int, lines_before: int) -> list[int]:
    """Return the columns, from 1, of the characters of a source line in a JSON string.

    The string begins at ``column`` of a line of the file, and holds ``lines_before`` source lines before this one.
    The last column is that of the end: the quote, or the escaped end of the line.
    """
    found: list[int] = []
    at = column  # the character after the quote, counted from 0
    while at < len(line) and line[at] != '"':
        length = _length(line, at)
        if line.startswith("\\n", at):
            if not lines_before:
                break
            lines_before -= 1
        elif not lines_before:
            found.append(at + 1)
        at += length
    return [*found, at + 1] if not lines_before else []


def _length(line: str, at: int) -> int:
    """Return the length of one written character of a JSON string; two escapes may be one character."""
    if line[at] != "\\":
        return 1
    if not line.startswith("\\u", at):
        return 2
    return 12 if _SURROGATES.match(line, at) else 6


def in_json(words: str) -> str:
    """Return words as they are written within a JSON string."""
    return json.dumps(words, ensure_ascii=False)[1:-1]


def _code_cells(text: str) -> tuple[list[_Cell], tuple[int, ...]]:
    """Return the code cells with their source strings and the strings' places, and the version of Python.

    Each value is decoded once: notebooks hold images.
    """
    first = _next(text, 0)
    if text[first] != "{":
        raise ValueError("no object")
    cells: list[_Cell] = []
    python: list[int] = []
    reader = _CellReader(text, cells)

    def read(key: str, at: int) -> int:
        if key == "cells":
            return _read_elements(text, at, reader.cell)
        if key != "metadata":
            return -1
        metadata, end = _DECODER.raw_decode(text, at)
        python[:] = _version_in(metadata)
        return end

    _read_members(text, first, read)
    return cells, tuple(python)


def _version_in(metadata: object) -> list[int]:
    """Return the version of Python in the metadata of a notebook; empty if there is none."""
    language = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = language.get("version") if isinstance(language, dict) else None
    found = _PYTHON_VERSION.match(version) if isinstance(version, str) else None
    return [int(found[1]), int(found[2])] if found is not None else []


class _CellReader:
    """Reads the cells of a notebook into a list."""

    def __init__(self, text: str, cells: list[_Cell]) -> None:
        self._text = text
        self._cells = cells
        self._counter = _Counter(text)
        self._number = 0
        self._kind: object = ""
        self._sources: list[_Source] = []

    def cell(self, start: int) -> int:
        """Read the cell at an offset; return the offset after it, -1 if it is no object."""
        self._number += 1
        self._kind, self._sources = "", []
        end = _read_members(self._text, start, self._member)
        if self._kind == "code":
            self._cells.append(_Cell(self._number, self._sources))
        return end

    def _member(self, name: str, at: int) -> int:
        if name == "cell_type":
            self._kind, at = _DECODER.raw_decode(self._text, at)
            return at
        if name != "source":
            return -1
        self._sources = []
        end = _read_elements(self._text, at, self._source)
        return self._source(at) if end < 0 else end

    def _source(self, at: int) -> int:
        source, end = self._counter.source(at)
        self._sources.append(source)
        return end


class _Counter:
    """Counts lines in one pass over a string."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._line_start = 0
        self._at = 0

    def source(self, start: int) -> tuple[_Source, int]:
        """Return the string at an offset with its place, and the offset after it."""
        try:
            value, end = _DECODER.scan_once(self._text, start)  # type: ignore[attr-defined]
        except StopIteration:
            value, end = _DECODER.raw_decode(self._text, start)  # raises the error of no value
        if not isinstance(value, str):
            raise ValueError("a source that is no text")
        breaks = self._text.count("\n", self._at, start)
        if breaks:
            self._line += breaks
            self._line_start = self._text.rfind("\n", self._at, start) + 1
        self._at = start
        return _Source(value, self._line, start - self._line_start + 1), end


def _next(text: str, at: int) -> int:
    """Return the offset of the next character that is no space."""
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()


def _read_members(text: str, start: int, read: Callable[[str, int], int]) -> int:
    """Call ``read`` with each key of a JSON object and the offset of its value; return the offset after the object.

    Return -1 if there is no object. ``read`` returns the offset after the value, or -1 if it has not read the value.
    """
    if text[start] != "{":
        return -1
    at = _next(text, start + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _next(text, at)
        if text[at] != ":":
            raise ValueError("no JSON")
        at = _next(text, at + 1)
        end = read(key, at)
        at = _after(text, _DECODER.raw_decode(text, at)[1] if end < 0 else end, "}")
    return at + 1


def _read_elements(text: str, start: int, read: Callable[[int], int]) -> int:
    """Call ``read`` with the offset of each element of a JSON list; return the offset after the list.

    Return -1 if there is no list; ``read`` is as above.
    """
    if text[start] != "[":
        return -1
    at = _next(text, start + 1)
    while text[at] != "]":
        end = read(at)
        at = _after(text, _DECODER.raw_decode(text, at)[1] if end < 0 else end, "]")
    return at + 1


def _after(text: str, at: int, close: str) -> int:
    """Return the offset of the next element after the one that ends at ``at``, or of the closing bracket."""
    found = _AFTER[close].match(text, at)
    if found is not None:
        return found.end()
    _ = text[_next(text, at)]  # an IndexError at the end of the text
    raise ValueError("no JSON")


def _lines(cell: _Cell) -> tuple[list[tuple[str, int]], list[int]]:
    """Return the lines of a cell, each with its line in the file, and their columns there."""
    pieces: list[list[str]] = []
    places: list[int] = []
    columns: list[int] = []
    continued = False
    for text, line, column in cell.sources:
        parts = text.split("\n")
        for index, part in enumerate(parts):
            if index == len(parts) - 1 and part == "" and len(parts) > 1:
                break
            if index == 0 and continued:
                pieces[-1].append(part)
            else:
                pieces.append([part.replace("\r", "").replace("\f", " ")])
                places.append(line)
                columns.append(column)
        continued = not text.endswith("\n")
    return [("".join(parts), line) for parts, line in zip(pieces, places, strict=True)], columns


def _python(
    source: str, commands: list[Command], first: int, parses: Callable[[list[str]], bool]
) -> list[str]:
    """Return the lines of a cell as Python, one for each line of the cell; ``first`` is the first one's number."""
    lines = source.split("\n")
    if not source.strip():
        return lines
    head = next((number for number, one in enumerate(lines) if one.strip()), 0)
    if lines[head].lstrip().startswith("%%"):
        magic = lines[head].lstrip()[2:].partition(" ")[0].strip()
        if magic not in _PYTHON_MAGICS:
            commands.append(Command(source, first))
            return [""] * len(lines)
        lines[head] = ""
    if parses(lines):
        return lines
    plain = _without_shell(lines, commands, first)
    if parses(plain):
        return plain
    commands.append(Command(source, first))
    names = dict.fromkeys(_BOUND.findall(source))
    unknown = "".join(f"{name} = " for name in names if name.isidentifier()) + _UNKNOWN if names else ""
    replaced = [unknown] + [""] * (len(lines) - 1)
    return replaced if _parses(replaced) else [""] * len(lines)


def _without_shell(lines: list[str], commands: list[Command], first: int) -> list[str]:
    """Return the lines of a cell with shell lines replaced by statements that bind the same names."""
    found: list[str] = []
    goes_on = False
    for number, line in enumerate(lines, first):
        indentation = line[: len(line) - len(line.lstrip())]
        if goes_on:
            commands[-1] = commands[-1]._replace(text=f"{commands[-1].text}\n{line}")
            found.append("")
            goes_on = line.rstrip().endswith("\\")
            continue
        assigned = _ASSIGNED_SHELL.match(line)
        if assigned:
            found.append(f"{assigned[1]}{assigned[2].rstrip()} = {_UNKNOWN}")
        elif _SHELL.match(line):
            found.append(f"{indentation}{_interpolated(line)}")
        else:
            found.append(line)
            continue
        commands.append(Command(line, number))
        goes_on = line.rstrip().endswith("\\")
    return found


def _interpolated(line: str) -> str:
    """Return a statement that reads the names that IPython inserts into a shell line: ``{name}`` and ``$name``."""
    names = [a or b for a, b in _INTERPOLATED.findall(line)]
    return ", ".join(dict.fromkeys(name for name in names if not iskeyword(name))) or "pass"


def _seems_python(lines: list[str]) -> bool:
    """Return whether the lines of a cell parse; True too if the parse of the whole module is going to show it."""
    shell = [line for line in lines if "%" in line or "!" in line or "?" in line]
    unsure = any(_SHELL.match(line) or _ASSIGNED_SHELL.match(line) for line in shell)
    # a line that is continued by the end of the cell
    unsure = unsure or next((line for line in reversed(lines) if line.strip()), "").rstrip().endswith("\\")
    return not unsure or _parses(lines)


def _parses(lines: list[str]) -> bool:
    try:
        with without_warnings():
            ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
