"""TRN105: a processing job that gets the model of the training may evaluate it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import said

TRAIN = """
import os
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression

rows = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
model = LogisticRegression().fit(rows[["a"]], rows["y"])
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
MEASURE = """
import joblib
import pandas as pd
from sklearn.metrics import accuracy_score

model = joblib.load("/opt/ml/processing/model/model.joblib")
rows = pd.read_csv("/opt/ml/processing/test/test.csv")
print(accuracy_score(rows["y"], model.predict(rows[["a"]])))
"""
PACK = """
import shutil

shutil.copytree("/opt/ml/processing/model", "/opt/ml/processing/packed")
"""
PIPELINE = """
from sagemaker.processing import ProcessingInput
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

on = dict(role="r", instance_type="ml.m5.xlarge", instance_count=1, sagemaker_session=PipelineSession())
estimator = SKLearn("train.py", "1.2-1", py_version="py3", **on)
other = SKLearn("other.py", "1.2-1", py_version="py3", **on)
train = TrainingStep("Train", step_args=estimator.fit({{"train": "s3://b/train"}}))
second = TrainingStep("Second", step_args=other.fit({{"train": "s3://b/train"}}))
job = SKLearnProcessor("1.2-1", **on)
evaluate = ProcessingStep("Evaluate", step_args=job.run(
    code="evaluate.py",
    inputs=[ProcessingInput(source={source}, destination="/opt/ml/processing/model")],
))
"""
ARTIFACTS = "properties.ModelArtifacts.S3ModelArtifacts"


@pytest.mark.parametrize(
    ("source", "script", "count"),
    [
        (f"train.{ARTIFACTS}", MEASURE, 0),
        ("estimator.model_data", MEASURE, 0),
        (f"train.{ARTIFACTS}", "import churn\nchurn.evaluate()\n", 0),
        (f"train.{ARTIFACTS}", PACK, 1),
        (f"second.{ARTIFACTS}", MEASURE, 1),
        ("other.model_data", MEASURE, 1),
        ("train.properties.TrainingJobName", MEASURE, 1),
        ("'s3://b/S3ModelArtifacts/model_data'", MEASURE, 1),
    ],
)
def test_another_job_evaluates_the_model(source: str, script: str, count: int, tmp_path: Path) -> None:
    files = {
        "pipeline.py": PIPELINE.format(source=source),
        "train.py": TRAIN,
        "other.py": "print(1)\n",
        "evaluate.py": script,
    }
    assert len(said(tmp_path, files, "TRN105")) == count
