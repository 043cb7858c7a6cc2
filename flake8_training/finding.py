"""Findings: one record for flake8, the commit hook and every report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from flake8_training.fix import Fix, moved_fix
from flake8_training.printable import printable
from flake8_training.record import Record, replace


class Severity(StrEnum):
    """The weight of a finding: an error fails the job, a warning may fail it, an advice is a habit."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Related(Record):
    """The other side of a mismatch: a place and its content. ``message`` is made safe to print."""

    path: str
    line: int
    message: str

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(path, line, printable(message))

    def __lt__(self, other: Related) -> bool:
        """Order by place."""
        return (self.path, self.line, self.message) < (other.path, other.line, other.message)


class Finding(Record, apart=("cause", "fix")):
    """One finding; findings sort by place.

    * ``line``, ``column``: count from 1.
    * ``level``: 1 to 4, or 0 for a problem of the checking itself.
    * ``step``: the name of the step it belongs to; empty if only one file was checked.
    * ``message``: one line: the rule's fixed summary, then the detail. The constructor makes it safe to print.
    * ``path``, ``step``: not escaped; each report encodes them for its format.
    * ``cause``: a key that findings of one cause share, for example the channels of one job; empty for most. It is no
      part of the report and is not compared.
    * ``fix``: the edits that remove the finding, or None. It is not compared either.
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
    cause: str = ""
    fix: Fix | None = None

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
        cause: str = "",
        fix: Fix | None = None,
    ) -> None:
        super().__init__(
            code, severity, level, step, path, line, column, printable(message), related, cause, fix
        )

    def __lt__(self, other: Finding) -> bool:
        """Order by file, then by place in it, then by code: the order of every report."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        return (self.path, self.line, self.column, self.code, self.message, self.step, self.related)


def with_paths(findings: Iterable[Finding], path: Callable[[str], str]) -> list[Finding]:
    """Return the findings with converted paths, those of their related places and fixes too."""
    return [
        replace(
            finding,
            path=path(finding.path),
            related=tuple(replace(other, path=path(other.path)) for other in finding.related),
            fix=moved_fix(finding.fix, path),
        )
        for finding in findings
    ]
