"""Members of requests that start processing jobs: misspelt or missing ones (TRN434)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.launchers.pairs import said
from tests.rules.marked import assert_marked

CALL = """
import boto3

boto3.client("sagemaker").create_processing_job(
    ProcessingJobName="prepare",
    RoleArn="arn:aws:iam::123456789012:role/Processing",
    AppSpecification={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1"},
    ProcessingResources={
        "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    },
    ProcessingInputs=[
        {
            "InputName": "raw",
            "S3Input": {"S3Uri": "s3://b/raw", "LocalPath": "/opt/ml/processing/raw", "S3DataType": "S3Prefix"},
        }
    ],
)
"""


def test_right() -> None:
    assert_marked("TRN434", CALL)


def test_a_misspelt_member() -> None:
    assert_marked("TRN434", CALL.replace("    ProcessingInputs=[", "    ProcessingInput=[  # TRN434"))


def test_a_misspelt_member_of_a_structure() -> None:
    text = CALL.replace('"InstanceCount": 1', '\n        "InstanceCounts": 1  # TRN434\n        ')
    assert_marked("TRN434", text)


def test_a_missing_member() -> None:
    text = CALL.replace("create_processing_job(", "create_processing_job(  # TRN434")
    image = '    AppSpecification={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1"},\n'
    assert image in text
    assert_marked("TRN434", text.replace(image, ""))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # the members may come from elsewhere
        ("    ProcessingInputs=[", "    **read(),\n    ProcessingInputs=["),
        ('{"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}', "read()"),
        # neither a method of boto3's request nor a member
        ("import boto3\n", "import boto3\n\nprint({'ProcessingInput': 1})\n"),
    ],
)
def test_members_that_are_unknown_or_elsewhere(old: str, new: str) -> None:
    assert old in CALL
    text = CALL.replace(old, new)
    image = '    AppSpecification={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/prepare:1"},\n'
    assert_marked("TRN434", text.replace(image, "") if "**read" in new else text)


def machine(parameters: dict[str, object], resource: str = "createProcessingJob") -> str:
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::sagemaker:{resource}.sync",
        "Parameters": parameters,
        "End": True,
    }
    return f"MACHINE = {json.dumps({'StartAt': 'Prepare', 'States': {'Prepare': task}}, indent=4)}\n".replace(
        "true", "True"
    )


MEMBERS: dict[str, object] = {
    "ProcessingJobName.$": "$.name",
    "RoleArn": "arn:aws:iam::123456789012:role/Processing",
    "AppSpecification": {"ImageUri.$": "$.image"},
    "ProcessingResources": {
        "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    },
}


def test_tasks_of_a_state_machine(tmp_path: Path) -> None:
    launcher = "from sagemaker.processing import Processor\n\n"
    assert said(tmp_path, {"machine.py": launcher + machine(MEMBERS)}, "TRN434") == []
    wrong = {**MEMBERS, "StoppingConditions": {"MaxRuntimeInSeconds": 60}}
    (found,) = said(tmp_path, {"machine.py": launcher + machine(wrong)}, "TRN434")
    assert "there is no StoppingConditions, did you mean StoppingCondition?" in found
    other = launcher + machine(wrong, "createTransformJob")
    assert said(tmp_path, {"machine.py": other}, "TRN434") == []
