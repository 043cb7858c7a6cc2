"""Every format with names, messages and paths of any kind: it parses, and says the same finding back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from training_alignment.artefacts.model import StepKind
from training_alignment.reports.findings_github import findings_github
from training_alignment.reports.findings_gitlab import findings_gitlab
from training_alignment.reports.findings_json import findings_json
from training_alignment.reports.findings_junit import findings_junit
from training_alignment.reports.findings_rdjson import findings_rdjson
from training_alignment.reports.findings_sarif import findings_sarif
from training_alignment.reports.findings_text import findings_text
from training_alignment.reports.graph_text import Arrow, Box, Picture, dot, mermaid
from training_alignment.reports.json_text import json_text
from training_alignment.reports.places import Sources, fingerprints
from training_alignment.reports.screen import columns, screen
from training_alignment.reports.steps_text import step_data, steps_text
from training_alignment.reports.summary_text import summary_text
from training_alignment.steps.step import Part, Role, ScriptSearch, Step

from flake8_training.finding import Finding, Related, Severity
from flake8_training.printable import printable
from tests.harness import write
from tests.hostile.texts import commands, texts

NOTHING = Sources("/nowhere")
"""Sources of which none can be read."""

related = st.builds(Related, texts, st.integers(1, 10**6), texts)
findings = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["TRN101", "TRN205"]),
        st.sampled_from(Severity),
        st.integers(0, 4),
        texts,
        texts,
        st.integers(1, 10**6),
        st.integers(1, 10**6),
        texts,
        st.lists(related, max_size=2).map(tuple),
    ),
    max_size=3,
)
_HALF = re.compile("[\ud800-\udfff]")
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def safe(output: str) -> str:
    """Return an output that can be encoded, of which no line is a command and no character moves the cursor."""
    output.encode("utf-8")
    assert commands(output) == []
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", output)
    return output


@given(findings)
def test_text(found: list[Finding]) -> None:
    lines = iter(safe(findings_text(found)).split("\n"))
    for finding in found:
        place = f"{printable(finding.path)}:{finding.line}:{finding.column}:"
        assert next(lines) == f"{place} {finding.code} {finding.severity}: {finding.message}"
        for other in finding.related:
            assert next(lines) == f"    {printable(other.path)} line {other.line}: {other.message}"
    assert list(lines) in ([], [""])


def github_command(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as GitHub's runner does (ActionCommand.TryParseV2)."""
    assert line.startswith("::")
    end = line.index("::", 2)
    name, _, listed = line[2:end].partition(" ")

    def decoded(text: str, codes: dict[str, str]) -> str:
        for code, character in codes.items():
            text = text.replace(code, character)
        return text.replace("%25", "%")

    in_data = {"%0D": "\r", "%0A": "\n"}
    in_properties = {**in_data, "%3A": ":", "%2C": ","}
    pairs = [one.partition("=") for one in listed.split(",")]
    return (
        name,
        {key: decoded(value, in_properties) for key, _, value in pairs},
        decoded(line[end + 2 :], in_data),
    )


@given(findings)
def test_github(found: list[Finding]) -> None:
    output = findings_github(found)
    output.encode("utf-8")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", output)
    lines = output.split("\n") if found else []
    assert len(lines) == len(found)
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
    for line, finding in zip(lines, found, strict=True):
        name, properties, message = github_command(line)
        assert name == names[finding.severity]
        path = properties.pop("file")
        assert printable(path, 10_000) == printable(finding.path, 10_000)
        assert properties == {
            "line": str(finding.line),
            "col": str(finding.column),
            "title": finding.code,
        }
        assert message.split("\n") == [
            finding.message,
            *(f"{printable(other.path)} line {other.line}: {other.message}" for other in finding.related),
        ]


@given(findings)
def test_junit(found: list[Finding]) -> None:
    root = ElementTree.fromstring(safe(findings_junit(found)))
    cases = [(suite, case) for suite in root for case in suite if found]
    assert [suite.get("name") for suite, _ in cases] == [printable(f.path) for f in found]
    for (_, case), finding in zip(cases, found, strict=True):
        failure = case.find("failure")
        assert failure is not None
        assert case.get("file") == printable(finding.path)
        assert case.get("classname") == (printable(finding.step) or printable(finding.path))
        assert case.get("line") == str(finding.line)
        assert failure.get("message") == finding.message
        first, *others = (failure.text or "").split("\n")
        assert first.endswith(f"{finding.code} {finding.message}")
        assert others == [
            f"    {printable(other.path)} line {other.line}: {other.message}" for other in finding.related
        ]


def strict_json(output: str) -> Any:
    """Read JSON as strict readers do: ASCII, no numbers that there are not, no lone surrogate."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert safe(output).isascii()
    data = json.loads(output, parse_constant=refuse)
    json.dumps(data, ensure_ascii=False).encode("utf-8")
    return data


def halves(text: str) -> str:
    """Return a text with escapes for lone surrogates."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


