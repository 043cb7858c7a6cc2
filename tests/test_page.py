"""The page of a repository: its layout, its content, and names in it that no browser may run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.page.excerpts import excerpts
from training_alignment.page.html import page_html
from training_alignment.page.layout import HEIGHT, WIDTH, laid_out
from training_alignment.page.model import Coverage, Graph, PageEdge, PageNode
from training_alignment.reports.places import Sources

from flake8_training.finding import Finding, Related, Severity
from tests.alignment import check, training_alignment
from tests.harness import write
from tests.hostile.texts import texts
from tests.test_baseline import LAUNCHER, SCRIPT

PIPELINE = """\
from sagemaker.inputs import TrainingInput
from sagemaker.sklearn import SKLearn
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

prepare = ProcessingStep(name="Prepare", processor=processor, outputs=[])
estimator = SKLearn(
    entry_point="train.py",
    role="arn:aws:iam::123456789012:role/R",
    instance_type="ml.m5.large",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
)
data = prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
train = TrainingStep(
    name="Train",
    estimator=estimator,
    inputs={"train": TrainingInput(prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri)},
)
pipeline = Pipeline(name="churn", steps=[prepare, train])
"""


class Page(HTMLParser):
    """The elements of a page, and the content of its scripts and styles."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.contents: dict[str, list[str]] = {}
        self._open = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.contents.setdefault(self._open, []).append(data)

    @property
    def data(self) -> Any:
        """The data of the page."""
        return json.loads(self.contents["script"][0])

    @property
    def policy(self) -> str:
        """The policy of the page's content."""
        (found,) = (
            values["content"] or ""
            for tag, values in self.elements
            if "content-security" in str(values).lower()
        )
        return found


def report(folder: Path, *arguments: str) -> Page:
    run = training_alignment("report", "--html", "page.html", *arguments, folder=folder)
    assert (run.exit_code, run.output) == (0, ""), run
    return Page((folder / "page.html").read_text(encoding="utf-8"))


def test_a_page_holds_the_graph_and_both_sides(tmp_path: Path) -> None:
    launcher = LAUNCHER.replace('"test":', '"held_out":')
    write(tmp_path, {"jobs/launch.py": launcher.replace("train.py", "../train.py"), "train.py": SCRIPT})
    write(
        tmp_path,
        {
            "jobs/launch.py": launcher.replace(
                'entry_point="train.py"', 'entry_point="train.py", source_dir=".."'
            )
        },
    )
    data = report(tmp_path).data
    assert {(node["kind"], node["name"]) for node in data["nodes"]} == {
        ("launcher", "jobs/launch.py"),
        ("script", "train.py"),
    }
    names = [node["name"] for node in data["nodes"]]
    ((source, target, label, *_),) = data["edges"]
    assert (names[source], names[target], label) == ("jobs/launch.py", "train.py", "train, held_out")
    assert {finding["code"] for finding in data["findings"]} == {
        code for _, _, code in check(folder=tmp_path).places
    }
    (channel,) = (finding for finding in data["findings"] if finding["code"] == "TRN408")
    own, other = channel["sides"][:2]
    assert (own["path"], other["path"]) == ("jobs/launch.py", "train.py")
    line = other["lines"][other["line"] - other["first"]]
    assert [line[start:end] for start, end in other["marks"]] == ["held_out", "SM_CHANNEL_TEST"]
    assert {node["name"]: node["errors"] for node in data["nodes"]}["jobs/launch.py"] >= 1


def test_pipeline_steps_and_the_flow_between_them(tmp_path: Path) -> None:
    write(tmp_path, {"pipeline.py": PIPELINE, "train.py": SCRIPT})
    data = report(tmp_path).data
    names = [node["name"] for node in data["nodes"]]
    edges = {(names[source], names[target]) for source, target, *_ in data["edges"]}
    assert edges == {("pipeline.py", "Prepare"), ("Prepare", "Train"), ("Train", "train.py")}


