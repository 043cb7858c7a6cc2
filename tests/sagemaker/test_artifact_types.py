"""What the words for types of inputs and outputs stand for."""

from __future__ import annotations

import pytest

from flake8_training.sagemaker.artifact_types import same_type, type_fits


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("model_artifacts", "model-artifacts", True),
        ("model_artifacts", "processing_output", False),
        ("TrainingInput", "ProcessingInput", False),
        ("ProcessingOutput", "model_artifacts", False),
        ("TransformOutput", "model_artifacts", False),
        ("ProcessingOutput", "evaluation_output", True),
        # A class that takes any content, and words in no table, are not compared.
        ("TrainingInput", "training_data", None),
        ("TrainingInput", "model_artifacts", None),
        ("ProcessingOutput", "cargo", None),
        ("CargoOutput", "model_artifacts", None),
    ],
)
def test_types_of_one_port(one: str, other: str, expected: bool | None) -> None:
    assert same_type(one, other) is expected
    assert same_type(other, one) is expected


def test_a_processing_job_may_write_a_model() -> None:
    assert same_type("ProcessingOutput", "model_artifacts", "Processing") is None
    assert same_type("ProcessingOutput", "model_artifacts", "Training") is False


@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        ("training_data", "ProcessingOutput", True),
        ("model_artifacts", "ProcessingOutput", False),
        ("training_data", "model_artifacts", False),
        ("hyperparameters", "custom_property", True),
        ("custom_property", "hyperparameters", False),
        ("hyperparameters", "processing_output", True),
        ("TrainingInput", "model_artifacts", None),
        ("training_data", "cargo", None),
    ],
)
def test_an_output_as_an_input(wanted: str, offered: str, expected: bool | None) -> None:
    assert type_fits(wanted, offered) is expected