@given(findings)
def test_json(found: list[Finding]) -> None:
    data = strict_json(findings_json(found))
    for one, finding in zip(data, found, strict=True):
        assert one["path"] == halves(finding.path)
        assert one["step"] == halves(finding.step)
        assert (one["code"], one["line"], one["column"]) == (finding.code, finding.line, finding.column)
        assert one["message"] == finding.message
        assert [(o["path"], o["line"], o["message"]) for o in one["related"]] == [
            (halves(other.path), other.line, other.message) for other in finding.related
        ]


@given(findings)
def test_sarif(found: list[Finding]) -> None:
    (run,) = strict_json(findings_sarif(found, (), NOTHING))["runs"]
    for result, finding in zip(run["results"], found, strict=True):
        places = [*result["locations"], *result.get("relatedLocations", ())]
        paths = [finding.path, *(other.path for other in finding.related)]
        for place, path in zip(places, paths, strict=True):
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})*", uri, re.ASCII)
            # Bytes of a path that are no UTF-8 come back as they were; other halves are written out.
            as_bytes = not _NO_BYTE.search(path)
            decoded = unquote_to_bytes(uri).decode(
                "utf-8", "surrogateescape" if as_bytes else "surrogatepass"
            )
            assert decoded == path.replace("\\", "/")
        assert result["message"]["text"] == finding.message.replace("](", "] (")
        assert result["ruleId"] == finding.code


@given(findings)
def test_gitlab(found: list[Finding]) -> None:
    issues = strict_json(findings_gitlab(found))
    assert len({issue["fingerprint"] for issue in issues}) == len(found)
    for issue, finding in zip(issues, found, strict=True):
        assert issue["location"]["path"] == halves(finding.path).replace("\\", "/") or "\\" in halves(
            finding.path
        )
        assert issue["location"]["lines"]["begin"] == finding.line
        assert (issue["check_name"], issue["description"]) == (
            finding.code,
            f"{finding.code} {finding.message}",
        )


@given(findings)
def test_rdjson(found: list[Finding]) -> None:
    result = strict_json(findings_rdjson(found, NOTHING))
    for one, finding in zip(result["diagnostics"], found, strict=True):
        assert one["location"] == {"path": halves(finding.path), "range": {"start": {"line": finding.line}}}
        assert (one["message"], one["code"]["value"]) == (finding.message, finding.code)
        assert [other["message"] for other in one.get("related_locations", ())] == [
            other.message for other in finding.related
        ]


SOURCE = "name = 'é', train.py  # x\n\tself.model.fit(data)\n"


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        (1, 1, "name"),
        (1, 6, "= 'é', train.py  # x"),
        (1, 8, "'é'"),
        (1, 13, "train.py"),
        (2, 2, "self.model.fit"),
        (2, 30, None),
        (3, 1, None),
        (9, 1, None),
    ],
)
def test_the_end_of_a_region(line: int, column: int, word: str | None, tmp_path: Path) -> None:
    write(tmp_path, {"train.py": SOURCE})
    sources = Sources(str(tmp_path))
    end = sources.end("train.py", line, column)
    assert (None if end is None else sources.line("train.py", line)[column - 1 : end - 1]) == word
    finding = Finding("TRN101", Severity.ERROR, 1, "", "train.py", line, column, "message")
    (run,) = strict_json(findings_sarif([finding], (), sources))["runs"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region.get("endColumn") == end
    (diagnostic,) = strict_json(findings_rdjson([finding], sources))["diagnostics"]
    found = diagnostic["location"]["range"]
    text = sources.line("train.py", line).encode()
    if word is not None:
        assert text[found["start"]["column"] - 1 : found["end"]["column"] - 1].decode() == word


def test_fingerprints_survive_moved_lines() -> None:
    one, other = (
        Finding("TRN101", Severity.ERROR, 1, "", "train.py", line, 4, f"first on line {line}")
        for line in (3, 7)
    )
    assert fingerprints([one]) == fingerprints([other])
    assert len(set(fingerprints([one, other]))) == 2


@given(st.recursive(st.one_of(texts, st.floats(), st.binary(max_size=4), st.none()), st.lists))
def test_any_data_is_json(data: object) -> None:
    strict_json(json_text({"data": data}))


names = texts.filter(lambda text: "\\" not in text)
pictures = st.lists(names, min_size=1, max_size=3, unique_by=printable).flatmap(
    lambda boxes: st.builds(
        Picture,
        st.just({name: Box(name, "Training", 1) for name in boxes}),
        st.lists(
            st.builds(
                Arrow,
                st.sampled_from(boxes),
                st.sampled_from(boxes),
                st.lists(texts.filter(bool), min_size=1, max_size=2).map(tuple),
                st.booleans(),
            ),
            max_size=3,
        ).map(tuple),
    )
)
_BOX = re.compile(r'    (s\d+)\["([^"]*)"\]')
_ARROW = re.compile(r'    (s\d+) (?:-->|-\.->)\|"([^"]*)"\| (s\d+)')


def mermaid_label(text: str) -> str:
    """Read a quoted label as Mermaid does; it holds letters, codes and harmless marks only."""
    assert re.fullmatch(r"(?:[\w ,.()/-]|#\d+;)*", text)
    return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), text)


