"""TRN212: code in S3 that is no archive."""

from __future__ import annotations

import pytest

from tests.rules.marked import findings

LAUNCHER = """
import os

import boto3
from sagemaker.estimator import Estimator
from sagemaker.pytorch import PyTorch

BUCKET = "churn"
on = dict(role="arn:aws:iam::123456789012:role/Training", instance_type="ml.m5.xlarge", instance_count=1)
torch = dict(entry_point="train.py", framework_version="2.1", py_version="py310", **on)
own = dict(image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1", **on)
"""
REQUEST = """
boto3.client("sagemaker").create_training_job(
    TrainingJobName="churn",
    AlgorithmSpecification={"TrainingImage": own["image_uri"], "TrainingInputMode": "File"},
    HyperParameters={"sagemaker_program": "train.py", "sagemaker_submit_directory": LOCATION},
    OutputDataConfig={"S3OutputPath": "s3://churn/models"},
    ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    RoleArn=on["role"],
    StoppingCondition={"MaxRuntimeInSeconds": 3600},
)
"""
PROGRAM = 'hyperparameters={"sagemaker_program": "train.py", "sagemaker_submit_directory": LOCATION}'


@pytest.mark.parametrize(
    "code",
    [
        'PyTorch(source_dir="s3://churn/code", **torch).fit()',
        'PyTorch(source_dir="s3://churn/code/", **torch).fit()',
        'PyTorch(source_dir="s3://churn", **torch).fit()',
        'PyTorch(source_dir="s3://churn/code/train.py", **torch).fit()',
        'PyTorch(source_dir=f"s3://{BUCKET}/code", **torch).fit()',
        "PyTorch(source_dir=f\"s3://{os.environ['BUCKET']}/code\", **torch).fit()",
        REQUEST.replace("LOCATION", 'f"s3://{BUCKET}/code"'),
        REQUEST.replace("LOCATION", "'\"s3://churn/code\"'"),
        f"Estimator({PROGRAM}, **own).fit()".replace("LOCATION", '"s3://churn/code"'),
    ],
)
def test_a_folder(code: str) -> None:
    assert [one.code for one in findings("TRN212", LAUNCHER + code)] == ["TRN212"]


@pytest.mark.parametrize(
    "code",
    [
        'PyTorch(source_dir="s3://churn/code/sourcedir.tar.gz", **torch).fit()',
        'PyTorch(source_dir="s3://churn/code/source.tgz", **torch).fit()',
        'PyTorch(source_dir="code", **torch).fit()',
        "PyTorch(source_dir=os.environ['CODE'], **torch).fit()",
        "PyTorch(source_dir=f\"s3://churn/{os.environ['CODE']}\", **torch).fit()",
        "PyTorch(source_dir=f\"s3://churn/code-{os.environ['CODE']}-1\", **torch).fit()",
        'PyTorch(source_dir="s3://churn/code" if BUCKET else "code", **torch).fit()',
        'PyTorch(output_path="s3://churn/code", **torch).fit()',
        REQUEST.replace("LOCATION", '"s3://churn/code/sourcedir.tar.gz"'),
        REQUEST.replace("LOCATION", '"/opt/ml/code"'),
        f"Estimator({PROGRAM}, **own).fit()".replace("LOCATION", '"/opt/ml/code"'),
    ],
)
def test_an_archive_or_another_location(code: str) -> None:
    assert findings("TRN212", LAUNCHER + code) == []