def test_steps_with_their_files_and_coverage(tmp_path: Path) -> None:
    examples = Path(__file__).parents[1] / "examples"
    (tmp_path / "good").symlink_to(examples / "good")
    run = training_alignment("report", "--html", str(tmp_path / "page.html"), folder=examples)
    assert run.exit_code == 0
    data = Page((tmp_path / "page.html").read_text()).data
    steps = {node["name"]: node for node in data["nodes"] if node["kind"] == "step"}
    assert {"DemandTraining", "SalesCleaning", "xgboost-training"} <= steps.keys()
    assert any(part == "script" for _, part in steps["DemandTraining"]["files"])
    coverage = {subject: numbers for subject, *numbers in data["coverage"]}
    assert set(steps) <= coverage.keys()
    reported = sum(numbers[0] for numbers in coverage.values())
    assert reported == len(data["findings"])
    assert all(sum(numbers) for numbers in coverage.values())


def test_a_repository_without_steps(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "Nothing.\n"})
    data = report(tmp_path).data
    assert (data["nodes"], data["edges"], data["findings"]) == ([], [], [])


def test_the_page_loads_nothing(tmp_path: Path) -> None:
    page = report(tmp_path)
    for tag, values in page.elements:
        assert not {"src", "srcset", "style", "onclick", "onload"} & values.keys(), tag
        assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
        if "href" in values:
            assert tag == "a"
    assert page.policy.startswith("default-src 'none'; ")
    for tag, content in (("style", page.contents["style"][0]), ("script", page.contents["script"][-1])):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page.policy
    script = page.contents["script"][-1]
    assert not re.search(
        r"innerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttp|import\(", script
    )


@given(texts, texts, texts)
def test_no_name_leaves_its_place(name: str, path: str, message: str) -> None:
    hostile = f"</script><script>alert(1)</script><!--{name}@DATA@@STYLE@"
    finding = Finding(
        "TRN408",
        Severity.ERROR,
        4,
        hostile,
        f"{path}{hostile}",
        1,
        1,
        message + hostile,
        (Related(path, 1, hostile),),
    )
    graph = Graph(
        (PageNode("a", "step", hostile, hostile, ((path, hostile),)), PageNode("b", "script", name)),
        (PageEdge("a", "b", hostile),),
    )
    source = page_html(
        hostile, graph, [finding], [Coverage(hostile, 1, 0, 0)], {"TRN408": hostile}, Sources("/nowhere")
    )
    source.encode("utf-8")
    page = Page(source)
    plain = Page(page_html("x", Graph((), ()), [], [], {}, Sources("/nowhere")))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert page.contents["script"][-1] == plain.contents["script"][-1]
    assert page.data["findings"][0]["message"] == finding.message


graphs = st.integers(0, 30).flatmap(
    lambda size: st.tuples(
        st.just([f"n{number}" for number in range(size)]),
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=50),
    )
)


@given(graphs)
def test_no_two_nodes_overlap(graph: tuple[list[str], list[tuple[int, int]]]) -> None:
    nodes, pairs = graph
    edges = [(f"n{a}", f"n{b}") for a, b in pairs]
    layout = laid_out(nodes, edges)
    assert set(layout.places) == set(nodes)
    assert layout == laid_out(nodes, edges[::-1]), "the order of the edges does not matter"
    places = sorted(layout.places.values())
    for place in places:
        assert 0 <= place.x <= layout.width - WIDTH + 0.001
        assert 0 <= place.y <= layout.height - HEIGHT + 0.001
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            assert other.x - one.x >= WIDTH or abs(other.y - one.y) >= HEIGHT


