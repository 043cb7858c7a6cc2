"""Settings of a job's instances, and their invalid values.

Source: botocore's enums of instance types; CreateTrainingJob's documentation (at least one instance, at most 28 days);
botocore 1.44.8 ``ProcessingMaxRuntimeInSeconds`` (9 days); Amazon EBS has no volume above 16 TiB. The names are those
of SDK v2's estimators, v3's configurations and a specification's ``estimator_config``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flake8_training.pattern import pattern
from flake8_training.sagemaker.constraints import MAX_RUN_SECONDS, SERVICE_COUNT_MINIMUM, constraint
from flake8_training.sagemaker.instances import Job, judge_instance_type
from flake8_training.spelling import did_you_mean

CODE_LOCATIONS = ("code_location", "source_dir", "entry_point", "image_uri", "source_code")
"""Settings that define the code: with one of them a specification needs no ``code_location``."""

LARGEST_VOLUME_GB = 16 * 1024
_PLAIN_WORD = pattern(r"[a-z]+|\d+[a-z]+")
_SECONDS_A_DAY = 24 * 60 * 60


def judge_type(value: object, job: Job = "training") -> str | None:
    """Return the problem of an instance type as a short phrase, or None."""
    if not isinstance(value, str):
        return None if value is None else f"the instance type {value!r} is no text"
    judged = judge_instance_type(value, job)
    if judged.kind == "misspelt":
        return f"there is no instance type {value}{did_you_mean(judged.nearest)}"
    if judged.kind == "no_such_size":
        return f"there is no instance type {value}: {judged.detail}"
    if judged.kind == "other_use":
        return f"{value} is {judged.detail}"
    if judged.kind == "malformed":
        return f"{value!r} is no instance type"
    return None


def judge_count(value: object) -> str | None:
    """Return the problem of an instance count as a short phrase, or None."""
    return _judge_number("instance count", value, SERVICE_COUNT_MINIMUM, None)


def judge_volume(value: object) -> str | None:
    """Return the problem of a volume size in GB as a short phrase, or None."""
    return _judge_number("volume size in GB", value, 1, LARGEST_VOLUME_GB)


def judge_run(value: object) -> str | None:
    """Return the problem of a maximum run time in seconds as a short phrase, or None."""
    return _judge_run(value, MAX_RUN_SECONDS)


def judge_processing_run(value: object) -> str | None:
    """Return the problem of a processing job's maximum run time in seconds as a short phrase, or None."""
    row = constraint("ProcessingMaxRuntimeInSeconds")
    assert row is not None
    assert row.maximum is not None
    return _judge_run(value, row.maximum)


def _judge_run(value: object, most: int) -> str | None:
    found = _judge_number("run time in seconds", value, 1, most)
    if found is not None and isinstance(value, int | float) and value > most:
        return f"{found} ({most // _SECONDS_A_DAY} days)"
    return found


def _judge_number(what: str, value: object, least: int, most: int | None) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        # A name in capitals, with dots or with marks of a template refers to a value elsewhere.
        is_plain = value.strip().isdecimal() or _PLAIN_WORD.fullmatch(value.strip()) is not None
        return f"the {what} {value!r} is text, not a number" if is_plain else None
    if not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not value.is_integer():
        return f"the {what} {value} is no whole number"
    if value < least:
        return f"the {what} {value} is below {least}"
    if most is not None and value > most:
        return f"the {what} {value} is above {most}"
    return None


JUDGES: dict[str, Callable[[object], str | None]] = {
    "instance_type": judge_type,
    "instance_count": judge_count,
    "volume_size": judge_volume,
    "volume_size_in_gb": judge_volume,
    "max_run": judge_run,
    "max_run_in_seconds": judge_run,
    "max_runtime_in_seconds": judge_run,
    "max_runtime": judge_run,
    "volume_size_gb": judge_volume,
}
"""The check of each argument or key that configures instances, by name. Other names are not checked."""

OF_PROCESSING: dict[str, Callable[[object], str | None]] = {
    "instance_type": lambda value: judge_type(value, "processing"),
    "instance_count": judge_count,
    "volume_size_in_gb": judge_volume,
    "max_runtime_in_seconds": judge_processing_run,
}
"""The same for the processors of processing jobs."""

OF_TRANSFORM: dict[str, Callable[[object], str | None]] = {
    "instance_type": lambda value: judge_type(value, "transform"),
    "instance_count": judge_count,
}
"""The same for transformers."""

REQUIRED = ("instance_type", "instance_count", "volume_size_in_gb", "max_run")
"""The keys that an ``estimator_config`` must define."""

_SAME = {
    "volume_size_in_gb": ("volume_size", "volume_size_gb"),
    "max_run": ("max_run_in_seconds", "max_runtime_in_seconds", "max_runtime"),
    "instance_type": ("instance_groups",),
    "instance_count": ("instance_groups",),
}


def missing_settings(names: Iterable[str]) -> tuple[str, ...]:
    """Return the required keys that an ``estimator_config`` with these keys lacks, in order."""
    defined = set(names)
    return tuple(name for name in REQUIRED if not defined.intersection((name, *_SAME.get(name, ()))))
