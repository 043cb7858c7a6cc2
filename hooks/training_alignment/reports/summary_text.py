"""The last line of a check for a person at a terminal: what was checked, and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flake8_training.finding import Finding, Severity


def summary_text(findings: Sequence[Finding], launchers: int = 0, steps: int = 0, files: int = 0) -> str:
    """Return one line such as ``2 launchers, 1 step, 7 files: 3 errors, 1 warning``.

    ``launchers``, ``steps`` and ``files`` are the numbers that the check covered.
    """
    counts = Counter(finding.severity for finding in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "advice"}
    found = [
        f"{counts[severity]} {word}" if severity is Severity.ADVICE else _counted(counts[severity], word)
        for severity, word in words.items()
        if counts[severity]
    ]
    result = ", ".join(found) or "nothing found"
    if not (launchers or steps):
        return f"no launcher and no step: {result}"
    parts = [
        _counted(number, word)
        for number, word in (
            (launchers, "launcher"),
            (steps, "step"),
            (files, "file"),
        )
        if number
    ]
    return f"{', '.join(parts)}: {result}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
