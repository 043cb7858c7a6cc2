"""A request of an SDK to SageMaker, as facts by name.

An example is ``{"ResourceConfig.InstanceType": "ml.m5.large"}``. The facts of a tuner's step are those of the training
that it varies, and its ranges.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Facts = dict[str, object]

MEMBERS = (
    "ResourceConfig.InstanceType",
    "ResourceConfig.InstanceCount",
    "ResourceConfig.VolumeSizeInGB",
    "ResourceConfig.VolumeKmsKeyId",
    "ResourceConfig.KeepAlivePeriodInSeconds",
    "StoppingCondition.MaxRuntimeInSeconds",
    "StoppingCondition.MaxWaitTimeInSeconds",
    "EnableManagedSpotTraining",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "CheckpointConfig.S3Uri",
    "CheckpointConfig.LocalPath",
    "OutputDataConfig.S3OutputPath",
    "OutputDataConfig.KmsKeyId",
    "RoleArn",
    "AlgorithmSpecification.TrainingImage",
    "AlgorithmSpecification.TrainingInputMode",
    "RetryStrategy.MaximumRetryAttempts",
)
# Prefix and names that the SDK itself adds for the code that it uploads.
OWN_HYPERPARAMETERS = "sagemaker_"
OWN_CHANNELS = ("code", "sm_drivers")


def training(job: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request of a training, or the training part of a tuner's request."""
    request: dict[str, Any] = job["request"]
    within: dict[str, Any] = request.get("TrainingJobDefinition", request)
    return within


def facts(job: Mapping[str, Any], uploads: Mapping[str, str]) -> Facts:
    """Return the facts of a job's request; ``uploads`` are the small files that the SDK uploaded."""
    request = training(job)
    found: Facts = {}
    machines = request.get("HyperParameterTuningResourceConfig")
    for member in MEMBERS:
        value: Any = {**request, "ResourceConfig": machines} if machines else request
        for name in member.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            found[member] = value
    found.update(_channels(request))
    found.update(_hyperparameters(request))
    found.update({f"environment {name}": text for name, text in request.get("Environment", {}).items()})
    for metric in request["AlgorithmSpecification"].get("MetricDefinitions", ()):
        found[f"metric {metric['Name']}"] = metric["Regex"]
    found.update(_ranges(job["request"]))
    scripts = {
        json.loads(text).get("entry_script")
        for name, text in uploads.items()
        if name.endswith("/sourcecode.json")
    }
    if len(scripts) == 1 and None not in scripts:
        found["entry point"] = scripts.pop()
    return found


def _channels(request: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for channel in request.get("InputDataConfig", ()):
        name = channel["ChannelName"]
        if name in OWN_CHANNELS:
            continue
        source = channel["DataSource"].get("S3DataSource", {})
        yield f"channel {name}", source.get("S3Uri", "")
        if "ContentType" in channel:
            yield f"content type {name}", channel["ContentType"]
        if channel.get("InputMode") not in (None, request["AlgorithmSpecification"].get("TrainingInputMode")):
            yield f"input mode {name}", channel["InputMode"]


def _hyperparameters(request: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, text in request.get("HyperParameters", request.get("StaticHyperParameters", {})).items():
        if name == "sagemaker_program":
            yield "entry point", json.loads(text)
        elif not name.startswith(OWN_HYPERPARAMETERS) and name != "_tuning_objective_metric":
            yield f"hyperparameter {name}", text


def _ranges(request: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    config = request.get("HyperParameterTuningJobConfig", {})
    for kind in config.get("ParameterRanges", {}).values():
        for one in kind:
            # Categories of numbers or strings are encoded, and the toolkit parses them as JSON.
            yield f"range {one['Name']}", [str(one[key]) for key in ("MinValue", "MaxValue") if key in one]
    objective = config.get("HyperParameterTuningJobObjective", {})
    if "MetricName" in objective:
        yield "objective", objective["MetricName"]
