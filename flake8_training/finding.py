"""What a rule finds: one record for flake8, the commit hook and every report."""

from __future__ import annotations

from enum import StrEnum

from flake8_training.printable import printable
from flake8_training.record import Record


class Severity(StrEnum):
    """How much a finding weighs: an error fails the job, a warning may, an advice is a matter of taste."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Related(Record):
    """The other side of a disagreement: a place and what stands there. ``message`` is made safe to print."""

    path: str
    line: int
    message: str

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(path, line, printable(message))

    def __lt__(self, other: Related) -> bool:
        """Order by place."""
        return (self.path, self.line, self.message) < (other.path, other.line, other.message)


class Finding(Record):
    """One finding; findings sort by place.

    ``line`` and ``column`` count from 1. ``level`` is 1 to 4, 0 for what is wrong with the checking itself.
    ``step`` is the name of the step it belongs to, empty where only one file was looked at. ``message`` is one
    line: the rule's fixed summary, then the detail; here it is made safe to print, whatever rule it comes from.
    ``path`` and ``step`` are as they are: a report encodes them as its format wants.
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

    def __init__(
        self,
        code: str,
        severity: Severity,
        level: int,
        step: str,
        path: str,
        line: int,
        column: int,
        message: str,
        related: tuple[Related, ...] = (),
    ) -> None:
        super().__init__(code, severity, level, step, path, line, column, printable(message), related)

    def __lt__(self, other: Finding) -> bool:
        """Order by file, then by place in it, then by code: the order of every report."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return (self.path, self.line, self.column, self.code, self.message, self.step, self.related)


def character_column(line: str, byte_offset: int) -> int:
    """Return the column, from 1 and in characters, of an ast ``col_offset``, which counts UTF-8 bytes from 0."""
    if line.isascii():
        return byte_offset + 1
    return len(line.encode()[:byte_offset].decode(errors="ignore")) + 1
