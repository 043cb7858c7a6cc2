"""One project in several layouts: a training step in every form of artefact, and the steps around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

SCRIPT: Final = """\
import json
import os

import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score


def settings():
    with open("/opt/ml/input/config/hyperparameters.json") as stream:
        given = json.load(stream)
    return {
        "max_depth": int(given["max_depth"]),
        "eta": float(given["eta"]),
        "objective": json.loads(given["objective"]),
        "num_round": int(given["num_round"]),
    }


def loans(folder):
    table = pd.read_csv(os.path.join(folder, "loans.csv"))
    return table.drop(columns=["repaid"]), table["repaid"]


def main():
    parameters = settings()
    rounds = parameters.pop("num_round")
    features, repaid = loans(os.environ["SM_CHANNEL_TRAINING"])
    held_out_features, held_out = loans("/opt/ml/input/data/validation")
    train = xgb.DMatrix(features, label=repaid)
    validation = xgb.DMatrix(held_out_features, label=held_out)
    model = xgb.train(
        params=parameters,
        dtrain=train,
        num_boost_round=rounds,
        evals=[(validation, "validation")],
        early_stopping_rounds=20,
    )
    scores = model.predict(validation)
    print("auc:", roc_auc_score(held_out, scores))
    folder = os.environ.get("SM_MODEL_DIR", "/opt/ml/model")
    model.save_model(os.path.join(folder, "model.json"))


if __name__ == "__main__":
    main()
"""

CONTRACT: Final = """\
LOAN_TRAINING_CONTRACT = {
    "inputs": {
        "training_data": {
            "type": "TrainingInput",
            "source": "s3://loans/training/",
            "destination": "/opt/ml/input/data/training",
        },
        "validation_data": {
            "type": "TrainingInput",
            "source": "s3://loans/validation/",
            "destination": "/opt/ml/input/data/validation",
        },
    },
    "outputs": {
        "model_artifacts": {
            "type": "model_artifacts",
            "source": "/opt/ml/model",
            "destination": "s3://loans/models/",
        },
    },
    "hyperparameters": {
        "max_depth": 5,
        "eta": 0.2,
        "objective": "binary:logistic",
        "num_round": 200,
    },
    "environment_variables": {
        "FRAMEWORK": "xgboost",
        "MODEL_TYPE": "classification",
    },
}
"""

SPECIFICATION: Final = """\
LOAN_TRAINING_SPEC = {
    "step_name": "loan-training",
    "estimator_config": {
        "instance_type": "ml.m5.2xlarge",
        "instance_count": 1,
        "volume_size_in_gb": 50,
        "max_run": 7200,
    },
    "inputs": ["TrainingInput"],
    "outputs": ["model_artifacts"],
    "hyperparameters": {
        "max_depth": 5,
        "eta": 0.2,
        "objective": "binary:logistic",
    },
    "code_location": "s3://loans/code/",
}
"""

FLOW: Final = """\
dependencies = {
    "upstream_steps": ["loan-cleaning", "loan-joining"],
    "input_artifacts": ["joined_training_data", "joined_validation_data"],
    "required_permissions": ["s3:GetObject", "s3:PutObject"],
    "downstream_consumers": ["loan-scoring", "loan-registration"],
}

training_pipeline_flow = {
    "data_source": "upstream_step.properties.ProcessingOutputConfig.Outputs['joined_training_data'].S3Output.S3Uri",
    "model_destination": "s3://loans/models/",
    "evaluation_consumers": ["loan-scoring-step", "loan-registration-step"],
    "hyperparameter_source": "depth-tuning-step",
}

model_artifact_flow = {
    "source": "/opt/ml/model",
    "destination": "s3://loans/models/",
    "consumers": ["loan-serving-step", "loan-forecast-step"],
    "format": "framework_specific",
}
"""

BUILDER: Final = """\
import json

from sagemaker.inputs import TrainingInput
from sagemaker.workflow.steps import TrainingStep
from sagemaker.xgboost import XGBoost


class LoanTrainingStepBuilder:
    def __init__(self):
        self.step_name = "loan-training"
        self.instance_type = "ml.m5.2xlarge"
        self.instance_count = 1
        self.role = "arn:aws:iam::123456789012:role/LoanTraining"
        self.training_data_uri = "s3://loans/training/"
        self.validation_data_uri = "s3://loans/validation/"
        self.output_path = "s3://loans/models/"
        self.entry_point = "loan_training.py"
        self.hyperparameters = {
            "max_depth": 5,
            "eta": 0.2,
            "objective": "binary:logistic",
            "num_round": 200,
        }

    def _create_estimator(self):
        return XGBoost(
            entry_point=self.entry_point,
            framework_version="1.7-1",
            instance_type=self.instance_type,
            instance_count=self.instance_count,
            role=self.role,
            max_run=7200,
            output_path=self.output_path,
            hyperparameters=self.hyperparameters,
        )

    def _prepare_hyperparameters_file(self):
        path = "/tmp/hyperparameters.json"
        with open(path, "w") as stream:
            json.dump(self.hyperparameters, stream)
        return path

    def _prepare_training_inputs(self):
        return {
            "training": TrainingInput(
                s3_data=self.training_data_uri,
                content_type="text/csv",
            ),
            "validation": TrainingInput(
                s3_data=self.validation_data_uri,
                content_type="text/csv",
            ),
        }

    def create_step(self):
        return TrainingStep(
            name=self.step_name,
            estimator=self._create_estimator(),
            inputs=self._prepare_training_inputs(),
        )
"""

REQUIREMENTS: Final = """\
required_methods = [
    "_create_estimator",
    "_prepare_hyperparameters_file",
    "_prepare_training_inputs",
    "create_step",
]

