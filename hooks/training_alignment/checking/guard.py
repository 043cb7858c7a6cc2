"""Guard around one question, so that a failure of the reader costs only that question."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.checker import internal_error
from flake8_training.finding import Finding


def guarded(path: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings; an exception ends them with a finding of the error in the file at ``path``."""
    try:
        yield from findings
    except Exception as error:
        yield internal_error(path, "the reader", error)
