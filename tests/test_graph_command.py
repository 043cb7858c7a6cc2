"""``training-alignment graph``: the steps, what flows between them, and where findings are."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.reports.graph_text import Arrow, Box, Picture, dot, mermaid
from training_alignment.rules.example_pipeline import flow, pipeline

from flake8_training.rules.rule import Example
from tests.alignment import training_alignment
from tests.harness import write


def graph(folder: Path, files: dict[str, str], *arguments: str) -> str:
    """Run the command over the files of two or three steps."""
    write(folder, Example(files).files)
    run = training_alignment("graph", *arguments, folder=folder)
    assert (run.exit_code, run.errors) == (0, "")
    return run.output


def test_mermaid(tmp_path: Path) -> None:
    text = graph(tmp_path, pipeline())
    assert text.splitlines()[0] == "flowchart LR"
    boxes = {
        line.split("[")[1].split("<br/>")[0].strip('"'): line.split("[")[0].strip()
        for line in text.splitlines()
        if "[" in line
    }
    assert set(boxes) == {"ChurnTraining", "Cleaning"}
    assert f'{boxes["Cleaning"]} -->|"training_data"| {boxes["ChurnTraining"]}' in text


def test_dot(tmp_path: Path) -> None:
    text = graph(tmp_path, pipeline(), "--format", "dot")
    assert text.startswith("digraph steps {\n")
    assert text.endswith("}\n")
    assert '"Cleaning" -> "ChurnTraining" [label="training_data"];' in text


def test_steps_with_findings_are_marked(tmp_path: Path) -> None:
    text = graph(tmp_path, pipeline([("DependencyType.TRAINING_DATA", "DependencyType.CUSTOM_PROPERTY")]))
    (box,) = [line for line in text.splitlines() if "ChurnTraining" in line]
    assert "1 error" in box
    assert f"class {box.split('[')[0].strip()} error" in text


def test_flow_tables_are_edges(tmp_path: Path) -> None:
    text = graph(tmp_path, flow(), "--format", "dot")
    assert '"data-preprocessing" -> "churn-training" [label="training_data, validation_data' in text
    assert '"churn-training" -> "model-evaluation"' in text


def test_alternatives_are_dashed(tmp_path: Path) -> None:
    files = pipeline([('["Cleaning"]', '["Cleaning", "ProcessingStep"]')])
    assert "style=dashed" in graph(tmp_path, files, "--format", "dot")


def test_one_step_with_its_neighbours(tmp_path: Path) -> None:
    text = graph(tmp_path, flow(), "--format", "dot", "--step", "data-preprocessing")
    assert '"churn-training" [' in text
    assert "model-evaluation" not in text


def test_a_step_that_there_is_not(tmp_path: Path) -> None:
    write(tmp_path, Example(pipeline()).files)
    run = training_alignment("graph", "--step", "Cleanning", folder=tmp_path)
    assert (run.exit_code, run.output) == (2, "")
    assert run.errors == "training-alignment: Cleanning is no step, did you mean Cleaning?\n"


def test_no_steps_at_all(tmp_path: Path) -> None:
    assert graph(tmp_path, {"readme.py": "pass\n"}) == "flowchart LR\n"
    assert graph(tmp_path, {}, "--format", "dot").endswith("}\n")


@pytest.mark.parametrize("name", ['a"b', "a\\", "a<b>&c", "a\nb", "a|b]"])
def test_names_of_any_kind_are_quoted(name: str) -> None:
    picture = Picture({name: Box(name, "Training")}, (Arrow(name, name, (name,), forced=True),))
    for line in dot(picture).splitlines():
        assert line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0
    assert all(len(line.split('"')) in (1, 3) for line in mermaid(picture).splitlines())


def test_what_flows_is_shortened() -> None:
    arrow = Arrow("a", "b", tuple("abcdefg"), forced=False)
    assert arrow.text == "a, b, c, d, 3 more"
