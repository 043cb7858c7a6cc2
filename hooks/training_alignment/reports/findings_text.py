"""Findings as lines of text, in the format that flake8 and editors use."""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding, Severity
from flake8_training.printable import printable

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.ADVICE: "36"}
"""The parameters of the terminal's colour sequence (ECMA-48, SGR) for each severity: red, yellow, cyan."""


def findings_text(findings: Sequence[Finding], coloured: bool = False) -> str:
    """Return a line for each finding, ``path:line:column: code severity: message``.

    The related places are indented below. ``coloured`` adds colour sequences for a terminal.
    """
    lines: list[str] = []
    for finding in findings:
        place = f"{printable(finding.path)}:{finding.line}:{finding.column}:"
        code, severity = finding.code, f"{finding.severity}:"
        if coloured:
            place = _painted(place, "1")
            code, severity = (_painted(word, _COLOURS[finding.severity]) for word in (code, severity))
        lines.append(f"{place} {code} {severity} {finding.message}")
        lines.extend(
            f"    {printable(other.path)} line {other.line}: {other.message}" for other in finding.related
        )
    return "\n".join(lines)


def _painted(string: str, parameters: str) -> str:
    return f"\x1b[{parameters}m{string}\x1b[0m"
