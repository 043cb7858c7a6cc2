"""Builders and scripts of one step in folders of their own: they are compared although no path joins them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.alignment import training_alignment
from tests.harness import write
from tests.launchers.pairs import options, said

BUILDER = """
import os

from sagemaker.inputs import TrainingInput
from sagemaker.workflow.steps import TrainingStep
from sagemaker.xgboost import XGBoost


class ChurnTrainingStepBuilder:
    def __init__(self, config):
        self.config = config

    def _create_estimator(self):
        return XGBoost(
            {code},
            role="arn:aws:iam::123456789012:role/Training",
            instance_type="ml.m5.xlarge",
            instance_count=1,
            framework_version="1.7-1",
            hyperparameters={{"deep": 4}},
        )

    def create_step(self):
        inputs = {{"train": TrainingInput("s3://churn/train/"), "valdation": TrainingInput("s3://churn/v/")}}
        return TrainingStep(name="ChurnTraining", estimator=self._create_estimator(), inputs=inputs)
"""

CONTRACT = """
CHURN_TRAINING_CONTRACT = {
    "entry_point": "churn_training.py",
    "inputs": {
        "train": {"type": "TrainingInput", "source": "s3://churn/t/", "destination": "/opt/ml/input/data/train"},
        "validation": {"type": "TrainingInput", "source": "s3://c/v/", "destination": "/opt/ml/input/data/validation"},
    },
    "outputs": {"model": {"type": "model_artifacts", "source": "/opt/ml/model", "destination": "s3://churn/m/"}},
    "hyperparameters": {"depth": 4},
    "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"},
}
"""

SCRIPT = options("'--depth', type=int") + (
    'train = open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "a.csv")).read()\n'
    'held = open(os.path.join(os.environ["SM_CHANNEL_VALIDATION"], "a.csv")).read()\n'
)


def files(code: str) -> dict[str, str]:
    """A step in the folders of the design."""
    return {
        "steps/builders/builder_churn_training_step.py": BUILDER.format(code=code),
        "steps/contracts/churn_training_contract.py": CONTRACT,
        "steps/scripts/churn_training.py": SCRIPT,
    }


NAMED = [
    'entry_point="churn_training.py"',
    'entry_point="churn_training.py", source_dir=self.config.source_dir',
    'entry_point=os.path.join(self.config.source_dir, "churn_training.py")',
    "entry_point=self.config.entry_point",
]


@pytest.mark.parametrize("code", NAMED)
def test_the_script_of_the_step_is_compared(tmp_path: Path, code: str) -> None:
    codes = {one.partition(" ")[0] for one in said(tmp_path, files(code), "TRN408", "TRN409", "TRN410")}
    assert codes == {"TRN408", "TRN410"}


@pytest.mark.parametrize(
    "code",
    [
        'entry_point="other_training.py", source_dir=self.config.source_dir',
        'entry_point=os.path.join(self.config.source_dir, "not_churn_training.py")',
        'entry_point="churn_training.py", git_config={"repo": "https://host/code"}',
        'entry_point="s3://churn/churn_training.py", source_dir=self.config.source_dir',
    ],
)
def test_another_script_is_not_that_of_the_step(tmp_path: Path, code: str) -> None:
    assert said(tmp_path, files(code), "TRN408", "TRN409", "TRN410") == []


@pytest.mark.parametrize("code", NAMED)
def test_facts_name_the_script(tmp_path: Path, code: str) -> None:
    write(tmp_path, files(code))
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    path = "steps/builders/builder_churn_training_step.py"
    shown = training_alignment("facts", path, "--format", "json", folder=tmp_path)
    (launch,) = json.loads(shown.output)["launches"]
    assert launch["script"] == "steps/scripts/churn_training.py"
