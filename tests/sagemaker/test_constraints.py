"""The limits of the requests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.sagemaker.constraints import ARGUMENT_SHAPES, constraint, nearest_allowed, violation
from flake8_training.sagemaker.table_files import load

SHAPES = sorted(load("train_constraints")["shapes"])


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("TrainingJobName", "my-job-1"),
        ("TrainingJobName", "a" * 63),
        ("ChannelName", "train.data-1_a"),
        ("RoleArn", "arn:aws:iam::123456789012:role/service-role/Name"),
        ("RoleArn", "arn:aws-cn:iam::123456789012:role/Name"),
        ("TrainingInputMode", "FastFile"),
        ("TrainingInstanceType", "ml.m5.xlarge"),
        ("TrainingInstanceCount", 1),
        ("KeepAlivePeriodInSeconds", 21600),
        ("HyperParameters", {"epochs": "3"}),
        ("HyperParameters", {}),
        ("TrainingEnvironmentMap", {"_MY_VAR": "x"}),
        ("S3Uri", "s3://bucket/prefix"),
        ("MetricDefinitionList", []),
        ("NoSuchShape", "anything"),
        ("TrainingJobName", 3),
        ("TrainingInstanceCount", True),
        ("TrainingInstanceCount", "1"),
    ],
)
def test_allowed(shape: str, value: Any) -> None:
    assert violation(shape, value) is None


@pytest.mark.parametrize(
    ("shape", "value", "phrase"),
    [
        ("TrainingJobName", "my_job", "does not match"),
        ("TrainingJobName", "job-", "does not match"),
        ("TrainingJobName", "job\n", "does not match"),
        ("TrainingJobName", "a" * 64, "has 64 characters, more than 63"),
        ("ChannelName", "", "has fewer than 1 characters"),
        ("ChannelName", "train data", "does not match"),
        ("RoleArn", "arn:aws:iam::12345:role/some-long-name", "does not match"),
        ("TrainingInputMode", "Fastfile", "is none of FastFile, File, Pipe"),
        ("TrainingInstanceType", "ml.m5.xlagre", "is none of the allowed values"),
        ("KeepAlivePeriodInSeconds", 21601, "is above 21600"),
        ("MaxRuntimeInSeconds", 0, "is below 1"),
        ("HyperParameters", {"a": "b" * 2501}, "value of 'a' has 2501 characters, more than 2500"),
        ("HyperParameters", {str(n): "" for n in range(101)}, "has 101 entries, more than 100"),
        ("TrainingEnvironmentMap", {"MY-VAR": "x"}, "key 'MY-VAR' does not match"),
        ("Subnets", [], "has fewer than 1 entries"),
        ("Subnets", ["bad subnet!"], "entry 'bad subnet!' does not match"),
        ("S3Uri", "/tmp/x", "does not match"),
    ],
)
def test_broken(shape: str, value: Any, phrase: str) -> None:
    found = violation(shape, value)
    assert found is not None
    assert found.startswith(phrase)


def test_requests() -> None:
    request = constraint("CreateTrainingJobRequest")
    assert request is not None
    assert request.required == {"TrainingJobName", "RoleArn", "OutputDataConfig"}
    assert request.members["RoleArn"] == "RoleArn"


def test_nearest_allowed() -> None:
    assert nearest_allowed("TrainingInputMode", "Fastfile") == "FastFile"
    assert nearest_allowed("S3DataDistribution", "FullReplicated") == "FullyReplicated"
    assert nearest_allowed("S3DataDistribution", "Sharded") is None
    assert nearest_allowed("S3DataDistribution", "ShardedByS3key") == "ShardedByS3Key"
    assert nearest_allowed("NoSuchShape", "x") is None


def test_the_arguments_have_shapes() -> None:
    for shape in ARGUMENT_SHAPES.values():
        assert constraint(shape) is not None, shape


@given(st.sampled_from(SHAPES), st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none()))
def test_anything_is_judged(shape: str, value: Any) -> None:
    row = constraint(shape)
    assert row is not None
    found = violation(shape, value)
    assert found is None or (found and "\n" not in found.replace(repr(value), ""))
    for name in (*row.members.values(), row.member, row.key, row.value):
        assert name is None or constraint(name) is not None