@given(pictures)
@example(Picture({"%%{init: {'theme':'dark'}}%%": Box("%%{init: {'theme':'dark'}}%%", "Training")}, ()))
def test_mermaid(shown: Picture) -> None:
    lines = safe(mermaid(shown)).split("\n")
    assert lines[0] == "flowchart LR"
    boxes = {m[1]: m[2] for line in lines if (m := _BOX.fullmatch(line))}
    labels = [label.split("<br/>")[0] for label in boxes.values()]
    assert [mermaid_label(label) for label in labels if label != "Training"] == [
        printable(name) for name in shown.boxes if name
    ]
    arrows = [m.groups() for line in lines if (m := _ARROW.fullmatch(line))]
    assert [mermaid_label(label) for _, label, _ in arrows] == [printable(a.text) for a in shown.arrows]
    others = [line for line in lines[1:] if not _BOX.fullmatch(line) and not _ARROW.fullmatch(line)]
    assert all(re.fullmatch(r"    class(?:Def error [\w#,:-]+| [s\d,]+ error)", line) for line in others)


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def dot_texts(line: str) -> list[str]:
    """Read the quoted texts of a line of DOT; outside of them there is nothing from a name."""
    rest = _QUOTED.sub("Q", line)
    assert re.fullmatch(r"    Q(?: -> Q)? \[label=Q(?:, (?:color=\w+|penwidth=3|style=dashed))*\];", rest)
    return [re.sub(r"\\(.)", r"\1", text) for text in _QUOTED.findall(line)]


@given(pictures)
def test_dot(shown: Picture) -> None:
    first, direction, shape, *lines, last = safe(dot(shown)).split("\n")
    assert (first, direction, shape, last) == (
        "digraph steps {",
        "    rankdir=LR;",
        "    node [shape=box];",
        "}",
    )
    boxes, arrows = lines[: len(shown.boxes)], lines[len(shown.boxes) :]
    assert [dot_texts(line)[0] for line in boxes] == [printable(name) for name in shown.boxes]
    assert [dot_texts(line) for line in arrows] == [
        [printable(arrow.source), printable(arrow.target), printable(arrow.text)] for arrow in shown.arrows
    ]


@given(texts, texts, texts, texts)
def test_steps(name: str, path: str, constant: str, reason: str) -> None:
    part = Part(Role.CONTRACT, path, constant, reason)
    step = Step(name, StepKind.TRAINING, reason, (part,), ScriptSearch(None, reason))
    lines = safe(steps_text([step])).split("\n")
    assert len(lines) == 3
    assert lines[0] == printable(f"{name}: Training ({reason})", 10_000)
    data = strict_json(json_text([step_data(step)]))
    assert (data[0]["name"], data[0]["parts"][0]["path"]) == (halves(name), halves(path))


@given(st.lists(st.tuples(texts, texts), max_size=3))
def test_columns(rows: list[tuple[str, str]]) -> None:
    lines = list(columns(rows))
    assert len(lines) == len(rows)
    assert safe(screen(lines)) == "\n".join(lines)
    assert [line.split() for line in lines] == [printable(a).split() + printable(b).split() for a, b in rows]


def test_colours_frame_the_place_and_the_severity() -> None:
    found = [
        Finding("TRN101", severity, 1, "", "train.py", 3, 4, "message", (Related("launch.py", 9, "other"),))
        for severity in Severity
    ]
    coloured = findings_text(found, coloured=True)
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == findings_text(found)
    assert (
        coloured.splitlines()[0]
        == "\x1b[1mtrain.py:3:4:\x1b[0m \x1b[31mTRN101\x1b[0m \x1b[31merror:\x1b[0m message"
    )


@pytest.mark.parametrize(
    ("severities", "checked", "line"),
    [
        ("", (2, 1, 7), "2 launchers, 1 step, 7 files: nothing found"),
        ("ewe", (1, 0, 2), "1 launcher, 2 files: 2 errors, 1 warning"),
        ("aa", (0, 3, 1), "3 steps, 1 file: 2 advice"),
        ("", (0, 0, 0), "no launcher and no step: nothing found"),
        ("w", (), "no launcher and no step: 1 warning"),
    ],
)
def test_summary(severities: str, checked: tuple[int, ...], line: str) -> None:
    of_letter = {"e": Severity.ERROR, "w": Severity.WARNING, "a": Severity.ADVICE}
    found = [Finding("TRN101", of_letter[letter], 1, "", "a.py", 1, 1, "message") for letter in severities]
    assert summary_text(found, *checked) == line
