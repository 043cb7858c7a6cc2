"""Lines of source around a place, with the names that a finding is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from flake8_training.finding import Finding
from flake8_training.pattern import pattern
from flake8_training.printable import escaped
from training_alignment.reports.places import Sources

AROUND: Final = 3
"""The number of lines before and behind the place."""
MAX_LINE: Final = 300
MAX_SIDES: Final = 5
"""The most places of one finding that the page shows with their source."""

_WORD = pattern(r"[\w./:-]+")
_ENDS = ".:/-"
_QUOTED = pattern(r"""(?P<quote>["'])(?P<text>[^"'\\]{1,80})(?P=quote)""")


def excerpts(finding: Finding, sources: Sources) -> list[dict[str, object]]:
    """Return the sides of a finding as plain data: its own place, then the related places.

    ``marks`` holds the first and last column (from 0, the last one excluded) of the names to mark in the line.
    """
    words = set(_words([finding.message, *(other.message for other in finding.related)]))
    end = sources.end(finding.path, finding.line, finding.column)
    own = [(finding.column - 1, end - 1)] if end is not None else []
    line = sources.line(finding.path, finding.line)
    if own and line[slice(*own[0])].strip("\"'") not in words:
        # the beginning of an expression, of which the message names a part
        own = [mark for mark in _marks(line, words) if mark[0] >= own[0][0]] or own
    sides = [_side(finding.path, finding.line, "", own, sources)]
    for other in finding.related[: MAX_SIDES - 1]:
        line = sources.line(other.path, other.line)
        marks = list(_marks(line, words))
        sides.append(_side(other.path, other.line, other.message, marks, sources))
    return sides


def _side(
    path: str, line: int, message: str, marks: Iterable[tuple[int, int]], sources: Sources
) -> dict[str, object]:
    lines = sources.lines(path)
    first = max(line - AROUND, 1)
    shown = [_shown(one) for one in lines[first - 1 : line + AROUND]]
    return {
        "path": escaped(path),
        "line": line,
        "message": message,
        "first": first,
        "lines": shown,
        "marks": [list(mark) for mark in marks if mark[1] <= MAX_LINE],
    }


def _shown(line: str) -> str:
    # An escape would move the columns, so that each character has one in its place.
    plain = "".join(
        one if one.isprintable() or one == "\t" else "\N{REPLACEMENT CHARACTER}"
        for one in line.rstrip("\r\n")
    )
    return plain[:MAX_LINE].replace("\t", " ")


def _words(messages: Iterable[str]) -> Iterator[str]:
    """Yield the words of messages that may be names of the source."""
    for message in messages:
        for found in _WORD.finditer(message):
            word = found[0].rstrip(_ENDS)
            if word:
                yield word
                yield word.lstrip(_ENDS)


def _marks(line: str, words: set[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of the words in a line: in quotes, or as names with more than plain letters."""
    taken: list[tuple[int, int]] = []
    for found in _QUOTED.finditer(line):
        if found["text"] in words or found["text"].lstrip(_ENDS) in words:
            taken.append(found.span("text"))
    for found in _WORD.finditer(line):
        word = found[0].rstrip(_ENDS)
        start, end = found.start(), found.start() + len(word)
        is_name = re.search(r"[^a-z]", word) is not None
        if is_name and word in words and not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
    yield from sorted(taken)
