"""Findings as lines of text, in the form that flake8 and editors know."""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding
from flake8_training.printable import printable


def findings_text(findings: Sequence[Finding]) -> str:
    """Return one line a finding, ``path:line:column: code message``, the other side of it indented below."""
    lines: list[str] = []
    for finding in findings:
        path = printable(finding.path)
        lines.append(f"{path}:{finding.line}:{finding.column}: {finding.code} {finding.message}")
        lines.extend(
            f"    {printable(other.path)} line {other.line}: {other.message}" for other in finding.related
        )
    return "\n".join(lines)
