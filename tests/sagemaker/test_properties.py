"""Paths into the properties of steps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.properties import (
    STEP_CLASSES,
    Segment,
    output_name,
    parse_path,
    path_text,
    property_path,
    step_kinds,
)
from flake8_training.sagemaker.table_files import load


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("Training", "ModelArtifacts.S3ModelArtifacts"),
        ("TrainingStep", "properties.ModelArtifacts.S3ModelArtifacts"),
        ("Training", "ModelArtifacts.S3ModelArtifacts.to_string"),
        ("Training", "ModelArtifacts"),
        ("Training", "FinalMetricDataList['loss'].Value"),
        ("Training", "FinalMetricDataList[0].Value"),
        ("Training", "HyperParameters['epochs']"),
        ("Training", "InputDataConfig[0].DataSource.S3DataSource.S3Uri"),
        ("ProcessingStep", 'ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri'),
        ("Transform", "TransformOutput.S3OutputPath"),
        ("Tuning", "BestTrainingJob.TrainingJobName"),
        ("Tuning", "TrainingJobSummaries[0].TrainingJobName"),
        ("CreateModel", "ModelName"),
        ("RegisterModel", "ModelPackageArn"),
        ("ModelStep", "ModelName"),
        ("ModelStep", "ModelPackageArn"),
        ("AutoMLStep", "BestCandidateProperties.ModelInsightsJsonReportPath"),
        ("ConditionStep", "Outcome"),
        ("QualityCheckStep", "CalculatedBaselineStatistics"),
    ],
)
def test_paths_that_exist(step: str, path: str) -> None:
    assert property_path(step, path).kind == "ok"


@pytest.mark.parametrize(
    ("step", "path", "nearest", "detail"),
    [
        ("Training", "ModelArtifact.S3ModelArtifacts", "ModelArtifacts.S3ModelArtifacts", "ModelArtifact"),
        ("Training", "modelArtifacts.S3ModelArtifacts", "ModelArtifacts.S3ModelArtifacts", "modelArtifacts"),
        (
            "Training",
            "ModelArtifacts.S3ModelArtifact",
            "ModelArtifacts.S3ModelArtifacts",
            "ModelArtifacts.S3ModelArtifact",
        ),
        ("Training", "S3ModelArtifacts", "ModelArtifacts.S3ModelArtifacts", "S3ModelArtifacts"),
        ("Training", "S3Uri", None, "S3Uri"),
        ("Training", "ModelArtifacts['x']", None, "ModelArtifacts['x']"),
        ("Training", "TrainingJobName.Value", None, "TrainingJobName.Value"),
        ("Training", "TrainingJobName[0]", None, "TrainingJobName[0]"),
        ("Training", "FinalMetricDataList.Value", None, "FinalMetricDataList.Value"),
        (
            "Processing",
            "ProcessingOutputConfig.Outputs.train.S3Output.S3Uri",
            "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
            "ProcessingOutputConfig.Outputs.train",
        ),
        (
            "Processing",
            "ProcessingOutputConfig.Output['train'].S3Output.S3URI",
            "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
            "ProcessingOutputConfig.Output",
        ),
        ("Processing", "ModelArtifacts.S3ModelArtifacts", None, "ModelArtifacts"),
        ("Condition", "Outcom", "Outcome", "Outcom"),
    ],
)
def test_paths_that_do_not(step: str, path: str, nearest: str | None, detail: str) -> None:
    judgement = property_path(step, path)
    assert (judgement.kind, judgement.nearest, judgement.detail) == ("wrong", nearest, detail)


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("EMR", "x"),
        ("", "x"),
        ("Training", ""),
        ("Training", "a b"),
        ("Training", ".x"),
        ("Training", "x["),
    ],
)
def test_nothing_can_be_said(step: str, path: str) -> None:
    assert property_path(step, path).kind == "unknown"


def test_parts() -> None:
    segments = parse_path("properties.Outputs['a b'][0].X")
    assert segments == (
        Segment("attribute", "Outputs"),
        Segment("key", "a b"),
        Segment("index", 0),
        Segment("attribute", "X"),
    )
    assert path_text(segments) == "Outputs['a b'][0].X"


def test_a_key_that_is_not_known() -> None:
    path = (
        Segment("attribute", "ProcessingOutputConfig"),
        Segment("attribute", "Outputs"),
        Segment("key"),
        Segment("attribute", "S3Outputs"),
    )
    judgement = property_path("Processing", path)
    assert judgement.nearest == "ProcessingOutputConfig.Outputs[...].S3Output"


def test_output_name() -> None:
    assert output_name(parse_path("ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri") or ()) == "train"
    assert output_name(parse_path("ProcessingOutputConfig.Outputs[0].S3Output.S3Uri") or ()) is None
    assert output_name(()) is None


def test_every_kind_of_step() -> None:
    assert set(STEP_CLASSES.values()) <= step_kinds()
    counts = {kind: sum(1 for _ in _paths(kind)) for kind in load("property_trees")["steps"]}
    assert counts["Training"] > 150
    assert all(count > 10 for count in counts.values())


def _paths(kind: str) -> Any:
    table = load("property_trees")

    def below(node: Any, text: str) -> Any:
        if isinstance(node, list):
            yield from below(node[0], f"{text}[0]")
        elif isinstance(node, dict):
            yield from below(node["*"], f"{text}['k']")
        else:
            yield text
            for name, member in table["shapes"].get(node, {}).items():
                yield from below(member, f"{text}.{name}")

    for shape in table["steps"][kind]:
        for name, member in table["shapes"][shape].items():
            yield from below(member, name)


@pytest.mark.parametrize("kind", sorted(load("property_trees")["steps"]))
def test_every_path_of_the_table_exists(kind: str) -> None:
    for path in _paths(kind):
        assert property_path(kind, path).kind == "ok"
        segments = parse_path(path)
        assert segments is not None
        assert path_text(segments) == path


PIECES = st.sampled_from(
    [".ModelArtifacts", ".Outputs", "['x']", "[0]", ".S3Uri", "ModelArtifact", ".", "[", "x", "''"]
)


@given(st.sampled_from(sorted(step_kinds())), st.one_of(st.text(max_size=20), st.lists(PIECES).map("".join)))
def test_anything_is_judged(kind: str, path: str) -> None:
    judgement = property_path(kind, path)
    assert judgement.kind in {"ok", "wrong", "unknown"}
    if judgement.nearest is not None:
        assert property_path(kind, judgement.nearest).kind == "ok"
