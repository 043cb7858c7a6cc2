"""The number of findings of each code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flake8_training.finding import Finding
from training_alignment.reports.screen import columns, screen


def statistics_text(findings: Sequence[Finding]) -> str:
    """Return a line for each code, the most frequent first: the number, the code, the clause of its first message."""
    counts = Counter(finding.code for finding in findings)
    messages: dict[str, str] = {}
    for finding in findings:
        messages.setdefault(finding.code, finding.message.partition(": ")[0])
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = max((len(str(count)) for count in counts.values()), default=0)
    return (
        screen(columns((str(count).rjust(width), code, messages[code]) for code, count in rows))
        if rows
        else ""
    )
