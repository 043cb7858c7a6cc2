"""Lines of a ``requirements.txt``: the packages that they name, and the lines that pip cannot install.

Sources: PEP 508 (names, extras, markers), PEP 440 (versions), pip 24.3 ``req/req_file.py`` (comments, continuations,
options, variables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_training.record import Record

_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_ONE = r"(?:===|~=|==|!=|<=|>=|<|>)\s*[^\s,;()<>=!~]+"
_CLAUSE = re.compile(r"(===|~=|==|!=|<=|>=|<|>)\s*([^\s,;()<>=!~]+)")
_LINE = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\[[A-Za-z0-9._,\s-]*\])?\s*"
    rf"(?P<versions>\(?\s*(?:{_ONE}(?:\s*,\s*{_ONE})*\s*,?)?\s*\)?)\s*"
    r"(?:;.*)?(?:\s--?[a-z].*)?"
)
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
        found = _LINE.fullmatch(line)
        if found is None or not _are_versions(found["versions"]):
            wrong.append((number, line))
        else:
            names.append(found["name"])
    return Requirements(tuple(names), is_open or bool(wrong), tuple(wrong))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers, without comments, continued lines joined."""
    joined, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first or number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            joined += line[:-1]
            continue
        whole = _COMMENT.sub("", joined + line).strip()
        if whole:
            yield first, whole
        joined, first = "", 0


def _are_versions(text: str) -> bool:
    """Return whether every version that has to match exactly is one; ``==1.*`` is.

    pip before 24.1 compares any other word too (``>=9.0t``), and so does ``===``.
    """
    for operator, version in _CLAUSE.findall(text):
        if operator not in ("==", "~="):
            continue
        if version.endswith(".*") and operator == "==":
            version = version[:-2]
        if _VERSION.fullmatch(version) is None:
            return False
    return True
