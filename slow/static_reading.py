"""The project's static reading of a launcher, under the names of ``slow.requests``."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from training_alignment.launches.launch import Launch, launches
from training_alignment.launches.launcher_file import read_launcher_file
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.repository.repository import Repository

from flake8_training.engine.values.values import Constant, StringTemplate
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.sdk_objects import Channel, Job, PropertyUse, SdkObject
from flake8_training.rules.launcher.problem import is_old_style
from flake8_training.sagemaker.hyperparameter_arguments import UnsendableError, job_text

V2 = {
    "ResourceConfig.InstanceType": "instance_type",
    "ResourceConfig.InstanceCount": "instance_count",
    "ResourceConfig.VolumeSizeInGB": "volume_size",
    "ResourceConfig.VolumeKmsKeyId": "volume_kms_key",
    "ResourceConfig.KeepAlivePeriodInSeconds": "keep_alive_period_in_seconds",
    "StoppingCondition.MaxRuntimeInSeconds": "max_run",
    "StoppingCondition.MaxWaitTimeInSeconds": "max_wait",
    "EnableManagedSpotTraining": "use_spot_instances",
    "EnableNetworkIsolation": "enable_network_isolation",
    "EnableInterContainerTrafficEncryption": "encrypt_inter_container_traffic",
    "CheckpointConfig.S3Uri": "checkpoint_s3_uri",
    "CheckpointConfig.LocalPath": "checkpoint_local_path",
    "OutputDataConfig.S3OutputPath": "output_path",
    "OutputDataConfig.KmsKeyId": "output_kms_key",
    "RoleArn": "role",
    "AlgorithmSpecification.TrainingImage": "image_uri",
    "AlgorithmSpecification.TrainingInputMode": "input_mode",
    "RetryStrategy.MaximumRetryAttempts": "max_retry_attempts",
}
V3 = {
    "ResourceConfig.InstanceType": "compute.instance_type",
    "ResourceConfig.InstanceCount": "compute.instance_count",
    "ResourceConfig.VolumeSizeInGB": "compute.volume_size_in_gb",
    "ResourceConfig.VolumeKmsKeyId": "compute.volume_kms_key_id",
    "ResourceConfig.KeepAlivePeriodInSeconds": "compute.keep_alive_period_in_seconds",
    "StoppingCondition.MaxRuntimeInSeconds": "stopping_condition.max_runtime_in_seconds",
    "StoppingCondition.MaxWaitTimeInSeconds": "stopping_condition.max_wait_time_in_seconds",
    "EnableManagedSpotTraining": "compute.enable_managed_spot_training",
    "EnableNetworkIsolation": "networking.enable_network_isolation",
    "EnableInterContainerTrafficEncryption": "networking.enable_inter_container_traffic_encryption",
    "CheckpointConfig.S3Uri": "checkpoint_config.s3_uri",
    "CheckpointConfig.LocalPath": "checkpoint_config.local_path",
    "OutputDataConfig.S3OutputPath": "output_data_config.s3_output_path",
    "OutputDataConfig.KmsKeyId": "output_data_config.kms_key_id",
    "RoleArn": "role",
    "AlgorithmSpecification.TrainingImage": "training_image",
    "AlgorithmSpecification.TrainingInputMode": "training_input_mode",
    "RetryStrategy.MaximumRetryAttempts": "with_retry_strategy.maximum_retry_attempts",
}


class Known(NamedTuple):
    """A fact with a known value, or with several possible ones."""

    values: tuple[object, ...]


class Beginning(NamedTuple):
    """A string of which only the possible beginnings are known."""

    strings: tuple[str, ...]


class Unknown(NamedTuple):
    """A fact that exists, with an unknown value."""


UNKNOWN = Unknown()
Fact = Known | Beginning | Unknown
GROUPS = ("channel", "content type", "input mode", "hyperparameter", "environment", "metric", "range")


class Reading(NamedTuple):
    """The reading of one job: the facts, and the groups to which no others can belong."""

    facts: dict[str, Fact]
    closed: frozenset[str]
    maybe: frozenset[str]
    """Facts that may be missing."""
    image: str | None
    python: str | None
    """The framework's version and the Python that the image must have."""


