"""Findings as GitHub workflow commands, shown on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flake8_training.finding import Finding, Severity
from flake8_training.printable import escaped, printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def findings_github(findings: Sequence[Finding]) -> str:
    """Return one workflow command for each finding, with a line of its annotation for each related place."""
    return "\n".join(
        f"::{_COMMANDS[finding.severity]} file={_property(finding.path)},line={finding.line},col={finding.column}"
        f",title={finding.code}::{'%0A'.join(map(_data, _lines(finding)))}"
        for finding in findings
    )


def _lines(finding: Finding) -> Iterator[str]:
    yield finding.message
    for other in finding.related:
        yield f"{printable(other.path)} line {other.line}: {other.message}"


def _data(value: str) -> str:
    """Return a string escaped as the data of a workflow command, with line breaks encoded."""
    return escaped(_encoded(value))


def _encoded(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