@given(graphs)
def test_an_edge_between_bands_crosses_no_node(graph: tuple[list[str], list[tuple[int, int]]]) -> None:
    nodes, pairs = graph
    edges = [(f"n{a}", f"n{b}") for a, b in pairs if a != b and max(a, b) < len(nodes)]
    layout = laid_out(nodes, edges)
    for source, target in edges:
        lane = layout.lane(source, target)
        if lane is None:
            assert layout.places[source].x < layout.places[target].x
            continue
        first, last = sorted((layout.places[source].x + WIDTH, layout.places[target].x))
        for place in layout.places.values():
            assert not (place.y < lane < place.y + HEIGHT and place.x + WIDTH > first and place.x < last)


def test_a_long_chain_is_folded() -> None:
    nodes = [f"n{number}" for number in range(500)]
    layout = laid_out(nodes, list(pairwise(nodes)))
    assert 0.8 < layout.width / layout.height < 3
    lanes = [layout.lane(a, b) for a, b in pairwise(nodes)]
    assert 500 / 40 < sum(lane is not None for lane in lanes) < 500 / 6
    short = laid_out(nodes[:5], list(pairwise(nodes[:5])))
    assert len({place.y for place in short.places.values()}) == 1


@pytest.mark.parametrize(
    ("line", "message", "marked"),
    [
        (
            'parser.add_argument("--max-depth", type=int)',
            "the script has the option --max-depth",
            ["--max-depth"],
        ),
        ("depth = args.max_depth", "max_depth is read here", []),
        ("depth = max_depth", "max_depth is read here", ["max_depth"]),
        ('data = {"read": 1}', "read is a key", ["read"]),
        ("read the data", "it is read here", []),
        ("path = '/opt/ml/model/x'", "saved to /opt/ml/model/x.", ["/opt/ml/model/x"]),
    ],
)
def test_names_marked_at_a_related_place(line: str, message: str, marked: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "first = 1\n", "b.py": f"\n\n\n\n{line}\n"})
    finding = Finding(
        "TRN410", Severity.ERROR, 4, "", "a.py", 1, 1, "message", (Related("b.py", 5, message),)
    )
    own, other = excerpts(finding, Sources(str(tmp_path)))
    assert (own["marks"], other["first"]) == ([[0, 5]], 2)
    assert isinstance(other["marks"], list)
    assert [line[start:end] for start, end in other["marks"]] == marked


@pytest.mark.parametrize(
    ("line", "column", "message", "marked"),
    [
        ('call(a={"train": 1})', 8, "the job has train", ["train"]),
        ('table = load(paths["xinput"])', 14, "the contract lacks xinput", ["xinput"]),
        ('kind = "ml.m5.xlagre"', 8, "no instance type ml.m5.xlagre", ['"ml.m5.xlagre"']),
        ('both = "train", load(paths)', 17, "the job has train", ["load"]),
    ],
)
def test_names_marked_at_the_finding(
    line: str, column: int, message: str, marked: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {"a.py": f"{line}\n"})
    finding = Finding("TRN410", Severity.ERROR, 4, "", "a.py", 1, column, message)
    (own,) = excerpts(finding, Sources(str(tmp_path)))
    assert isinstance(own["marks"], list)
    assert [line[start:end] for start, end in own["marks"]] == marked


def test_errors_come_first() -> None:
    found = [
        Finding("TRN100", severity, 1, "", path, 1, 1, "message")
        for path, severity in (
            ("a.py", Severity.ADVICE),
            ("b.py", Severity.WARNING),
            ("c.py", Severity.ERROR),
        )
    ]
    source = page_html("name", Graph((), ()), [*found, found[1]], (), {}, Sources("."))
    severities = [finding["severity"] for finding in Page(source).data["findings"]]
    assert severities == ["error", "warning", "warning", "advice"]


def test_the_repository_has_its_name_from_a_folder_below(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"pyproject.toml": "[tool.flake8-training]\n", "jobs/launch.py": PIPELINE, "jobs/train.py": SCRIPT},
    )
    subjects = {subject for subject, *_ in report(tmp_path).data["coverage"]}
    assert report(tmp_path / "jobs").data["coverage"]
    assert {subject for subject, *_ in report(tmp_path / "jobs").data["coverage"]} == subjects
