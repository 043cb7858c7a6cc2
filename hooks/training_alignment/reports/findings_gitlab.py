"""Findings as a GitLab code quality report, which merge requests show beside the changed lines.

Source: GitLab, "Code Quality", "Code Quality report format": a subset of Code Climate's issues.
"""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding, Severity
from flake8_training.project_links import rule_page
from training_alignment.reports.json_text import json_text
from training_alignment.reports.places import fingerprints

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.ADVICE: "info"}


def findings_gitlab(findings: Sequence[Finding]) -> str:
    """Return the findings as a list of issues; their paths are relative to the top of the repository."""
    return json_text(
        [
            _issue(finding, fingerprint)
            for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
        ]
    )


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    issue: dict[str, object] = {
        "type": "issue",
        "check_name": finding.code,
        "description": f"{finding.code} {finding.message}",
        "categories": ["Bug Risk"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": fingerprint,
        "location": _location(finding.path, finding.line),
        "content": {"body": "\n".join(_body(finding))},
    }
    if finding.related:
        issue["other_locations"] = [_location(other.path, other.line) for other in finding.related]
    return issue


def _body(finding: Finding) -> list[str]:
    return [
        *(f"{other.path} line {other.line}: {other.message}" for other in finding.related),
        rule_page(finding.code),
    ]


def _location(path: str, line: int) -> dict[str, object]:
    return {"path": path.replace("\\", "/"), "lines": {"begin": line, "end": line}}
