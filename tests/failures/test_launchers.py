"""Failures whose cause stands in the launcher alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.failures.case import GITHUB, Failure, assert_said_by_flake8, name

SDK = f"{GITHUB}aws/sagemaker-python-sdk/issues"
ESTIMATOR = """
import json

import sagemaker
from sagemaker.{package} import {name}

estimator = {name}(  {mark}
    role=sagemaker.get_execution_role(),
    instance_count=1,
    {given}
)
estimator.fit({inputs})
"""
TUNER = """
from sagemaker.tuner import CategoricalParameter, HyperparameterTuner, IntegerParameter

tuner = HyperparameterTuner(
    estimator,
    objective_metric_name="loss",
    hyperparameter_ranges={"depth": IntegerParameter(1, 3), "booster": CategoricalParameter(["gbtree", "dart"])},
    metric_definitions=[{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
"""
PIPELINE = """
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

bucket = ParameterString(name="Bucket", default_value="churn")
folds = ParameterInteger(name="KFold", default_value=5)
estimator = Estimator(
    image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",
    role=sagemaker.get_execution_role(),
    instance_type="ml.m5.xlarge",
    instance_count=1,
    {given}
)
step = TrainingStep(name="Train", step_args=estimator.fit({{"train": "s3://churn/train"}}))
"""
EVALUATION = """
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.functions import JsonGet
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep

report = PropertyFile(name="Report", output_name="{output}", path="evaluation.json")
processor = ScriptProcessor(
    role="arn:aws:iam::123456789012:role/Training",
    image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/evaluate:1",
    command=["python3"],
    instance_type="ml.m5.xlarge",
    instance_count=1,
    sagemaker_session=PipelineSession(),
)
evaluation = ProcessingStep(
    name="Evaluate",
    step_args=processor.run(
        code="evaluate.py",
        outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
    ),
    {files}
)
score = JsonGet(
    step_name=evaluation.name,
    property_file=report,{mark}
    json_path="metrics.auc",
)
"""
GENERAL = 'image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1",\n    instance_type="ml.m5.xlarge",\n    '
TORCH = 'entry_point="train.py",\n    framework_version="2.1.0",\n    py_version="py310",\n    '
LABELS = [f"a label with a long name of its own, number {number}" for number in range(140)]


def launcher(
    given: str, estimator: str = "Estimator", mark: str = "", inputs: str = '"s3://churn/train"'
) -> dict[str, str]:
    """A launcher with one estimator."""
    text = ESTIMATOR.format(
        package=estimator.lower(), name=estimator, given=given, mark=mark and f"# {mark}", inputs=inputs
    )
    return {"launch.py": text}


def tuner(jobs: str) -> dict[str, str]:
    """A launcher with a tuner of six combinations."""
    return {"launch.py": launcher(GENERAL)["launch.py"] + TUNER + f"    {jobs}\n)\n"}


def torch(instance: str, distribution: str) -> dict[str, str]:
    """A launcher of a distributed training."""
    return launcher(f"{TORCH}{instance}\n    {distribution}", "PyTorch")


def pipeline(given: str, session: str = "PipelineSession()") -> dict[str, str]:
    """A pipeline with a training step."""
    more = f"{given}\n    sagemaker_session={session}" if session else given
    return {"pipeline.py": PIPELINE.format(given=more)}


def evaluation(output: str, files: str, mark: str = "") -> dict[str, str]:
    """A pipeline that reads a number out of a processing step's report."""
    return {"pipeline.py": EVALUATION.format(output=output, files=files, mark=mark and f"  # {mark}")}


FAILURES = [
    Failure(
        f"{SDK}/5317",
        launcher(
            'entry_point=None,\n    framework_version="1.7-1",\n    instance_type="ml.m5.xlarge",\n'
            '    hyperparameters={"objective": "reg:squarederror"},',
            "XGBoost",
            "TRN402",
        ),
        launcher(GENERAL + 'hyperparameters={"objective": "reg:squarederror"},'),
    ),
    Failure(
        f"{GITHUB}aws-samples/amazon-sagemaker-pytorch-detectron2/issues/10",
        launcher(f'{GENERAL}hyperparameters={{\n        "labels": json.dumps({LABELS}),  # TRN404\n    }},'),
        launcher(f'{GENERAL}hyperparameters={{\n        "labels": json.dumps({LABELS[:3]}),\n    }},'),
    ),
    Failure(
        f"{GITHUB}aws/amazon-sagemaker-examples/issues/3881",
        launcher(f'{GENERAL}output_path="https://s3-us-west-2.amazonaws.com/churn/output",  # TRN404'),
        launcher(f'{GENERAL}output_path="s3://churn/output",'),
    ),
    Failure(
        f"{GITHUB}aws/amazon-sagemaker-operator-for-k8s/issues/123",
        tuner("max_jobs=10,  # TRN404"),
        tuner("max_jobs=6,"),
    ),
    Failure(
        f"{SDK}/2275",
        launcher(f"{GENERAL}metrics_definitions=[],  # TRN403"),
        launcher(f"{GENERAL}metric_definitions=[],"),
    ),
    Failure(
        f"{GITHUB}udacity/ML_SageMaker_Studies/issues/15",
        launcher(
            'entry_point="train.py",\n    framework_version="2.1",\n    instance_type="ml.m5.xlarge",',
            "PyTorch",
            "TRN402",
        ),
        launcher(f'{TORCH}instance_type="ml.m5.xlarge",', "PyTorch"),
    ),
    Failure(
        f"{SDK}/4988",
        torch(
            'instance_type="ml.p5.48xlarge",  # TRN211',
            'distribution={"smdistributed": {"dataparallel": {"enabled": True}}},',
        ),
        torch(
            'instance_type="ml.p4d.24xlarge",',
            'distribution={"smdistributed": {"dataparallel": {"enabled": True}}},',
        ),
    ),
    Failure(
        f"{SDK}/5515",
        torch(
            'instance_type="ml.m5.xlarge",  # TRN211',
            'distribution={"torch_distributed": {"enabled": True}},',
        ),
        torch('instance_type="ml.g5.xlarge",', 'distribution={"torch_distributed": {"enabled": True}},'),
    ),
    Failure(
        f"{SDK}/3123",
        pipeline('output_path=f"s3://{bucket}/output",  # TRN422'),
        pipeline('output_path=Join(on="/", values=["s3:/", bucket, "output"]),'),
    ),
    Failure(
        f"{GITHUB}aws-samples/sagemaker-cross-validation-pipeline/issues/1",
        pipeline('hyperparameters={"k": str(folds)},  # TRN422'),
        pipeline('hyperparameters={"k": folds.to_string()},'),
    ),
    Failure(
        f"{GITHUB}aws/amazon-sagemaker-examples/issues/3474",
        pipeline("", "sagemaker.Session(),  # TRN402"),
        pipeline(""),
    ),
    Failure(
        f"{SDK}/3642",
        evaluation("evaluation", "", "TRN306"),
        evaluation("evaluation", "property_files=[report],"),
    ),
    Failure(
        f"{SDK}/3642#output",
        evaluation("evaluations", "property_files=[report],", "TRN306"),
        evaluation("evaluation", "property_files=[report],"),
    ),
]


@pytest.mark.parametrize("failure", FAILURES, ids=name)
def test_failure(failure: Failure, tmp_path: Path) -> None:
    assert_said_by_flake8(failure, tmp_path)
