"""Lines of a ``requirements.txt``: the packages that they name, and the lines that pip cannot install.

Sources: PEP 508 (names, extras, markers), PEP 440 (versions), pip 24.3 ``req/req_file.py`` (comments, continuations,
options, variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_training.record import Record

_COMMENT = re.compile(r"(?:^|\s)#")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")
_VERSION = re.compile(
    r"v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?",
    re.IGNORECASE,
)
_ELSEWHERE = ("://", "/", "\\", "$", "@", ".whl", ".tar.gz", ".zip")
"""Parts of lines that name a place, a file or a variable instead of a package of the index."""


class Requirements(Record):
    """The lines of one file.

    ``names`` are the packages as written; ``open``: there may be others; ``wrong`` maps line numbers to lines that pip
    rejects.
    """

    names: tuple[str, ...]
    open: bool
    wrong: tuple[tuple[int, str], ...]


def read_requirements(data: bytes) -> Requirements:
    """Return the packages and the wrong lines of a file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Requirements((), True, ())
    names: list[str] = []
    wrong: list[tuple[int, str]] = []
    is_open = False
    for number, line in _lines(text):
        if line.startswith("-") or any(part in line.partition(";")[0] for part in _ELSEWHERE):
            is_open = True
            continue
        name = _package(line)
        if name is None:
            wrong.append((number, line))
        else:
            names.append(name)
    return Requirements(tuple(names), is_open or bool(wrong), tuple(wrong))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, without comments, continued lines joined."""
    joined, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            joined += line[:-1]
            continue
        whole = joined + line
        comment = _COMMENT.search(whole)
        whole = (whole[: comment.start()] if comment is not None else whole).strip()
        if whole:
            yield first, whole
        joined, first = "", 0


def _package(line: str) -> str | None:
    """Return the package that a line requires; None if pip rejects the line."""
    found = _NAME.match(line)
    if found is None:
        return None
    rest = line[found.end() :].partition(";")[0].partition(" --")[0].strip()
    if rest.startswith("["):
        extras, bracket, rest = rest[1:].partition("]")
        if not bracket or any(operator in extras for operator in _OPERATORS):
            return None
        rest = rest.strip()
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
    clauses = rest.rstrip(",").split(",") if rest else []
    return found[0] if all(_is_clause(clause.strip()) for clause in clauses) else None


def _is_clause(text: str) -> bool:
    """Return whether a text is an operator and a version; ``==1.*`` is.

    pip before 24.1 compares any other word too (``>=9.0t``), and so does ``===``: only versions that have to match
    exactly are judged.
    """
    operator = next((one for one in _OPERATORS if text.startswith(one)), None)
    if operator is None:
        return False
    version = text[len(operator) :].strip()
    if not version or any(one.isspace() or one in "<>=!~()" for one in version):
        return False
    if operator not in ("==", "~="):
        return True
    if version.endswith(".*") and operator == "==":
        version = version[:-2]
    return _VERSION.fullmatch(version) is not None
