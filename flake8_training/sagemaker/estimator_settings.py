"""What configures the instances of a training job, and which values of it cannot be right.

Source: botocore's enum of instance types; CreateTrainingJob's documentation (at least one instance, at most 28 days);
a volume is of Amazon EBS, which has none above 16 TiB. The names are those of SDK v2's estimators and v3's
configurations; a specification's ``estimator_config`` has the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .constraints import MAX_RUN_SECONDS, SERVICE_COUNT_MINIMUM
from .instances import judge_instance_type

CODE_LOCATIONS = ("code_location", "source_dir", "entry_point", "image_uri", "source_code")
"""Settings that say where the code is: with one of these a specification needs no location of its own."""

LARGEST_VOLUME_GB = 16 * 1024
_SECONDS_A_DAY = 24 * 60 * 60


def judge_type(value: object) -> str | None:
    """Return what is wrong with an instance type as a short phrase, or None."""
    if not isinstance(value, str):
        return None if value is None else f"the instance type {value!r} is no text"
    judged = judge_instance_type(value)
    if judged.kind == "misspelt":
        return f"there is no instance type {value}, did you mean {judged.nearest}?"
    if judged.kind == "no_such_size":
        return f"there is no instance type {value}: {judged.detail}"
    if judged.kind == "other_job":
        return f"{value} is {judged.detail}"
    if judged.kind == "malformed":
        return f"{value!r} is no instance type"
    return None


def judge_count(value: object) -> str | None:
    """Return what is wrong with a number of instances as a short phrase, or None."""
    return _judge_number("instance count", value, SERVICE_COUNT_MINIMUM, None)


def judge_volume(value: object) -> str | None:
    """Return what is wrong with the size of a volume in GB as a short phrase, or None."""
    return _judge_number("volume size in GB", value, 1, LARGEST_VOLUME_GB)


def judge_run(value: object) -> str | None:
    """Return what is wrong with the longest run time in seconds as a short phrase, or None."""
    found = _judge_number("run time in seconds", value, 1, MAX_RUN_SECONDS)
    if found is not None and isinstance(value, int | float) and value > MAX_RUN_SECONDS:
        return f"{found} ({MAX_RUN_SECONDS // _SECONDS_A_DAY} days)"
    return found


def _judge_number(what: str, value: object, least: int, most: int | None) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return f"the {what} {value!r} is text, not a number" if value.strip().isdecimal() else None
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
"""What is asked of each argument or key that configures instances, by its name."""

REQUIRED = ("instance_type", "instance_count", "volume_size_in_gb", "max_run")
"""What an ``estimator_config`` states."""

_SAME = {
    "volume_size_in_gb": ("volume_size", "volume_size_gb"),
    "max_run": ("max_run_in_seconds", "max_runtime_in_seconds", "max_runtime"),
    "instance_type": ("instance_groups",),
    "instance_count": ("instance_groups",),
}


def missing_settings(names: Iterable[str]) -> tuple[str, ...]:
    """Return what is missing from an ``estimator_config`` with these keys, in order."""
    given = set(names)
    return tuple(name for name in REQUIRED if not given.intersection((name, *_SAME.get(name, ()))))
