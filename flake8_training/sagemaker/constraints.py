"""The limits of CreateTrainingJob, CreateHyperParameterTuningJob and CreateProcessingJob.

Source: botocore's SageMaker model (``tables/train_constraints.json``). Before it sends a request, botocore checks
types, required members and minima. Only the service checks patterns, maxima and enums.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.sagemaker.instances import instance_types
from flake8_training.sagemaker.table_files import load
from flake8_training.spelling import closest


class Constraint(Record):
    """The limits of a shape of the request.

    ``minimum`` and ``maximum`` are a range for numbers, a length for strings, a count for lists and maps. ``pattern``
    must match the whole string. ``members`` maps the members of a structure to their shapes.
    """

    shape: str
    type: str
    minimum: int | None
    maximum: int | None
    pattern: re.Pattern[str] | None
    enum: frozenset[str]
    members: Mapping[str, str]
    required: frozenset[str]
    member: str | None
    key: str | None
    value: str | None


ARGUMENT_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        # Arguments of SDK v2 estimators and fit()
        "base_job_name": "TrainingJobName",
        "job_name": "TrainingJobName",
        "role": "RoleArn",
        "instance_type": "TrainingInstanceType",
        "instance_count": "TrainingInstanceCount",
        "volume_size": "OptionalVolumeSizeInGB",
        "max_run": "MaxRuntimeInSeconds",
        "max_wait": "MaxWaitTimeInSeconds",
        "keep_alive_period_in_seconds": "KeepAlivePeriodInSeconds",
        "input_mode": "TrainingInputMode",
        "output_path": "S3Uri",
        "checkpoint_s3_uri": "S3Uri",
        "checkpoint_local_path": "DirectoryPath",
        "environment": "TrainingEnvironmentMap",
        "hyperparameters": "HyperParameters",
        "metric_definitions": "MetricDefinitionList",
        "max_retry_attempts": "MaximumRetryAttempts",
        "subnets": "Subnets",
        "security_group_ids": "VpcSecurityGroupIds",
        "tags": "TagList",
        "image_uri": "AlgorithmImage",
        "container_entry_point": "TrainingContainerEntrypoint",
        "container_arguments": "TrainingContainerArguments",
        # Arguments of TrainingInput
        "distribution": "S3DataDistribution",
        "compression": "CompressionType",
        "record_wrapping": "RecordWrapper",
        "s3_data_type": "S3DataType",
        "attribute_names": "AttributeNames",
        "content_type": "ContentType",
        # Arguments of FileSystemInput
        "file_system_id": "FileSystemId",
        "file_system_type": "FileSystemType",
        "file_system_access_mode": "FileSystemAccessMode",
        # Arguments of HyperparameterTuner
        "strategy": "HyperParameterTuningJobStrategyType",
        "objective_type": "HyperParameterTuningJobObjectiveType",
        "early_stopping_type": "TrainingJobEarlyStoppingType",
        "max_jobs": "MaxNumberOfTrainingJobs",
        "max_parallel_jobs": "MaxParallelTrainingJobs",
        "base_tuning_job_name": "HyperParameterTuningJobName",
        "objective_metric_name": "MetricName",
        # Arguments of SDK v3's configurations
        "channel_name": "ChannelName",
        "volume_size_in_gb": "OptionalVolumeSizeInGB",
        "max_runtime_in_seconds": "MaxRuntimeInSeconds",
        "max_wait_time_in_seconds": "MaxWaitTimeInSeconds",
        "max_pending_time_in_seconds": "MaxPendingTimeInSeconds",
        "training_input_mode": "TrainingInputMode",
        "training_image": "AlgorithmImage",
        "s3_uri": "S3Uri",
        "s3_output_path": "S3Uri",
        "local_path": "DirectoryPath",
        "compression_type": "OutputCompressionType",
        "s3_data_distribution_type": "S3DataDistribution",
        "record_wrapper_type": "RecordWrapper",
        "maximum_retry_attempts": "MaximumRetryAttempts",
    }
)
"""The shape in the request of each keyword argument of the SDKs.

