"""Launchers in Python other than estimators and raw requests: each is checked like them."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.alignment import check
from tests.harness import write
from tests.launchers.formats import FAULTS, REQUEST, SCRIPT, assert_aligned, assert_fault

STEP_FUNCTIONS = """from sagemaker.inputs import TrainingInput
from sagemaker.sklearn import SKLearn
from stepfunctions.steps import Chain, TrainingStep
from stepfunctions.workflow import Workflow

estimator = SKLearn(
    entry_point="train.py",
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    framework_version="1.2-1",
    py_version="py3",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    volume_size=30,
    max_run=3600,
    hyperparameters={"solver": "saga"},
    metric_definitions=[{"Name": "accuracy", "Regex": "accuracy: ([0-9.]+)"}],
)
input_data_config = dict(
    train=TrainingInput("s3://churn/data/")
)
step = TrainingStep(
    "Train",
    estimator=estimator,
    job_name="churn",
    data=input_data_config,
    hyperparameters={"epochs": 3},
)
Workflow("churn", Chain([step]), "arn:aws:iam::123456789012:role/Flow").create()
"""
CORE = """from sagemaker_core.resources import TrainingJob
from sagemaker_core.shapes import (
    AlgorithmSpecification,
    Channel,
    DataSource,
    MetricDefinition,
    OutputDataConfig,
    ResourceConfig,
    S3DataSource,
    StoppingCondition,
)

job = TrainingJob.create(
    training_job_name="churn",
    role_arn="arn:aws:iam::123456789012:role/Training",
    algorithm_specification=AlgorithmSpecification(
        training_image="683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        training_input_mode="File",
        metric_definitions=[MetricDefinition(name="accuracy", regex="accuracy: ([0-9.]+)")],
    ),
    hyper_parameters={
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory": "s3://churn/code/sourcedir.tar.gz",
        "epochs": "3",
        "solver": "saga",
    },
    input_data_config=[
        Channel(
            channel_name="train",
            data_source=DataSource(s3_data_source=S3DataSource(s3_data_type="S3Prefix", s3_uri="s3://churn/data/")),
        )
    ],
    output_data_config=OutputDataConfig(s3_output_path="s3://churn/output/"),
    resource_config=ResourceConfig(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=30),
    stopping_condition=StoppingCondition(max_runtime_in_seconds=3600),
)
job.wait()
"""
CDK = """from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks


class Churn(Stack):
    def __init__(self, scope, construct_id, bucket, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        tasks.SageMakerCreateTrainingJob(
            self,
            "Train",
            training_job_name=sfn.JsonPath.string_at("$.name"),
            algorithm_specification=tasks.AlgorithmSpecification(
                training_image=tasks.DockerImage.from_registry("sagemaker-scikit-learn:1.2-1-cpu-py3"),
                training_input_mode=tasks.InputMode.FILE,
                metric_definitions=[tasks.MetricDefinition(name="accuracy", regex="accuracy: ([0-9.]+)")],
            ),
            hyperparameters={
                "sagemaker_program": "train.py",
                "epochs": "3",
                "solver": "saga",
            },
            input_data_config=[
                tasks.Channel(
                    channel_name="train",
                    data_source=tasks.DataSource(
                        s3_data_source=tasks.S3DataSource(s3_location=tasks.S3Location.from_bucket(bucket, "data"))
                    ),
                )
            ],
            output_data_config=tasks.OutputDataConfig(
                s3_output_location=tasks.S3Location.from_bucket(bucket, "output")
            ),
            resource_config=tasks.ResourceConfig(
                instance_count=1,
                instance_type=ec2.InstanceType("m5.xlarge"),
                volume_size=Size.gibibytes(30),
            ),
            stopping_condition=tasks.StoppingCondition(max_runtime=Duration.hours(1)),
        )
"""


def as_python(value: object, indent: int = 0) -> str:
    """A value as a literal, one entry a line."""
    below = " " * (indent + 4)
    if isinstance(value, dict):
        inner = "".join(f'{below}"{key}": {as_python(one, indent + 4)},\n' for key, one in value.items())
        return f"{{\n{inner}{' ' * indent}}}"
    if isinstance(value, list):
        return (
            f"[\n{''.join(f'{below}{as_python(one, indent + 4)},{chr(10)}' for one in value)}{' ' * indent}]"
        )
    return f'"{value}"' if isinstance(value, str) else str(value)


TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
    "Parameters": {
        **{name: value for name, value in REQUEST.items() if name != "TrainingJobName"},
        "TrainingJobName.$": "$$.Execution.Name",
    },
    "End": True,
}
STATES = f"""import json

import boto3

MACHINE = {as_python({"StartAt": "Train", "States": {"Train": TASK}})}

boto3.client("stepfunctions").create_state_machine(
    name="churn", definition=json.dumps(MACHINE), roleArn="arn:aws:iam::123456789012:role/Flow"
)
"""
SEVERAL_FUNCTIONS = f"""import boto3


def algorithm():
    return {as_python(REQUEST["AlgorithmSpecification"], 4)}


def resources(kind="ml.m5.xlarge"):
    return {{"InstanceType": kind, "InstanceCount": 1, "VolumeSizeInGB": 30}}


def request(name):
    parts = {{"TrainingJobName": name, "RoleArn": "arn:aws:iam::123456789012:role/Training"}}
    parts["AlgorithmSpecification"] = algorithm()
    parts.update(ResourceConfig=resources(), StoppingCondition={{"MaxRuntimeInSeconds": 3600}})
    parts["HyperParameters"] = {as_python(REQUEST["HyperParameters"], 4)}
    parts["OutputDataConfig"] = {{"S3OutputPath": "s3://churn/output/"}}
    return parts


def main():
    parts = request("churn")
    parts["InputDataConfig"] = {as_python(REQUEST["InputDataConfig"], 4)}
    boto3.client("sagemaker").create_training_job(**parts)


main()
"""
FORMATS = {
    "the Python SDK of Step Functions": STEP_FUNCTIONS,
    "sagemaker-core": CORE,
    "sagemaker-core of SDK v3": CORE.replace("sagemaker_core.", "sagemaker.core."),
    "a state machine as a dict": STATES,
    "a request of several functions": SEVERAL_FUNCTIONS,
    "the CDK": CDK,
}
NOT_OF_THE_CDK = {
    "an instance type that does not exist",
    "a volume that is too large",
    "a run that is too long",
    "a role that is no role",
}
"""The CDK writes these as objects that check themselves: instance types, sizes, durations, roles."""


@pytest.mark.parametrize("name", FORMATS)
def test_an_aligned_project_has_no_finding(tmp_path: Path, name: str) -> None:
    assert_aligned(tmp_path, {"launch.py": FORMATS[name]})


NAMED_BY_KEYS = ("the Python SDK of Step Functions", "a channel of another name")


@pytest.mark.parametrize(
    ("name", "fault"),
    [pair for pair in itertools.product(FORMATS, FAULTS) if pair[0] != "the CDK" and pair != NAMED_BY_KEYS],
)
def test_a_fault_is_reported_at_its_line(tmp_path: Path, name: str, fault: str) -> None:
    assert_fault(tmp_path, {"launch.py": FORMATS[name]}, "launch.py", fault)


def test_a_channel_of_another_name_in_a_step(tmp_path: Path) -> None:
    text = STEP_FUNCTIONS.replace("    train=TrainingInput", "    tran=TrainingInput")
    write(tmp_path, {"launch.py": text, "code/train.py": SCRIPT})
    assert [code for _, _, code in check(folder=tmp_path).places] == ["TRN408"]


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - NOT_OF_THE_CDK))
def test_a_fault_in_the_cdk_is_reported_at_its_line(tmp_path: Path, fault: str) -> None:
    assert_fault(tmp_path, {"launch.py": CDK}, "launch.py", fault)
