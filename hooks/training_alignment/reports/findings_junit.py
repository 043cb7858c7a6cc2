"""Findings as JUnit XML: a test case a finding, in a suite a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from flake8_training.finding import Finding


def findings_junit(findings: Sequence[Finding]) -> str:
    """Return the findings as JUnit XML; without any, a suite with one test that passed."""
    total = str(len(findings))
    root = ElementTree.Element(
        "testsuites", name="training-alignment", tests=total, failures=total, errors="0"
    )
    for path, group in groupby(findings, key=lambda finding: finding.path):
        found = list(group)
        count = str(len(found))
        suite = ElementTree.SubElement(root, "testsuite", name=path, tests=count, failures=count, errors="0")
        for finding in found:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=f"{finding.code} line {finding.line}",
                classname=finding.step or path,
                file=path,
                line=str(finding.line),
            )
            failure = ElementTree.SubElement(
                case, "failure", type=str(finding.severity), message=_legal(finding.message)
            )
            failure.text = _legal(f"{path}:{finding.line}:{finding.column}: {finding.code} {finding.message}")
    if not findings:
        root.set("tests", "1")
        suite = ElementTree.SubElement(
            root, "testsuite", name="training-alignment", tests="1", failures="0", errors="0"
        )
        ElementTree.SubElement(suite, "testcase", name="no findings", classname="training-alignment")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _legal(text: str) -> str:
    """The text without the characters that XML 1.0 does not allow."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r"
        or (ord(c) >= 0x20 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) not in (0xFFFE, 0xFFFF))
    )
