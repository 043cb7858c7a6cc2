"""Findings as JSON: a list of objects, lines and columns from 1."""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding
from training_alignment.reports.json_text import json_text


def findings_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON list."""
    return json_text([finding_data(finding) for finding in findings])


def finding_data(finding: Finding) -> dict[str, object]:
    """Return one finding as plain data."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "level": finding.level,
        "step": finding.step,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "related": [
            {"path": other.path, "line": other.line, "message": other.message} for other in finding.related
        ],
    }