class LauncherReading(NamedTuple):
    """The reading of a launcher."""

    jobs: list[Reading]
    paths: set[str]
    unknown_paths: bool


def read(root: Path, path: str) -> LauncherReading:
    """Read a launcher of a repository."""
    file = read_launcher_file(Repository.open(root), path)
    if file is None:
        return LauncherReading([], set(), False)
    seen: set[int] = set()
    jobs: list[Reading] = []
    for launch in launches(file):
        if id(launch.estimator) not in seen:
            seen.add(id(launch.estimator))
            jobs.extend(_reading(launch, job) for job in launch.jobs)
    found = [_path(use) for use in file.launcher.properties]
    return LauncherReading(jobs, {one for one in found if one}, not all(found))


def _path(use: PropertyUse) -> str:
    """Return a path as in the pipeline's definition; empty if it is unknown or has no single value."""
    named = use.steps[0].get("name") if len(use.steps) == 1 else None
    if named is None or named.text is None:
        return ""
    found = f"Steps.{named.text}"
    launcher = use.steps[0].launcher
    for link in use.path:
        if hasattr(link, "attr"):
            found += f".{link.attr}"
            continue
        key = launcher.reader.expression(link.slice, use.scope).constant
        if key is None:
            return ""
        found += f"[{key!r}]"
    return found


def _reading(launch: Launch, job: Job) -> Reading:
    estimator = launch.estimator
    facts: dict[str, Fact] = {}
    closed: set[str] = set()
    maybe: set[str] = set()
    for member, place in (V3 if estimator.is_trainer else V2).items():
        fact = _member(estimator, place)
        if fact is not None:
            facts[member] = fact
    for channel in job.channels.entries:
        facts.update(_channel(estimator, channel))
        if not channel.certain:
            maybe.add(f"channel {channel.name}")
        if channel.origin == "model":
            maybe |= {f"content type {channel.name}", f"input mode {channel.name}"}
    if not job.channels.open_ended:
        closed.add("channel")
        if not estimator.is_trainer:
            # The settings of a v3 input other than its location are not read.
            closed |= {"content type", "input mode"}
    for one in sent(launch):
        name = f"range {one.name}" if one.tuned else f"hyperparameter {one.name}"
        if one.tuned:
            facts[name] = _range(one.range)
        else:
            try:
                values = one.values()
                strings = tuple(job_text(value, one.route) for value in values or ())
            except UnsendableError:
                strings = ()
            facts[name] = Known(strings) if strings else UNKNOWN
        if not one.certain:
            maybe.add(name)
    if estimator.name == "TensorFlow" and estimator.sdk == "v2" and "hyperparameter model_dir" not in facts:
        # The estimator adds it; the value is chosen when the job starts.
        facts["hyperparameter model_dir"] = UNKNOWN
        maybe.add("hyperparameter model_dir")
    if not estimator.hyperparameters.open_ended:
        closed.add("hyperparameter")
    if job.tuner is None or not job.tuner.ranges.open_ended:
        closed.add("range")
    for variable in estimator.environment:
        facts[f"environment {variable.name}"] = (
            UNKNOWN if variable.replaceable else _fact(variable.expression)
        )
        if not variable.certain:
            maybe.add(f"environment {variable.name}")
    if not estimator.environment.open_ended:
        closed.add("environment")
    facts.update(_metrics(job, closed))
    if job.tuner is not None:
        objective = job.tuner.get("objective_metric_name")
        facts["objective"] = _fact(objective.expression) if objective else UNKNOWN
    entry = _entry_point(launch)
    if entry is not None:
        facts["entry point"] = entry
    image = estimator.get("framework_version")
    python = estimator.get("py_version")
    return Reading(
        facts,
        frozenset(closed),
        frozenset(maybe),
        image.text if image else None,
        python.text if python else None,
    )


