"""The checks of every report: it parses in its format, and is harmless where it is printed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

_TEXT = re.compile(r"(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?P<code>TRN\d{3}) .+")
_RELATED = re.compile(r"    .+ line \d+: .+")
_GITHUB = re.compile(
    r"::(?:error|warning|notice) file=[^:,]+,line=(?P<line>\d+),col=(?P<column>\d+),title=(?P<code>TRN\d{3})::.+"
)
# GitHub obeys the first at the beginning of a line, Azure's agent and GitHub's old form the second anywhere.
_RUNNER = re.compile(r"^\s*::|##\[|##vso\[")
_KEYS = {"code", "severity", "level", "step", "path", "line", "column", "message", "related"}


def faults_of_text(text: str, *, commands: bool = False) -> Iterator[str]:
    """Yield what is wrong with any text on its way to a terminal, a log or a file."""
    for c in {c for c in text if not c.isprintable()} - {"\n", "\u3000"}:
        if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(c) in _BIDI:
            yield f"prints U+{ord(c):04X}"
    if not commands:
        yield from {"prints a runner's command" for line in text.split("\n") if _RUNNER.search(line)}


_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def faults_of_message(text: str) -> Iterator[str]:
    """Yield what is wrong with the message of a finding, which is one line."""
    yield from faults_of_text(text, commands=True)
    if "\n" in text:
        yield "a message of several lines"
    if "##[" in text:
        yield "prints a runner's command"


def _text(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from faults_of_text(report)
    for line in report.split("\n") if report else ():
        if not _RELATED.fullmatch(line) and not _TEXT.fullmatch(line):
            yield "a line that is no finding"


def _json(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    for finding in json.loads(report):
        if set(finding) != _KEYS:
            yield "a finding with other keys"
            continue
        places = [(finding["path"], finding["line"]), *((o["path"], o["line"]) for o in finding["related"])]
        for path, line in places:
            if line < 1 or line > max(counts.get(path, line), 1):
                yield f"{finding['code']} on a line that does not exist"
        if finding["column"] < 1:
            yield f"{finding['code']} in a column that does not exist"
        for message in (finding["message"], *(other["message"] for other in finding["related"])):
            yield from (f"{finding['code']} {fault}" for fault in faults_of_message(message))


def _sarif(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    data = json.loads(report)
    if data["version"] != "2.1.0" or len(data["runs"]) != 1:
        yield "not one run of SARIF 2.1.0"
    rules = data["runs"][0]["tool"]["driver"]["rules"]
    for result in data["runs"][0]["results"]:
        if "ruleIndex" in result and rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield "the index of another rule"
        yield from faults_of_message(result["message"]["text"])
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            address = place["physicalLocation"]["artifactLocation"]["uri"]
            if not address.isascii() or not address.isprintable() or " " in address or "#" in address:
                yield "an address that is none"
            if place["physicalLocation"]["region"]["startLine"] < 1:
                yield "a line before the first"


def _github(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from faults_of_text(report, commands=True)
    for line in report.split("\n") if report else ():
        if not _GITHUB.fullmatch(line):
            yield "a line that is no command"


def _junit(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    root = ElementTree.fromstring(report.encode())
    cases, failures = len(root.findall(".//testcase")), len(root.findall(".//failure"))
    if (root.get("tests"), root.get("failures")) != (str(cases), str(failures)):
        yield "other counts than cases"


def _gitlab(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    issues = json.loads(report)
    if len({issue["fingerprint"] for issue in issues}) != len(issues):
        yield "two issues with one fingerprint"
    for issue in issues:
        yield from faults_of_message(issue["description"])


def _rdjson(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    for one in json.loads(report)["diagnostics"]:
        yield from faults_of_message(one["message"])
        if any(place["column"] < 1 for place in one["location"]["range"].values() if "column" in place):
            yield "a column before the first"


def _dot(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from faults_of_text(report)
    if not report.startswith("digraph") or not report.rstrip().endswith("}"):
        yield "no graph"
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", report, flags=re.DOTALL)
    if '"' in bare or bare.count("{") != bare.count("}") or bare.count("[") != bare.count("]"):
        yield "a quote or a bracket too many"


def _mermaid(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from faults_of_text(report)
    if "%%{" in report:
        yield "a directive"
    if report.count('"') % 2:
        yield "a quote too many"


def _any_json(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    json.loads(report)
    yield from faults_of_text(report, commands=True)


def _any_text(report: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from faults_of_text(report)


_CHECKS: dict[str, Callable[[str, Mapping[str, int]], Iterator[str]]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "junit": _junit,
    "gitlab": _gitlab,
    "rdjson": _rdjson,
}
_OTHERS: dict[str, Callable[[str, Mapping[str, int]], Iterator[str]]] = {
    "dot": _dot,
    "mermaid": _mermaid,
    "json": _any_json,
    "text": _any_text,
}


def faults(command: tuple[str, ...], report: str, counts: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the output of a command; ``counts`` are the lines of each file."""
    form = command[command.index("--format") + 1] if "--format" in command else "text"
    check = (_CHECKS if command[0] == "check" else _OTHERS).get(form, _any_text)
    try:
        return sorted(set(check(report.rstrip("\n"), counts)))
    except (ValueError, KeyError, TypeError, IndexError, ElementTree.ParseError) as error:
        return [f"no {form}: {type(error).__name__}"]


def findings_in(report: str) -> list[dict[str, Any]]:
    """Return the findings of a check in JSON; none where it is no JSON."""
    try:
        found = json.loads(report)
    except ValueError:
        return []
    return [finding for finding in found if isinstance(finding, dict)] if isinstance(found, list) else []
