"""JSON and YAML files that start training jobs: requests, state machines, templates and pipeline definitions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.alignment import check, training_alignment
from tests.harness import write
from tests.launchers.formats import FAULTS, REQUEST, SCRIPT, assert_aligned, assert_fault, line_of

TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
    "Parameters": {
        **{name: value for name, value in REQUEST.items() if name != "TrainingJobName"},
        "TrainingJobName.$": "States.Format('churn-{}', $$.Execution.Name)",
    },
    "End": True,
}
MACHINE: dict[str, Any] = {"Comment": "churn", "StartAt": "Train", "States": {"Train": TASK}}
QUERIED: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Train",
    "States": {
        "Train": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Arguments": {**REQUEST, "TrainingJobName": "{% $states.input.name %}"},
        }
    },
}
JOINED = {"Std:Join": {"On": "/", "Values": ["s3:/", {"Get": "Parameters.Data"}]}}
PIPELINE: dict[str, Any] = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "Data", "Type": "String", "DefaultValue": "s3://churn/data/"}],
    "Steps": [
        {
            "Name": "Train",
            "Type": "Training",
            "Arguments": {
                **{name: value for name, value in REQUEST.items() if name != "TrainingJobName"},
                "OutputDataConfig": {"S3OutputPath": JOINED},
            },
        }
    ],
}  # fmt: skip


def template(machine: object) -> dict[str, Any]:
    """A template of SAM with a state machine."""
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Machine": {"Type": "AWS::Serverless::StateMachine", "Properties": machine}},
    }


def text_of(value: object) -> str:
    """A value as YAML, in the order in which it is written."""
    return yaml.safe_dump(value, sort_keys=False, width=1000)


STRING = """AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Role:
    Type: String
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionString: !Sub |
""" + "".join(f"        {line}\n" for line in json.dumps(MACHINE, indent=2).splitlines())
SERVERLESS = {"service": "churn", "stepFunctions": {"stateMachines": {"churn": {"definition": MACHINE}}}}
FILES = {
    "request.json": json.dumps(REQUEST, indent=2),
    "request.yaml": text_of(dict(REQUEST)),
    "train.asl.json": json.dumps(MACHINE, indent=4),
    "train.asl.yaml": text_of(MACHINE),
    "queried.asl.json": json.dumps(QUERIED, indent=2),
    "template.yaml": text_of(template({"Definition": MACHINE, "Role": "x"})),
    "template.json": json.dumps(template({"Definition": MACHINE}), indent=1),
    "cloudformation.yml": STRING,
    "serverless.yml": text_of(SERVERLESS),
    "pipeline.json": json.dumps(PIPELINE, indent=2),
}


@pytest.mark.parametrize("path", FILES)
def test_an_aligned_project_has_no_finding(tmp_path: Path, path: str) -> None:
    assert_aligned(tmp_path, {f"deploy/{path}": FILES[path]})


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", FILES)
def test_a_fault_is_reported_at_its_line(tmp_path: Path, path: str, fault: str) -> None:
    assert_fault(tmp_path, {path: FILES[path]}, path, fault)


def test_a_required_member_that_is_missing_is_reported_at_the_resource(tmp_path: Path) -> None:
    parameters = {name: value for name, value in REQUEST.items() if name != "OutputDataConfig"}
    lacking = {**TASK, "Parameters": parameters}
    text = json.dumps({"StartAt": "Train", "States": {"Train": lacking}}, indent=2)
    write(tmp_path, {"train.json": text, "train.py": SCRIPT})
    assert check(folder=tmp_path).places == [("train.json", line_of(text, "createTrainingJob"), "TRN402")]


def test_a_tuning_request(tmp_path: Path) -> None:
    definition = {
        "StaticHyperParameters": {"sagemaker_program": "train.py", "epoch_s": "3"},
        **{k: v for k, v in REQUEST.items() if k not in ("TrainingJobName", "HyperParameters")},
    }
    tuning = {
        "HyperParameterTuningJobName": "churn",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
        },
        "TrainingJobDefinition": definition,
    }
    text = json.dumps(tuning, indent=2)
    write(tmp_path, {"tune.json": text, "train.py": SCRIPT})
    assert check(folder=tmp_path).places == [("tune.json", line_of(text, "epoch_s"), "TRN410")]


@pytest.mark.parametrize(
    "value",
    [
        {**REQUEST, "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/churn"},
        {"States": {"Train": {**TASK, "Resource": "arn:aws:states:::sagemaker:createTransformJob.sync"}}},
        {
            "States": {
                "Train": {
                    **TASK,
                    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:createTrainingJob",
                }
            }
        },
        {**PIPELINE, "Version": "1"},
        {"example": dict(REQUEST)},
    ],
    ids=["the answer of a describe call", "another job", "a function", "no pipeline", "not the whole file"],
)
def test_other_files_are_no_launchers(tmp_path: Path, value: dict[str, Any]) -> None:
    text = json.dumps(value, indent=2).replace("ml.m5.xlarge", "ml.m5.xlagre")
    write(tmp_path, {"train.json": text, "train.py": SCRIPT})
    assert [one for one in check(folder=tmp_path).places if one[0] == "train.json"] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"ml.m5.xlarge"', '"${InstanceType}"'),
        ('"ml.m5.xlarge"', '{"Ref": "InstanceType"}'),
        ('"ml.m5.xlarge"', '{"Fn::GetAtt": ["Settings", "InstanceType"]}'),
        ('"InstanceType": "ml.m5.xlarge"', '"InstanceType.$": "$.instance"'),
        ('"epochs": "3"', '"epochs.$": "$.epochs"'),
        ('"epochs": "3"', '"epochs": "{% $states.input.epochs %}"'),
        ('"HyperParameters": {', '"Environment.$": "$.environment", "HyperParameters": {'),
    ],
)
def test_values_of_the_running_service_are_unknown(tmp_path: Path, old: str, new: str) -> None:
    text = json.dumps(MACHINE, indent=2)
    assert text.count(old) == 1
    write(tmp_path, {"train.asl.json": text.replace(old, new), "train.py": SCRIPT})
    assert check(folder=tmp_path).places == []


def test_tags_of_cloudformation_are_unknown(tmp_path: Path) -> None:
    text = text_of(template({"Definition": MACHINE}))
    text = text.replace("InstanceType: ml.m5.xlarge", "InstanceType: !Ref Instance")
    text = text.replace("arn:aws:iam::123456789012:role/Training", "!GetAtt Role.Arn")
    text = text.replace("arn:aws:states:::sagemaker", "!Sub arn:${AWS::Partition}:states:::sagemaker")
    write(tmp_path, {"template.yaml": text, "train.py": SCRIPT})
    assert check(folder=tmp_path).places == []
    write(tmp_path, {"template.yaml": text.replace("epochs: '3'", "epoch_s: '3'")})
    assert [code for _, _, code in check(folder=tmp_path).places] == ["TRN410"]


def test_a_file_that_does_not_parse_is_reported_and_a_template_is_not(tmp_path: Path) -> None:
    text = json.dumps(MACHINE, indent=2)
    write(tmp_path, {"train.asl.json": text.replace('"File",', '"File"'), "train.py": SCRIPT})
    line = line_of(text, "MetricDefinitions")
    assert check(folder=tmp_path).places == [("train.asl.json", line, "TRN002")]
    write(tmp_path, {"train.asl.json": text.replace('"InstanceCount": 1', '"InstanceCount": ${count}')})
    assert check(folder=tmp_path).places == []


def test_the_facts_of_a_state_machine(tmp_path: Path) -> None:
    write(tmp_path, {"train.asl.json": FILES["train.asl.json"], "code/train.py": SCRIPT})
    (launch,) = training_alignment("facts", "--format", "json", "train.asl.json", folder=tmp_path).data[
        "launches"
    ]
    assert launch["script"] == "code/train.py"
    assert [one["name"] for one in launch["hyperparameters"]] == ["epochs", "solver"]
    assert [one["line"] for one in launch["channels"]] == [line_of(FILES["train.asl.json"], '"ChannelName"')]


@pytest.mark.parametrize(
    "text",
    [
        '{"States": ' + "[" * 5000 + "]" * 5000 + ', "x": "createTrainingJob AlgorithmSpecification"}',
        "createTrainingJob: &a [AlgorithmSpecification, *a]",
        "createTrainingJob: AlgorithmSpecification\nx: &x [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n"
        + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}' if n else '*x'] * 10)}]\n" for n in range(6)),
    ],
    ids=["deep", "self-containing", "multiplying"],
)
@pytest.mark.parametrize("name", ["train.json", "train.yaml"])
def test_hostile_files_end_in_time(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text})
    assert {code for _, _, code in check(folder=tmp_path).places} <= {"TRN002"}