def _member(estimator: SdkObject, place: str) -> Fact | None:
    """Return the value for a member, or its plain default; None if there is neither."""
    *owners, name = place.split(".")
    construction: SdkObject | None = estimator
    for owner in owners:
        passed = estimator.get(owner)
        if passed is None:
            return None
        construction = estimator.part(owner) if hasattr(estimator, "part") else None
        if construction is None:
            return UNKNOWN
    assert construction is not None
    if name in construction.overridden:
        return UNKNOWN
    argument = construction.get(name)
    if argument is not None:
        return _argument(argument)
    if construction.signature is None or construction.arguments.open_ended:
        return UNKNOWN
    default = construction.signature.defaults.get(name) if not is_old_style(construction) else None
    return Known((default,)) if default is not None else None


def _argument(argument: Argument) -> Fact | None:
    if argument.expression.is_none:
        return None
    return _fact(argument.expression) if argument.certain else UNKNOWN


def _fact(expression: LocatedExpression) -> Fact:
    values = expression.values
    if expression.is_known:
        return Known(expression.constants)
    if values and all(isinstance(value, StringTemplate | Constant) for value in values):
        return Beginning(expression.beginnings)
    return UNKNOWN


def _channel(estimator: SdkObject, channel: Channel) -> Iterator[tuple[str, Fact]]:
    value = channel.expression
    if value is None:
        yield f"channel {channel.name}", UNKNOWN
        return
    if channel.origin == "model":
        # The SDK itself decides how a model is read.
        yield f"content type {channel.name}", UNKNOWN
        yield f"input mode {channel.name}", UNKNOWN
    constructions = estimator.launcher.constructions_in(value)
    if len(constructions) != 1:
        yield f"channel {channel.name}", _fact(value)
        return
    data = constructions[0].get("s3_data") or constructions[0].get("s3_uri")
    yield f"channel {channel.name}", _fact(data.expression) if data else UNKNOWN
    for label, name in (("content type", "content_type"), ("input mode", "input_mode")):
        argument = constructions[0].get(name)
        fact = _argument(argument) if argument else None
        if fact is not None:
            yield f"{label} {channel.name}", fact


def _range(construction: SdkObject | None) -> Fact:
    if construction is None:
        return UNKNOWN
    if construction.name == "CategoricalParameter":
        return Known(([],))
    ends = [construction.get(name) for name in ("min_value", "max_value")]
    low, high = (end.expression.constant if end is not None else None for end in ends)
    return UNKNOWN if low is None or high is None else Known(([str(low), str(high)],))


def _metrics(job: Job, closed: set[str]) -> Iterator[tuple[str, Fact]]:
    definitions = [job.estimator.metric_definitions]
    if job.tuner is not None:
        definitions.append(job.tuner.metric_definitions)
    unknown = any(one.open_ended for one in definitions)
    for one in definitions:
        for metric in one.entries:
            if metric.name is None or metric.name.text is None or metric.open_ended:
                unknown = True
            else:
                yield f"metric {metric.name.text}", _fact(metric.regex) if metric.regex else UNKNOWN
    if not unknown:
        closed.add("metric")


def _entry_point(launch: Launch) -> Fact | None:
    """Return the script's path in the container: relative to the uploaded folder, or the bare file name."""
    if launch.estimator.entry_point is None:
        return None
    path = launch.script_path
    if path is None or launch.alternatives:
        return UNKNOWN
    folder = launch.started.source_dir
    sent_folder = launch.estimator.source_dir is not None and folder is not None
    return Known((posixpath.relpath(path, folder) if sent_folder and folder else posixpath.basename(path),))
