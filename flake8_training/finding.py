"""What a rule finds: one record for flake8, the commit hook and every report."""

from __future__ import annotations

import re
from enum import StrEnum

from flake8_training.record import Record

# Editors cut a line of output at "path:line:column: code", greedily: the last such place in the line wins.
_COLON_BEFORE_COLON = re.compile(r":(?=\d*:)")


class Severity(StrEnum):
    """How much a finding weighs: an error fails the job, a warning may, an advice is a matter of taste."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Related(Record):
    """The other side of a disagreement: a place and what stands there."""

    path: str
    line: int
    message: str

    def __lt__(self, other: Related) -> bool:
        """Order by place."""
        return (self.path, self.line, self.message) < (other.path, other.line, other.message)


class Finding(Record):
    """One finding; findings sort by place.

    ``line`` and ``column`` count from 1. ``level`` is 1 to 4, 0 for what is wrong with the checking itself.
    ``step`` is the name of the step it belongs to, empty where only one file was looked at. ``message`` is one
    line: the rule's fixed summary, then the detail.
    """

    code: str
    severity: Severity
    level: int
    step: str
    path: str
    line: int
    column: int
    message: str
    related: tuple[Related, ...] = ()

    def __lt__(self, other: Finding) -> bool:
        """Order by file, then by place in it, then by code: the order of every report."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return (self.path, self.line, self.column, self.code, self.message, self.step, self.related)


def one_line(text: str) -> str:
    """Return ``text`` as one line that no editor mistakes for a place: no line break, no ``::``, no ``:12:4:``."""
    return _COLON_BEFORE_COLON.sub(": ", " ".join(text.split()))


def character_column(line: str, byte_offset: int) -> int:
    """Return the column, from 1 and in characters, of an ast ``col_offset``, which counts UTF-8 bytes from 0."""
    if line.isascii():
        return byte_offset + 1
    return len(line.encode()[:byte_offset].decode(errors="ignore")) + 1
