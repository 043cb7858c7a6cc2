"""The page as one HTML file that loads nothing.

The data is JSON in a script element that no browser runs. The page's own script sets text, never markup, and the policy
of the page allows this script and this style only.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Final

from flake8_training import __version__
from flake8_training.finding import Finding, Severity
from flake8_training.printable import escaped
from flake8_training.project_links import DOCUMENTATION, rule_page
from training_alignment.page.excerpts import excerpts
from training_alignment.page.layout import HEIGHT, WIDTH, Layout, laid_out
from training_alignment.page.model import Coverage, Graph
from training_alignment.reports.places import Sources

MAX_FINDINGS: Final = 5_000
"""The most findings of a page; a browser searches more too slowly."""


def page_html(
    name: str,
    graph: Graph,
    findings: Sequence[Finding],
    coverage: Iterable[Coverage],
    summaries: Mapping[str, str],
    sources: Sources,
) -> str:
    """Return the page of a repository. ``summaries`` are the clauses of the rules by their codes."""
    shown = sorted(findings, key=_by_severity)[:MAX_FINDINGS]
    layout = laid_out(
        [node.key for node in graph.nodes], [(edge.source, edge.target) for edge in graph.edges]
    )
    data = {
        "name": escaped(name),
        "version": __version__,
        "nodes": _nodes(graph, shown),
        "edges": _edges(graph, layout),
        "findings": [_finding(finding, sources) for finding in shown],
        "leftOut": len(findings) - len(shown),
        "coverage": [[escaped(one.subject), one.reported, one.fine, one.unknown] for one in coverage],
        "rules": {code: [summaries.get(code, ""), rule_page(code)] for code in {one.code for one in shown}},
    }
    data["places"] = [layout.places[node.key] for node in graph.nodes]
    data["size"] = [layout.width, layout.height, WIDTH, HEIGHT]
    return _document(f"{escaped(name)}: training alignment", data)


def _nodes(graph: Graph, findings: Iterable[Finding]) -> list[dict[str, object]]:
    counts: Counter[tuple[str, Severity]] = Counter()
    of_file: dict[str, list[str]] = {}
    of_step: dict[str, list[str]] = {}
    for node in graph.nodes:
        for path, _ in node.files:
            of_file.setdefault(path, []).append(node.key)
        if node.kind == "step":
            of_step.setdefault(node.name, []).append(node.key)
    for finding in findings:
        for key in of_step.get(finding.step) or of_file.get(finding.path) or ():
            counts[key, finding.severity] += 1
    return [
        {
            "key": node.key,
            "kind": node.kind,
            "name": escaped(node.name),
            "detail": escaped(node.detail),
            "files": [[escaped(path), part] for path, part in node.files],
            "errors": counts[node.key, Severity.ERROR],
            "warnings": counts[node.key, Severity.WARNING],
        }
        for node in graph.nodes
    ]


def _by_severity(finding: Finding) -> int:
    """Return the place of a finding's severity: the errors come first."""
    return list(Severity).index(finding.severity)


def _edges(graph: Graph, layout: Layout) -> list[list[object]]:
    number = {node.key: index for index, node in enumerate(graph.nodes)}
    return [
        [
            number[edge.source],
            number[edge.target],
            escaped(edge.label),
            edge.forced,
            layout.lane(edge.source, edge.target),
        ]
        for edge in graph.edges
    ]


def _finding(finding: Finding, sources: Sources) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "step": escaped(finding.step),
        "message": finding.message,
        "sides": excerpts(finding, sources),
        "more": max(len(finding.related) - 4, 0),
    }


def _document(title: str, data: Mapping[str, object]) -> str:
    folder = files("training_alignment.page")
    style, script, body = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.css", "page.js", "page.html")
    )
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = {
        "TITLE": html.escape(title),
        "POLICY": html.escape(policy),
        "DOCUMENTATION": html.escape(DOCUMENTATION),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": _json(data),
    }
    # In one pass: a name of the repository may look like a placeholder.
    return re.sub(r"@([A-Z]+)@", lambda found: parts[found[1]], body)


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _json(data: object) -> str:
    """Return data as JSON that ends no element and begins no comment."""
    encoded = json.dumps(data, separators=(",", ":"))
    for character in "<>&":
        encoded = encoded.replace(character, f"\\u{ord(character):04x}")
    return encoded


def name_of(folder: str) -> str:
    """Return the name of a repository: that of its folder."""
    return os.path.basename(os.path.realpath(folder)) or folder
