"""Findings as commands of a GitHub workflow, which shows them on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding, Severity
from flake8_training.printable import escaped

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def findings_github(findings: Sequence[Finding]) -> str:
    """Return one workflow command a finding."""
    return "\n".join(
        f"::{_COMMANDS[finding.severity]} file={_property(finding.path)},line={finding.line},col={finding.column}"
        f",title={finding.code}::{_text(finding.message)}"
        for finding in findings
    )


def _text(text: str) -> str:
    """A text as the data of a command: line breaks have a form of their own there."""
    return escaped(_encoded(text))


def _encoded(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
