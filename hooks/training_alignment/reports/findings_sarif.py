"""Findings as SARIF 2.1.0, which code hosts show beside the code.

Source: OASIS, sarif-schema-2.1.0.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flake8_training import __version__
from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix
from flake8_training.project_links import DOCUMENTATION, rule_page
from flake8_training.rules.rule import Rule
from training_alignment.reports.json_text import json_text
from training_alignment.reports.places import Sources, fingerprints

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_BASE = "SRCROOT"


def findings_sarif(
    findings: Sequence[Finding], rules: Sequence[Rule[Any]], sources: Sources, top: str = ""
) -> str:
    """Return the findings as one SARIF run, with the description of each rule that has a finding.

    ``top`` is the folder that paths are relative to; if it is empty, the run does not name it.
    """
    reported = {finding.code for finding in findings}
    described = [rule for rule in rules if rule.code in reported]
    index = {rule.code: number for number, rule in enumerate(described)}
    run: dict[str, object] = {
        "tool": {
            "driver": {
                "name": "flake8-training",
                "version": __version__,
                "informationUri": DOCUMENTATION,
                "rules": [_rule(rule) for rule in described],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, fingerprint, index, sources)
            for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
        ],
    }
    if top:
        # The root of a file system is the only folder whose path ends with a slash.
        run["originalUriBaseIds"] = {_BASE: {"uri": f"file://{_quoted(os.path.join(top, ''))}"}}
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule[Any]) -> dict[str, object]:
    why, fix = inspect.cleandoc(rule.why), inspect.cleandoc(rule.fix)
    text = "\n\n".join(part for part in (why, fix) if part)
    markdown = "\n\n".join(
        part
        for part in (why, f"**Fix:** {fix}" if fix else "", f"[{rule.code}]({rule_page(rule.code)})")
        if part
    )
    return {
        "id": rule.code,
        "name": type(rule).__name__,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(rule.why.split())},
        "help": {"text": text, "markdown": markdown},
        "helpUri": rule_page(rule.code),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, fingerprint: str, index: dict[str, int], sources: Sources) -> dict[str, object]:
    end = sources.end(finding.path, finding.line, finding.column)
    region = {"startLine": finding.line, "startColumn": finding.column}
    if end is not None:
        region |= {"endLine": finding.line, "endColumn": end}
    result: dict[str, object] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [_location(finding.path, region)],
        "partialFingerprints": {"trainingAlignment/v1": fingerprint},
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_location(other.path, _line(other.path, other.line, sources)),
                "message": _message(other.message),
            }
            for number, other in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    if finding.step:
        result["properties"] = {"step": finding.step}
    return result


def _line(path: str, line: int, sources: Sources) -> dict[str, int]:
    """Return the region of a whole line."""
    source = sources.line(path, line)
    if not source.strip():
        return {"startLine": line}
    start = len(source) - len(source.lstrip()) + 1
    return {"startLine": line, "startColumn": start, "endLine": line, "endColumn": len(source.rstrip()) + 1}


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
                "artifactLocation": _artifact(path),
                "replacements": replacements,
            }
            for path, replacements in changes.items()
        ],
    }


def _message(message: str) -> dict[str, object]:
    """Return a message object; ``[text](target)`` is broken up, since a viewer would show it as a link."""
    return {"text": message.replace("](", "] (")}


def _location(path: str, region: dict[str, int]) -> dict[str, object]:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    uri = _quoted(path.replace("\\", "/"))
    return {"uri": uri} if path.startswith(("/", "../")) else {"uri": uri, "uriBaseId": _BASE}


def _quoted(path: str) -> str:
    return quote(_bytes(path))


def _bytes(path: str) -> bytes:
    """Return the bytes of a path, even if it is not valid UTF-8."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