``distribution`` is the argument of TrainingInput, not of an estimator. ``role`` may also be the name of a role, which
the SDK looks up.
"""

MAX_RUN_SECONDS = 28 * 24 * 3600
"""The longest run time of a job (API documentation; the model has no maximum)."""

STEP_NAME = pattern(r"[A-Za-z0-9_-]{1,64}")
"""The names of a pipeline's steps (botocore 1.42, StepName; an empty name is none)."""

SERVICE_COUNT_MINIMUM = 1
"""The minimum instance count of a job (API documentation; the model says 0, for instance groups)."""


@functools.cache
def constraint(shape: str) -> Constraint | None:
    """Return the limits of a shape, or None for a shape that no request uses."""
    row = load("train_constraints")["shapes"].get(shape)
    if row is None:
        return None
    enum = row.get("enum", ())
    if isinstance(enum, str):
        enum = instance_types(enum.removeprefix("@"))
    return Constraint(
        shape=shape,
        type=row["type"],
        minimum=row.get("min"),
        maximum=row.get("max"),
        pattern=_compiled(row.get("pattern")),
        enum=frozenset(enum),
        members=MappingProxyType(row.get("members", {})),
        required=frozenset(row.get("required", ())),
        member=row.get("member"),
        key=row.get("key"),
        value=row.get("value"),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    r"""Compile a pattern; return None for a pattern that Python cannot compile (``\p{L}`` of the tags)."""
    try:
        return None if pattern is None else re.compile(pattern)
    except re.error:
        return None


def violation(shape: str, value: object) -> str | None:
    """Return how a value breaks the limits of a shape, as a short phrase, or None.

    ``value`` is a string, a number, or a list or dict of them. The result is None for any other value and for an
    unknown shape. Entries of lists and maps are checked; members of structures are not.
    """
    row = constraint(shape)
    if row is None:
        return None
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and row.type == "string":
        return _of_string(row, value)
    if isinstance(value, int | float) and row.type in ("integer", "long", "float", "double"):
        return _of_number(row, value)
    if isinstance(value, list | tuple) and row.type == "list":
        return _of_size(row, len(value), "entries") or _first(row.member, value)
    if isinstance(value, dict) and row.type == "map":
        return _of_size(row, len(value), "entries") or _of_map(row, value)
    return None


def nearest_allowed(shape: str, value: str) -> str | None:
    """Return the value of a shape's enum that ``value`` misspells (``Fastfile`` -> ``FastFile``), or None."""
    row = constraint(shape)
    return None if row is None else closest(value, sorted(row.enum))


def _of_string(row: Constraint, value: str) -> str | None:
    if row.enum:
        if value in row.enum:
            return None
        shown = ", ".join(sorted(row.enum)) if len(row.enum) <= 8 else ""
        return f"is none of {shown}" if shown else "is none of the allowed values"
    sized = _of_size(row, len(value), "characters")
    if sized is not None:
        return sized
    if row.pattern is not None and row.pattern.fullmatch(value) is None:
        return f"does not match {row.pattern.pattern}"
    return None


def _of_number(row: Constraint, value: float) -> str | None:
    if row.minimum is not None and value < row.minimum:
        return f"is below {row.minimum}"
    if row.maximum is not None and value > row.maximum:
        return f"is above {row.maximum}"
    return None


def _of_size(row: Constraint, size: int, what: str) -> str | None:
    if row.minimum is not None and size < row.minimum:
        return f"has fewer than {row.minimum} {what}"
    if row.maximum is not None and size > row.maximum:
        return f"has {size} {what}, more than {row.maximum}"
    return None


def _first(shape: str | None, values: Any) -> str | None:
    for value in values:
        found = violation(shape, value) if shape else None
        if found is not None:
            return f"entry {value!r} {found}"
    return None


def _of_map(row: Constraint, value: dict[Any, Any]) -> str | None:
    for key, item in value.items():
        found = violation(row.key, key) if row.key else None
        if found is not None:
            return f"key {key!r} {found}"
        found = violation(row.value, item) if row.value else None
        if found is not None:
            return f"value of {key!r} {found}"
    return None
