"""Findings as lines of text, in the format that flake8 and editors use."""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding
from flake8_training.printable import printable


def findings_text(findings: Sequence[Finding]) -> str:
    """Return a line for each finding, ``path:line:column: code message``, with the related places indented below."""
    lines: list[str] = []
    for finding in findings:
        path = printable(finding.path)
        lines.append(f"{path}:{finding.line}:{finding.column}: {finding.code} {finding.message}")
        lines.extend(
            f"    {printable(other.path)} line {other.line}: {other.message}" for other in finding.related
        )
    return "\n".join(lines)
