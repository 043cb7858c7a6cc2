"""Lines of a ``requirements.txt``: the packages that they name, and the lines that pip cannot install.

Sources: PEP 508 (names, extras, markers), PEP 440 (versions), pip 24.3 ``req/req_file.py`` (comments, continuations,
options, variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flake8_training.libraries.distributions import normal, not_on_pypi
from flake8_training.pattern import pattern
from flake8_training.record import Record

_COMMENT = pattern(r"(?:^|\s)#")
_NAME = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")
_VERSION = pattern(
    r"v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?",
    re.IGNORECASE,
)
_SETTINGS = (
    *(
        "--index-url",
        "--extra-index-url",
        "-i ",
        "-f ",
        "--find-links",
        "--no-index",
        "--trusted-host",
        "--pre",
    ),
    *(
        "--no-binary",
        "--only-binary",
        "--prefer-binary",
        "--use-feature",
        "--require-hashes",
        "--no-cache-dir",
    ),
)
"""The options of lines that name no package: where pip looks, and for which files."""
_INDEXES = ("--index-url", "--extra-index-url", "-i ", "-f ", "--find-links", "--no-index")
"""Those of them with which pip looks elsewhere than on PyPI."""
_ELSEWHERE = ("://", "/", "\\", "$", "@", ".whl", ".tar.gz", ".zip")
"""Parts of lines that name a place, a file or a variable instead of a package of the index."""


class Requirements(Record):
    """The lines of one file.

    ``required`` are the packages as written, each with the clauses of its versions; ``open``: there may be others;
    ``wrong`` maps line numbers to lines that pip rejects; ``pins`` maps each package to the version that ``==`` sets,
    or to None; ``absent`` has, unless the file names an index, the lines of packages that PyPI does not have, with the
    reason and the package that is meant, or empty.
    """

    required: tuple[tuple[str, tuple[str, ...]], ...]
    open: bool
    wrong: tuple[tuple[int, str], ...]
    pins: Mapping[str, str | None]
    absent: tuple[tuple[int, str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The packages as written."""
        return tuple(name for name, _ in self.required)


def read_requirements(data: bytes) -> Requirements:
    """Return the packages and the wrong lines of a file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Requirements((), True, (), {})
    found: list[tuple[str, tuple[str, ...]]] = []
    pins: dict[str, str | None] = {}
    wrong: list[tuple[int, str]] = []
    absent: list[tuple[int, str, str]] = []
    is_open = has_own_index = False
    for number, line in _lines(text):
        if line.startswith(_SETTINGS):
            has_own_index = has_own_index or line.startswith(_INDEXES)
            continue
        if line.startswith("-") or any(part in line.partition(";")[0] for part in _ELSEWHERE):
            is_open = True
            continue
        required = requirement(line)
        if required is None:
            wrong.append((number, line))
        else:
            name, clauses = required
            found.append(required)
            pins[normal(name)] = _pin(line, clauses) if normal(name) not in pins else None
            why = not_on_pypi(name, clauses) if ";" not in line else None
            absent += [(number, *why)] if why is not None else []
    return Requirements(
        tuple(found), is_open or bool(wrong), tuple(wrong), pins, () if has_own_index else tuple(absent)
    )


def _pin(line: str, clauses: tuple[str, ...]) -> str | None:
    """Return the version that a line sets on every machine; None for a range, another version or a marker."""
    version = clauses[0][2:].strip() if len(clauses) == 1 and clauses[0].startswith("==") else ""
    return version if ";" not in line and _VERSION.fullmatch(version) else None


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


def requirement(line: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the package that a line requires and its clauses of versions; None if pip rejects the line."""
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
    clauses = tuple(clause.strip() for clause in rest.rstrip(",").split(",")) if rest else ()
    return (found[0], clauses) if all(map(_is_clause, clauses)) else None


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
