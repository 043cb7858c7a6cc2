"""Guard around one question, so that a failure of the reader costs only that question."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding
from flake8_training.rules.trn001_internal_error import InternalError


def guarded(path: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings; an exception ends them with a finding of the error in the file at ``path``."""
    try:
        yield from findings
    except Exception as error:
        yield InternalError().report(path, "the reader", error)
