"""Findings in reviewdog's diagnostic format, which reviewdog posts as comments on a review.

Source: reviewdog, proto/rdf/reviewdog.proto. Columns count bytes in UTF-8 from 1, and the end is exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence

from flake8_training.finding import Finding, Severity
from flake8_training.project_links import REPOSITORY, rule_page
from training_alignment.reports.json_text import json_text
from training_alignment.reports.places import Sources

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.ADVICE: "INFO"}


def findings_rdjson(findings: Sequence[Finding], sources: Sources) -> str:
    """Return the findings as one diagnostic result."""
    return json_text(
        {
            "source": {"name": "training-alignment", "url": REPOSITORY},
            "diagnostics": [_diagnostic(finding, sources) for finding in findings],
        }
    )


def _diagnostic(finding: Finding, sources: Sources) -> dict[str, object]:
    diagnostic: dict[str, object] = {
        "message": finding.message,
        "location": {"path": finding.path, "range": _range(finding, sources)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code, "url": rule_page(finding.code)},
    }
    if finding.related:
        diagnostic["related_locations"] = [
            {
                "message": other.message,
                "location": {"path": other.path, "range": {"start": {"line": other.line}}},
            }
            for other in finding.related
        ]
    return diagnostic


def _range(finding: Finding, sources: Sources) -> dict[str, object]:
    line = sources.line(finding.path, finding.line)

    def position(column: int) -> dict[str, int]:
        before = line[: column - 1].encode("utf-8", "surrogatepass")
        return {"line": finding.line, "column": len(before) + 1}

    end = sources.end(finding.path, finding.line, finding.column)
    if end is None:
        return {"start": {"line": finding.line}}
    return {"start": position(finding.column), "end": position(end)}
