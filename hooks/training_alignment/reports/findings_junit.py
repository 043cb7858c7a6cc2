"""Findings as JUnit XML: a test case for each finding, a suite for each file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from flake8_training.finding import Finding
from flake8_training.printable import printable


def findings_junit(findings: Sequence[Finding]) -> str:
    """Return the findings as JUnit XML. Without findings, the result is a suite with one test that passed."""
    total = str(len(findings))
    root = ElementTree.Element(
        "testsuites", name="training-alignment", tests=total, failures=total, errors="0"
    )
    for _, group in groupby(findings, key=lambda finding: finding.path):
        found = list(group)
        # XML 1.0 allows every printable character, and its readers keep the white space in them.
        path = printable(found[0].path)
        count = str(len(found))
        suite = ElementTree.SubElement(root, "testsuite", name=path, tests=count, failures=count, errors="0")
        for finding in found:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                name=f"{finding.code} line {finding.line}",
                classname=printable(finding.step) or path,
                file=path,
                line=str(finding.line),
            )
            failure = ElementTree.SubElement(
                case, "failure", type=str(finding.severity), message=finding.message
            )
            failure.text = "\n".join(
                (
                    f"{path}:{finding.line}:{finding.column}: {finding.code} {finding.message}",
                    *(
                        f"    {printable(other.path)} line {other.line}: {other.message}"
                        for other in finding.related
                    ),
                )
            )
    if not findings:
        root.set("tests", "1")
        suite = ElementTree.SubElement(
            root, "testsuite", name="training-alignment", tests="1", failures="0", errors="0"
        )
        ElementTree.SubElement(suite, "testcase", name="no findings", classname="training-alignment")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)
