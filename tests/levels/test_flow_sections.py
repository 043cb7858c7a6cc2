"""Flow tables as sections of an artefact, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from training_alignment import check

from tests.harness import write

SPECIFICATION: dict[str, Any] = {
    "step_name": "turbine-training",
    "estimator_config": {
        "instance_type": "ml.m5.xlarge",
        "instance_count": 1,
        "volume_size_in_gb": 30,
        "max_run": 7200,
    },
    "inputs": ["TrainingInput"],
    "outputs": ["model_artifacts"],
    "hyperparameters": {"max_depth": 5, "eta": 0.1},
    "code_location": "s3://wind-park/code",
}
PIPELINE = {
    "data_source": "s3://wind-park/turbines/",
    "model_destination": "s3://wind-park/models/",
    "hyperparameter_source": "static",
}
ARTIFACT = {"source": "/opt/ml/model", "destination": "s3://wind-park/models/"}

SECTIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "right": ({"training_pipeline_flow": PIPELINE, "model_artifact_flow": ARTIFACT}, []),
    "no S3 location": (
        {"training_pipeline_flow": {**PIPELINE, "model_destination": "/opt/ml/model"}},
        ["TRN308"],
    ),
    "no S3 location of the artifact": (
        {"model_artifact_flow": {**ARTIFACT, "destination": "s3:/wind-park/models/"}},
        ["TRN308"],
    ),
    "no source of data": (
        {"training_pipeline_flow": {k: v for k, v in PIPELINE.items() if k != "data_source"}},
        ["TRN303"],
    ),
    "no file of hyperparameters": (
        {"training_pipeline_flow": {**PIPELINE, "hyperparameter_source": "hyperparameters/wind.json"}},
        ["TRN309"],
    ),
    "the section misspelt": ({"training_pipline_flow": PIPELINE}, ["TRN002"]),
    "a key misspelt": (
        {"model_artifact_flow": {**ARTIFACT, "consumer": []}},
        ["TRN002"],
    ),
    # A table without the keys of a flow is none.
    "a table of another kind": ({"turbine_pipeline_flow": {"schedule": "daily"}}, []),
}


def dumped(suffix: str, content: dict[str, Any]) -> str:
    if suffix == "py":
        return f"TURBINE_TRAINING_SPEC = {content!r}\n"
    if suffix == "step.yaml":
        spec = {k: v for k, v in content.items() if k not in ("step_name",)}
        return yaml.safe_dump({"step_type": "TurbineTraining", "spec": spec})
    return json.dumps(content, indent=1) if suffix == "json" else yaml.safe_dump(content)


@pytest.mark.parametrize("suffix", ["py", "yaml", "json", "step.yaml"])
@pytest.mark.parametrize("name", SECTIONS)
def test_flow_tables_in_a_specification(name: str, suffix: str, tmp_path: Path) -> None:
    sections, expected = SECTIONS[name]
    stem = "turbine_training" if suffix == "step.yaml" else "turbine_training_spec"
    write(tmp_path, {f"specs/{stem}.{suffix}": dumped(suffix, {**SPECIFICATION, **sections})})
    assert [f.code for f in check(root=tmp_path, ignore=["TRN004"])] == expected


@pytest.mark.parametrize("suffix", ["py", "yaml", "json"])
def test_flow_tables_in_a_contract(suffix: str, tmp_path: Path) -> None:
    contract = {
        "inputs": {"rows": {"type": "TrainingInput", "destination": "/opt/ml/input/data/rows"}},
        "outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model"}},
        "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "regression"},
        "training_pipeline_flow": {**PIPELINE, "model_destination": "/opt/ml/model"},
    }
    text = dumped(suffix, contract).replace("TURBINE_TRAINING_SPEC", "TURBINE_TRAINING_CONTRACT")
    write(tmp_path, {f"contracts/turbine_training_contract.{suffix}": text})
    assert [f.code for f in check(root=tmp_path, ignore=["TRN004"])] == ["TRN308"]


def test_flow_tables_at_the_top_of_a_step_file(tmp_path: Path) -> None:
    spec = {k: v for k, v in SPECIFICATION.items() if k != "step_name"}
    content = {
        "step_type": "TurbineTraining",
        "spec": spec,
        "training_pipeline_flow": {**PIPELINE, "model_destination": "/opt/ml/model"},
    }
    write(tmp_path, {"specs/turbine_training.step.yaml": yaml.safe_dump(content)})
    assert [f.code for f in check(root=tmp_path, ignore=["TRN004"])] == ["TRN308"]


def test_the_flow_is_right_where_the_contract_is_wrong(tmp_path: Path) -> None:
    contract = """\
TURBINE_TRAINING_CONTRACT = {
    "inputs": {"rows": {"type": "TrainingInput", "destination": "/opt/ml/input/data/rows"}},
    "outputs": {"model": {"type": "model_artifacts", "source": "%s"}},
    "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "regression"},
}
model_artifact_flow = {"source": "%s", "destination": "s3://wind-park/models/", "format": "%s"}
"""
    path = "contracts/turbine_training_contract.py"
    for values, expected in [
        (("/opt/ml/models", "/opt/ml/model", "xgboost"), ["TRN214"]),
        (("/opt/ml/model", "/opt/ml/models", "xgboost"), ["TRN304"]),
        (("/opt/ml/model", "/opt/ml/model", "h5"), ["TRN304"]),
        (("/opt/ml/model", "/opt/ml/model", "framework_specific"), []),
    ]:
        write(tmp_path, {path: contract % values})
        assert [f.code for f in check(root=tmp_path, ignore=["TRN004"])] == expected
