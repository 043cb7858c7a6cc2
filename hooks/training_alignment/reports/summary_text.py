"""The last line of a check for a person at a terminal: what was checked, and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flake8_training.finding import Finding, Severity

if TYPE_CHECKING:
    from training_alignment.checking.selection import Checked


def summary_text(findings: Sequence[Finding], checked: Checked | None) -> str:
    """Return one line such as ``2 launchers, 1 step, 7 files: 3 errors, 1 warning``.

    ``checked`` is None if none of the requested files could be part of a step or a launcher.
    """
    counts = Counter(finding.severity for finding in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "advice"}
    found = [
        f"{counts[severity]} {word}" if severity is Severity.ADVICE else _counted(counts[severity], word)
        for severity, word in words.items()
        if counts[severity]
    ]
    result = ", ".join(found) or "nothing found"
    if checked is None or not (checked.launchers or checked.steps):
        return f"no launcher and no step: {result}"
    parts = [
        _counted(number, word)
        for number, word in (
            (checked.launchers, "launcher"),
            (checked.steps, "step"),
            (checked.files, "file"),
        )
        if number
    ]
    return f"{', '.join(parts)}: {result}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
