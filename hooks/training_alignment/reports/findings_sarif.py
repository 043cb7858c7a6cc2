"""Findings as SARIF 2.1.0, which code hosts show beside the code.

Source: OASIS, sarif-schema-2.1.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flake8_training import __version__
from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix
from flake8_training.rules.rule import Rule
from training_alignment.reports.json_text import json_text

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def findings_sarif(findings: Sequence[Finding], rules: Sequence[Rule[Any]]) -> str:
    """Return the findings as one SARIF run; ``rules`` are the rules that ran, each with its description."""
    index = {rule.code: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "flake8-training",
                "version": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index) for finding in findings],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule[Any]) -> dict[str, object]:
    return {
        "id": rule.code,
        "name": type(rule).__name__,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(rule.why.split())},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: dict[str, int]) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [_location(finding.path, finding.line, finding.column)],
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {**_location(other.path, other.line), "message": _message(other.message)}
            for other in finding.related
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    if finding.step:
        result["properties"] = {"step": finding.step}
    return result


def _fix(fix: Fix) -> dict[str, object]:
    """Return a fix object; SARIF has no place for the applicability but the description."""
    changes: dict[str, list[dict[str, object]]] = {}
    for edit in fix.edits:
        region = {
            "startLine": edit.line,
            "startColumn": edit.column,
            "endLine": edit.end_line,
            "endColumn": edit.end_column,
        }
        changes.setdefault(edit.path, []).append(
            {"deletedRegion": region, "insertedContent": {"text": edit.new}}
        )
    return {
        "description": {"text": fix.title if fix.is_safe else f"{fix.title} (unsafe)"},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(_bytes(path.replace("\\", "/")))},
                "replacements": replacements,
            }
            for path, replacements in changes.items()
        ],
    }


def _message(message: str) -> dict[str, object]:
    """Return a message object; ``[text](target)`` is broken up, since a viewer would show it as a link."""
    return {"text": message.replace("](", "] (")}


def _location(path: str, line: int, column: int | None = None) -> dict[str, object]:
    region = {"startLine": line} if column is None else {"startLine": line, "startColumn": column}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(_bytes(path.replace("\\", "/")))},
            "region": region,
        }
    }


def _bytes(path: str) -> bytes:
    """Return the bytes of a path, even if it is not valid UTF-8."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