required_config = {
    "instance_type": "ml.m5.2xlarge",
    "instance_count": 1,
    "role": "arn:aws:iam::123456789012:role/LoanTraining",
    "training_data_uri": "s3://loans/training/",
    "validation_data_uri": "s3://loans/validation/",
    "entry_point": "loan_training.py",
    "hyperparameters": {"max_depth": 5, "eta": 0.2},
}
"""

CLEANING: Final = """\
LOAN_CLEANING_SPEC = {  # noqa: TRN004
    "step_name": "loan-cleaning",
    "inputs": {"raw_loans": "ProcessingInput"},
    "outputs": {"clean_loans": "ProcessingOutput"},
}
"""

JOINING: Final = """\
LOAN_JOINING_SPEC = {  # noqa: TRN004
    "step_name": "loan-joining",
    "inputs": {"clean_loans": "ProcessingInput"},
    "outputs": {
        "joined_training_data": "ProcessingOutput",
        "joined_validation_data": "ProcessingOutput",
    },
}
"""

SCORING: Final = """\
LOAN_SCORING_SPEC = {  # noqa: TRN004
    "step_name": "loan-scoring",
    "inputs": {"model": "model_artifacts"},
    "outputs": {"report": "ProcessingOutput"},
}
"""

REGISTRATION: Final = """\
LOAN_REGISTRATION_SPEC = {  # noqa: TRN004
    "step_name": "loan-registration",
    "inputs": {"model": "model_artifacts"},
    "outputs": {"package": "ModelPackage"},
}
"""

TUNING: Final = """\
DEPTH_TUNING_SPEC = {  # noqa: TRN004
    "step_name": "depth-tuning",
    "inputs": {"joined_training_data": "TrainingInput"},
    "outputs": {"best_parameters": "hyperparameters"},
    "code_location": "s3://loans/code/",
}
"""

SERVING: Final = """\
LOAN_SERVING_SPEC = {  # noqa: TRN004
    "step_name": "loan-serving",
    "inputs": {"model": "model_artifacts"},
    "outputs": {"model_name": "ModelName"},
}
"""

FORECAST: Final = """\
LOAN_FORECAST_SPEC = {  # noqa: TRN004
    "step_name": "loan-forecast",
    "inputs": {"model": "model_artifacts"},
    "outputs": {"forecast": "TransformOutput"},
}
"""

PARTS: Final[Mapping[str, str]] = {
    "script": SCRIPT,
    "contract": CONTRACT,
    "specification": SPECIFICATION,
    "flow": FLOW,
    "builder": BUILDER,
    "requirements": REQUIREMENTS,
    "cleaning": CLEANING,
    "joining": JOINING,
    "scoring": SCORING,
    "registration": REGISTRATION,
    "tuning": TUNING,
    "serving": SERVING,
    "forecast": FORECAST,
}
"""The source of each part, as it is aligned."""

_STEM: Final = {
    "cleaning": "loan_cleaning",
    "joining": "loan_joining",
    "scoring": "loan_scoring",
    "registration": "loan_registration",
    "tuning": "depth_tuning",
    "serving": "loan_serving",
    "forecast": "loan_forecast",
}
_FOLDERS: Final = {
    "script": "steps/scripts/loan_training.py",
    "contract": "steps/contracts/loan_training_contract.py",
    "specification": "steps/specs/loan_training_spec.py",
    "flow": "steps/specs/loan_training_flow.py",
    "builder": "steps/builders/builder_loan_training_step.py",
    "requirements": "steps/builders/builder_loan_training_step.py",
    **{part: f"steps/specs/{stem}_spec.py" for part, stem in _STEM.items()},
}
LAYOUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "folders": _FOLDERS,
    "flat": {part: path.rpartition("/")[2] for part, path in _FOLDERS.items()},
    "a folder for each step": {
        **{part: f"loan_training/{path.rpartition('/')[2]}" for part, path in _FOLDERS.items()},
        **{part: f"{stem}/{stem}_spec.py" for part, stem in _STEM.items()},
    },
    "one module": {
        **dict.fromkeys(_FOLDERS, "loan_training_step.py"),
        "script": "loan_training.py",
        **{part: f"{stem}_spec.py" for part, stem in _STEM.items()},
    },
}
"""The file of each part, by layout. Parts in one file follow each other in the order of ``PARTS``."""


class Project(NamedTuple):
    """The files of the project in one layout, and the first line of each part in its file, from 1."""

    files: Mapping[str, str]
    paths: Mapping[str, str]
    starts: Mapping[str, int]
    parts: Mapping[str, str]

    def place(self, part: str, text: str) -> tuple[str, int]:
        """Return the path and line of the first line of a part that contains a string."""
        lines = self.parts[part].splitlines()
        number = next((n for n, line in enumerate(lines) if text in line), None)
        if number is None:
            raise ValueError(f"the {part} has no line with {text!r}")
        return self.paths[part], self.starts[part] + number


def project(layout: str, changes: Mapping[str, tuple[tuple[str, str], ...]] | None = None) -> Project:
    """Return the project in a layout, with strings of its parts replaced; raise if a part lacks one."""
    paths = LAYOUTS[layout]
    parts = {name: _changed(name, text, (changes or {}).get(name, ())) for name, text in PARTS.items()}
    files: dict[str, str] = {}
    starts: dict[str, int] = {}
    for name, text in parts.items():
        before = files.get(paths[name], "")
        if before:
            before += "\n\n"
        starts[name] = before.count("\n") + 1
        files[paths[name]] = before + text
    return Project(files, paths, starts, parts)


def _changed(part: str, text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for old, new in replacements:
        if old not in text:
            raise ValueError(f"the {part} lacks {old!r}")
        text = text.replace(old, new, 1)
    return text
