"""TRN209 over launchers: the hyperparameters without which a built-in algorithm fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_training.finding import Severity
from tests.alignment import check
from tests.harness import write
from tests.launchers.pairs import findings, notebook, said

HEAD = """
import boto3
import sagemaker
from sagemaker import image_uris
from sagemaker.estimator import Estimator
from sagemaker.tuner import HyperparameterTuner, IntegerParameter

role = sagemaker.get_execution_role()
def make(name, **more):
    pass
"""


def launch(name: str, more: str = "", tail: str = "e.fit({'train': 's3://b/x'})") -> str:
    """The text of a launcher of a built-in algorithm."""
    image = f"image_uris.retrieve('{name}', 'eu-west-1', '1')"
    return f"{HEAD}\ne = Estimator({image}, role, 1, 'ml.m5.xlarge', {more})\n{tail}\n"


REQUEST = """
boto3.client("sagemaker").create_training_job(
    TrainingJobName="x", RoleArn="arn:aws:iam::123456789012:role/R", OutputDataConfig={"S3OutputPath": "s3://b/o"},
    AlgorithmSpecification={
        "TrainingInputMode": "File",
        "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1",
    },
    InputDataConfig=[{"ChannelName": "train"}], StoppingCondition={"MaxRuntimeInSeconds": 60}, Environment={},
    HyperParameters={%s},
)
"""
TUNE = """
t = HyperparameterTuner(e, "validation:auc", {%s})
t.fit({"train": "s3://b/x"})
"""
LACKING = {
    "none": (launch("xgboost"), ["num_round"]),
    "others": (launch("xgboost", "hyperparameters={'objective': 'reg:linear'}"), ["num_round"]),
    "k-means": (launch("kmeans", "hyperparameters={'k': 3}"), ["feature_dim"]),
    "objects": (launch("object-detection", "hyperparameters={}"), ["num_classes", "num_training_samples"]),
    "a later dict": (
        launch("ntm", "", "e.set_hyperparameters(num_topics=3)\ne.fit('s3://b/x')"),
        ["feature_dim"],
    ),
    "tuned": (
        launch(
            "pca",
            "hyperparameters={'feature_dim': 3, 'mini_batch_size': 2}",
            TUNE % "'x': IntegerParameter(1, 3)",
        ),
        ["num_components"],
    ),
    "a request": (HEAD + REQUEST % "'eta': '0.1'", ["num_round"]),
}
ENOUGH = {
    "all": launch("xgboost", "hyperparameters={'num_round': 9}"),
    "set later": launch("xgboost", "", "e.set_hyperparameters(num_round=3)\ne.fit('s3://b/x')"),
    "tuned": launch("xgboost", "", TUNE % "'num_round': IntegerParameter(1, 3)"),
    "not known": launch("xgboost", "hyperparameters=read()"),
    "more that are not known": launch("xgboost", "hyperparameters={'eta': 1, **read()}"),
    "ranges that are not known": launch("xgboost", "", "HyperparameterTuner(e, 'x', read()).fit('s3://b/x')"),
    "a script": launch("xgboost", "entry_point='train.py'"),
    "no algorithm": launch("pytorch"),
    "a request": HEAD + REQUEST % "'num_round': '9'",
    "never started": launch("xgboost", "", ""),
}


@pytest.mark.parametrize("name", LACKING)
def test_lacking(tmp_path: Path, name: str) -> None:
    text, missing = LACKING[name]
    found = said(tmp_path, {"launch.py": text}, "TRN209")
    assert [one.rpartition(" without ")[2] for one in found] == missing


@pytest.mark.parametrize("name", ENOUGH)
def test_enough(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, {"launch.py": ENOUGH[name]}, "TRN209") == []


def test_the_job_fails(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"launch.ipynb": notebook(launch("xgboost"))}, "TRN209")
    assert found.severity is Severity.ERROR


CLASSES = """
import sagemaker
from sagemaker import LDA, KMeans

role = "arn:aws:iam::123456789012:role/Training"
l = LDA(role=role, instance_type="ml.m5.large", num_topics=3)
l.fit(l.record_set(rows), mini_batch_size=200)
k = KMeans(role=role, instance_count=1, instance_type="ml.m5.lage", k=3, num_trial=2)
k.fit([k.record_set(rows, channel="train"), k.record_set(more, channel="test")], wai=False)
"""


def test_the_classes_of_built_in_algorithms(tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": CLASSES})
    found = check("--select=TRN2,TRN4", folder=tmp_path).findings
    assert [one["message"].partition(": ")[2] for one in found] == [
        "there is no instance type ml.m5.lage, did you mean ml.m5.large?",
        "KMeans has no num_trial, did you mean num_trials?",
        "fit() has no wai",
    ]
