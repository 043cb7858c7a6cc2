"""A training step that is aligned with what is around it: each check of levels 1 to 3, one change and one finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.rules.example_pipeline import flow
from training_alignment.rules.example_step import CONTRACT, SCRIPT, SPECIFICATION, changed

from flake8_training.rules.rule import Example
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
    part, old, new, code, reported_in = ONE_CHANGE[name]
    write(tmp_path, texts(part, old, new))
    found = check("--levels=1,2", folder=tmp_path).findings
    codes = [(one["path"], one["code"]) for one in found]
    assert (PATHS[reported_in], code) in codes, codes
    allowed = {"TRN112"} if name == "model not saved" else set()
    assert {c for _, c in codes} - allowed == {code}, codes
    assert [c for _, c in codes if c == code] == [code]


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


BUILDER = """
    import json

    from sagemaker.inputs import TrainingInput
    from sagemaker.workflow.steps import TrainingStep
    from sagemaker.xgboost import XGBoost

    required_methods = [
        "_create_estimator",
        "_prepare_hyperparameters_file",
        "_prepare_training_inputs",
        "create_step",
    ]

    required_config = {
        "instance_type": "ml.m5.xlarge",
        "instance_count": 1,
        "role": "arn:aws:iam::123456789012:role/SageMakerRole",
        "training_data_uri": "s3://bucket/training/",
        "validation_data_uri": "s3://bucket/validation/",
        "entry_point": "churn_training.py",
        "hyperparameters": {"max_depth": 6, "eta": 0.3},
    }


    class ChurnTrainingStepBuilder:
        def __init__(self):
            self.step_name = "churn-training"
            self.instance_type = "ml.m5.xlarge"
            self.instance_count = 1
            self.role = "arn:aws:iam::123456789012:role/SageMakerRole"
            self.training_data_uri = "s3://bucket/training/"
            self.validation_data_uri = "s3://bucket/validation/"
            self.entry_point = "churn_training.py"
            self.hyperparameters = {
                "max_depth": 6,
                "eta": 0.3,
                "objective": "binary:logistic",
                "num_round": 100,
            }

        def _create_estimator(self):
            return XGBoost(
                entry_point=self.entry_point,
                framework_version="1.7-1",
                instance_type=self.instance_type,
                instance_count=self.instance_count,
                role=self.role,
                hyperparameters=self.hyperparameters,
            )

        def _prepare_hyperparameters_file(self):
            path = "/tmp/hyperparameters.json"
            with open(path, "w") as stream:
                json.dump(self.hyperparameters, stream)
            return path

        def _prepare_training_inputs(self):
            return {
                "training": TrainingInput(s3_data=self.training_data_uri, content_type="text/csv"),
                "validation": TrainingInput(s3_data=self.validation_data_uri, content_type="text/csv"),
            }

        def create_step(self):
            return TrainingStep(
                name=self.step_name,
                estimator=self._create_estimator(),
                inputs=self._prepare_training_inputs(),
            )
"""
BUILDER_PATH = "builder_churn_training_step.py"
CLASS = "class ChurnTrainingStepBuilder:"
ROLE = 'self.role = "arn:aws:iam::123456789012:role/SageMakerRole"'

# What is changed in the builder, and what is said at the line of which text.
OF_BUILDER = {
    "builder implements required methods": (
        ("def _prepare_training_inputs(self):", "def _training_inputs(self):"),
        ("TRN401", CLASS),
    ),
    "builder implements the method that makes the step": (
        ("def create_step(self):", "def make_step(self):"),
        ("TRN401", CLASS),
    ),
    "builder implements what its own list asks for": (
        ('"create_step",', '"create_step",\n        "validate_configuration",'),
        ("TRN401", CLASS),
    ),
    "estimator configuration is complete": (
        ("instance_type=self.instance_type,\n", "\n"),
        ("TRN402", "return XGBoost("),
    ),
    "estimator configuration has no argument of another name": (
        ("hyperparameters=self.hyperparameters,", "hyper_parameters=self.hyperparameters,"),
        ("TRN403", "hyper_parameters="),
    ),
    "estimator configuration is right": (
        ('self.instance_type = "ml.m5.xlarge"', 'self.instance_type = "ml.m5.xlagre"'),
        ("TRN211", 'self.instance_type = "'),
    ),
    "configuration parameters are there": (
        ('"hyperparameters": {"max_depth": 6, "eta": 0.3},', '"hyperparameters": {}, "volume_size": 30,'),
        ("TRN402", CLASS),
    ),
    "training input configurations are valid": (
        ('self.training_data_uri = "s3://', 'self.training_data_uri = "'),
        ("TRN412", "self.training_data_uri = "),
    ),
    "training inputs are those of the script": (
        ('"validation": TrainingInput(s3_data=self.validation_data_uri, content_type="text/csv"),', ""),
        ("TRN408", "inputs=self._prepare_training_inputs()"),
    ),
    "hyperparameters are properly structured": (
        ("hyperparameters=self.hyperparameters,", "hyperparameters=json.dumps(self.hyperparameters),"),
        ("TRN404", "hyperparameters=json"),
    ),
    "hyperparameters are those of the script": (
        ('"num_round": 100', '"num_rounds": 100'),
        ("TRN410", '"num_rounds": 100'),
    ),
    "entry point script is accessible": (
        ('self.entry_point = "churn_training.py"', 'self.entry_point = "churn_trainig.py"'),
        ("TRN406", "entry_point=self.entry_point"),
    ),
    "the role is there": (("role=self.role,", ""), ("TRN416", "return XGBoost(")),
    "the role is one": ((ROLE, ROLE.replace(":role/", ":user/")), ("TRN416", "self.role = ")),
}


def with_builder(folder: Path, old: str = "", new: str = "") -> None:
    """Write the training step of the first two levels with its builder, with one text replaced in that."""
    builder = dedented(changed(BUILDER, [(old, new)] if old else ()))
    write(folder, {**texts(), BUILDER_PATH: builder})


def test_the_builder_is_aligned_as_given(tmp_path: Path) -> None:
    with_builder(tmp_path)
    assert check("--levels=1,2,3,4", folder=tmp_path).findings == []


@pytest.mark.parametrize("name", OF_BUILDER)
def test_one_change_of_the_builder_gives_one_finding(name: str, tmp_path: Path) -> None:
    change, (code, at) = OF_BUILDER[name]
    with_builder(tmp_path, *change)
    lines = (tmp_path / BUILDER_PATH).read_text(encoding="utf-8").splitlines()
    line = next(number for number, content in enumerate(lines, 1) if at in content)
    found = [
        (one["path"], one["code"], one["line"]) for one in check(*LEVELS_OF_BUILDER, folder=tmp_path).findings
    ]
    assert found == [(BUILDER_PATH, code, line)]


LEVELS_OF_BUILDER = ("--levels=1,2,3,4",)


def test_the_role_is_not_permitted_to_store_the_model(tmp_path: Path) -> None:
    pipeline_of_three(tmp_path, FLOW, '"s3:GetObject", "s3:PutObject"', '"s3:GetObject"')
    write(tmp_path, {BUILDER_PATH: dedented(BUILDER)})
    lines = (tmp_path / FLOW).read_text(encoding="utf-8").splitlines()
    line = next(number for number, content in enumerate(lines, 1) if '"required_permissions"' in content)
    found = check("--levels=3,4", "--ignore=TRN004", folder=tmp_path).findings
    assert [(one["path"], one["code"], one["line"]) for one in found] == [(FLOW, "TRN310", line)]
