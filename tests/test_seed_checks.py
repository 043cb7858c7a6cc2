"""A training step that is aligned with what is around it: each check of levels 1 to 3, one change and one finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.levels.example_files import CONTRACT, SCRIPT, SPECIFICATION, changed
from training_alignment.levels.pipeline_example import flow

from flake8_training.rules.base import Example
from tests.alignment import check
from tests.harness import write
from tests.test_command import dedented

PATHS = {
    "script": "churn_training.py",
    "contract": "churn_training_contract.py",
    "specification": "churn_training_spec.py",
}
TEXTS = {"script": SCRIPT, "contract": CONTRACT, "specification": SPECIFICATION}

ONE_CHANGE = {
    "input types": (
        "specification",
        '"validation_data": "TrainingInput"',
        '"validation_data": "ProcessingInput"',
        "TRN203",
        "specification",
    ),
    "input left out": (
        "specification",
        '        "validation_data": "TrainingInput",\n',
        "",
        "TRN201",
        "contract",
    ),
    "output types": (
        "specification",
        ': "model_artifacts"',
        ': "processing_output"',
        "TRN206",
        "specification",
    ),
    "hyperparameter unknown": (
        "specification",
        '"max_depth": 6',
        '"depth_of_trees": 6',
        "TRN207",
        "specification",
    ),
    "hyperparameter differs": ("specification", '"eta": 0.3', '"eta": 0.5', "TRN208", "specification"),
    "estimator configuration": ("specification", '        "max_run": 3600,\n', "", "TRN210", "specification"),
    "instance type": ("specification", "ml.m5.xlarge", "ml.m5.xlagre", "TRN211", "specification"),
    "instance count": (
        "specification",
        '"instance_count": 1',
        '"instance_count": 0',
        "TRN211",
        "specification",
    ),
    "code location": (
        "specification",
        '        "code_location": "s3://bucket/code/",\n',
        "",
        "TRN212",
        "specification",
    ),
    "contract variable": ("contract", '        "MODEL_TYPE": "classification",\n', "", "TRN213", "contract"),
    "container path": (
        "contract",
        "/opt/ml/input/data/validation",
        "/opt/ml/inputs/data/validation",
        "TRN214",
        "contract",
    ),
    "framework": ("contract", '"FRAMEWORK": "xgboost"', '"FRAMEWORK": "lightgbm"', "TRN125", "contract"),
    "hyperparameter misspelt": ("script", 'given["eta"]', 'given.get("etas", 0.3)', "TRN158", "script"),
    "data not read": (
        "script",
        'os.environ["SM_CHANNEL_VALIDATION"]',
        'os.environ["SM_CHANNEL_TRAINING"]',
        "TRN151",
        "contract",
    ),
    "model not saved": ("script", 'os.environ["SM_MODEL_DIR"]', '"/tmp"', "TRN104", "script"),
}


def texts(part: str = "", old: str = "", new: str = "") -> dict[str, str]:
    """The three files, with one text replaced in one of them."""
    return {
        PATHS[name]: dedented(changed(text, [(old, new)] if name == part else ()))
        for name, text in TEXTS.items()
    }


def test_aligned_as_given(tmp_path: Path) -> None:
    write(tmp_path, texts())
    assert check("--levels=1,2", folder=tmp_path).findings == []


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_one_change_gives_one_finding(name: str, tmp_path: Path) -> None:
    part, old, new, code, told_in = ONE_CHANGE[name]
    write(tmp_path, texts(part, old, new))
    found = check("--levels=1,2", folder=tmp_path).findings
    codes = [(one["path"], one["code"]) for one in found]
    assert (PATHS[told_in], code) in codes, codes
    allowed = {"TRN112"} if name == "model not saved" else set()
    assert {c for _, c in codes} - allowed == {code}, codes
    assert len([c for _, c in codes if c == code]) == 1


PREPROCESSING = "specs/data_preprocessing_spec.py"
FLOW = "specs/churn_training_flow.py"
EVALUATION = "specs/model_evaluation_spec.py"
HYPERPARAMETERS = "churn_hyperparameters.json"

# What is changed where, and what is said at the line of which text.
BETWEEN_STEPS = {
    "upstream data preprocessing steps are satisfied": (
        (PREPROCESSING, '"validation_data": "ProcessingOutput",', '"test_data": "ProcessingOutput",'),
        (FLOW, "TRN302", '"input_artifacts"'),
    ),
    "training data sources are available and accessible": (
        (FLOW, "Outputs['training_data']", "Outputs['trainig_data']"),
        (FLOW, "TRN307", '"data_source"'),
    ),
    "model artifact destinations are configured": (
        (FLOW, '"model_destination": "s3://bucket/models/",', '"model_destination": "bucket/models/",'),
        (FLOW, "TRN308", '"model_destination"'),
    ),
    "downstream model consumers are compatible": (
        (EVALUATION, '"model": "model_artifacts"', '"report": "processing_output"'),
        (FLOW, "TRN305", '"evaluation_consumers"'),
    ),
    "hyperparameter sources are valid": (
        (FLOW, f'"{HYPERPARAMETERS}"', '"churn_parameters.json"'),
        (FLOW, "TRN309", '"hyperparameter_source"'),
    ),
    "permission requirements are met": (
        (FLOW, '"s3:GetObject", "s3:PutObject"', '"s3:GetObject", "s3:ListBucket"'),
        (FLOW, "TRN310", '"required_permissions"'),
    ),
}
# That the steps around it have no contract is not what this is about.
LEVELS = "--levels=1,2,3", "--ignore=TRN004"


def pipeline_of_three(folder: Path, path: str = "", old: str = "", new: str = "") -> None:
    """Write a training step between two others, with one text replaced in one file."""
    files = Example({**flow(), "scripts/churn_training.py": SCRIPT}).files
    write(folder, {name: changed(text, [(old, new)] if name == path else ()) for name, text in files.items()})


def test_the_three_steps_are_aligned_as_given(tmp_path: Path) -> None:
    pipeline_of_three(tmp_path)
    assert check(*LEVELS, folder=tmp_path).findings == []


@pytest.mark.parametrize("name", BETWEEN_STEPS)
def test_one_change_between_steps_gives_one_finding(name: str, tmp_path: Path) -> None:
    change, (path, code, at) = BETWEEN_STEPS[name]
    pipeline_of_three(tmp_path, *change)
    lines = (tmp_path / path).read_text(encoding="utf-8").splitlines()
    line = next(number for number, content in enumerate(lines, 1) if at in content)
    found = [(one["path"], one["code"], one["line"]) for one in check(*LEVELS, folder=tmp_path).findings]
    assert found == [(path, code, line)]
