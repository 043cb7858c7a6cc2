"""Inputs of training jobs that cannot be right: no S3 location, an unknown mode, distribution or content type.

Source: botocore's limits of a channel; sagemaker 2.257.7 ``job.py`` (a text that is neither ``s3://`` nor ``file://``
raises), ``estimator.py: _TrainingJob.start_new`` (``file://`` is for local mode); sagemaker-train 1.27.0
``model_trainer.py: create_input_data_channel``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.given import Given
from flake8_training.builder.made import Construction, Estimator
from flake8_training.builder.placeholders import is_placeholder
from flake8_training.builder.problem import Problem, at_argument, at_call, at_value, is_left_out
from flake8_training.builder.slips import meant_argument
from flake8_training.sagemaker.constraints import nearest_allowed, violation
from flake8_training.sagemaker.instances import LOCAL_TYPES
from flake8_training.sagemaker.near import distance, nearest

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

S3 = "s3://"
FILE = "file://"
_AWS_ADDRESS = re.compile(r"https://[^/]*(?:amazonaws\.|\bs3\b)")
_ENUMS = {
    "input_mode": "TrainingInputMode",
    "distribution": "S3DataDistribution",
    "compression": "CompressionType",
    "record_wrapping": "RecordWrapper",
    "s3_data_type": "S3DataType",
}
_CONTENT_TYPES = (
    "text/csv",
    "text/plain",
    "text/libsvm",
    "text/x-libsvm",
    "text/tab-separated-values",
    "text/tsv",
    "application/json",
    "application/jsonlines",
    "application/jsonl",
    "application/x-json",
    "application/x-ndjson",
    "application/parquet",
    "application/pdf",
    "application/xml",
    "application/x-parquet",
    "application/x-recordio",
    "application/x-recordio-protobuf",
    "application/x-image",
    "application/x-npy",
    "application/x-tfrecord",
    "application/x-directory",
    "application/octet-stream",
    "image/jpeg",
    "image/jpg",
    "image/png",
)


def wrong_inputs(launcher: Launcher) -> Iterator[Problem]:
    """Yield what is wrong in a launcher's inputs."""
    for made in launcher.of("TrainingInput", "s3_input"):
        yield from _of_input(made)
    for made in launcher.of("InputData"):
        yield from _of_input_data(made)
    for job in launcher.jobs:
        if job.method in ("fit", "step") and not job.estimator.is_trainer:
            for channel in job.channels.entries:
                if channel.given is not None and channel.origin != "model":
                    yield from _of_text(job.estimator, channel.given)


def judge_input(beginning: str) -> str | None:
    """Return what is wrong with the location of input data, which may also be the web address of an object of S3."""
    if _AWS_ADDRESS.match(beginning) or "https://s3".startswith(beginning):
        return None
    return judge_location(beginning)


def _of_input(made: Construction) -> Iterator[Problem]:
    data = made.get("s3_data")
    yield from _of_arguments(made)
    if data is not None and "s3_data" not in made.overridden:
        for beginning in data.given.beginnings:
            reason = judge_input(beginning)
            if reason is not None:
                yield at_value(made, data.given, beginning, reason)
    for name, shape in _ENUMS.items():
        argument = made.get(name)
        for value in argument.given.constants if argument and name not in made.overridden else ():
            if argument is not None and isinstance(value, str) and violation(shape, value):
                meant = nearest_allowed(shape, value)
                shown = f", did you mean {meant}?" if meant else f" {violation(shape, value)}"
                yield at_value(made, argument.given, value, f"{name} {value!r}{shown}")
    content = made.get("content_type")
    for value in content.given.constants if content else ():
        meant = _content_type(value)
        if content is not None and meant is not None:
            yield at_value(made, content.given, value, f"content_type {value!r}, did you mean {meant}?")


def _of_input_data(made: Construction) -> Iterator[Problem]:
    """Yield what is meant for S3 and is no such location; v3 takes local paths as well."""
    data = made.get("data_source")
    for beginning in data.given.beginnings if data is not None else ():
        reason = judge_location(beginning) if _meant_location(beginning) else None
        if reason is not None and data is not None:
            yield at_value(made, data.given, beginning, reason)


def _of_arguments(made: Construction) -> Iterator[Problem]:
    """Yield what is wrong with the names of an input's arguments."""
    taken = made.signature
    if taken is None or made.local is not None or not made.is_of_one_class:
        return
    for argument in made.arguments:
        meant = meant_argument(argument.name, taken.known) if argument.name not in taken.known else None
        if meant is not None:
            detail = f"TrainingInput has no {argument.name}, did you mean {meant}?"
            yield at_argument(made, argument, detail)
    if is_left_out(made, "s3_data"):
        yield at_call(made, "it has no s3_data")


def _of_text(estimator: Estimator, given: Given) -> Iterator[Problem]:
    """Yield what is wrong with a bare text given as an input."""
    for beginning in given.beginnings:
        reason = judge_location(beginning)
        if reason is not None:
            yield at_value(estimator, given, beginning, reason)
        elif beginning.startswith(FILE) and _is_remote(estimator) and len(given.values) == 1:
            yield at_value(
                estimator, given, beginning, f"{FILE} is for local mode, not for instances of SageMaker"
            )


def judge_location(beginning: str) -> str | None:
    """Return what is wrong with a location of S3 as far as its beginning is known, or None."""
    if not beginning.strip() or beginning.startswith((S3, FILE)) or S3.startswith(beginning):
        return None
    if FILE.startswith(beginning) or is_placeholder(beginning) or beginning.startswith("{"):
        return None
    shown = beginning if len(beginning) <= 40 else beginning[:37] + "..."
    meant = _meant_location(beginning)
    return f"{shown!r} is no S3 URI" + (f", did you mean {meant}?" if meant else "")


def _meant_location(beginning: str) -> str:
    """The location of S3 of which a text is evidently a slip; "" for none."""
    scheme, mark, rest = beginning.partition("://")
    if not mark and "/" in beginning.lstrip("/") and beginning.casefold().startswith("s3:"):
        return f"s3://{beginning[3:].lstrip('/')}"
    return f"s3://{rest}" if mark and scheme.casefold() in ("s3", "s3a", "s3n") and rest else ""


def _is_remote(estimator: Estimator) -> bool:
    """Whether an estimator runs on instances of SageMaker for certain."""
    given = estimator.get("instance_type")
    if given is None or not given.given.is_known or "instance_type" in estimator.overridden:
        return False
    return all(isinstance(name, str) and name not in LOCAL_TYPES for name in given.given.constants)


def _content_type(value: object) -> str | None:
    """Return the content type that is meant, where a text is evidently a slip of one."""
    if not isinstance(value, str) or value in _CONTENT_TYPES:
        return None
    plain = value.partition(";")[0].strip()
    kind, _, rest = plain.partition("/")
    if plain in _CONTENT_TYPES:
        return None
    close = [known for known in _CONTENT_TYPES if distance(plain, known, 1) == 1]
    if close:
        return close[0]
    if not rest:
        return None
    if f"{rest}/{kind}" in _CONTENT_TYPES:
        return f"{rest}/{kind}"
    kinds = sorted({known.partition("/")[0] for known in _CONTENT_TYPES})
    family = nearest(kind, kinds)
    if family is None:
        return None
    same = [known.partition("/")[2] for known in _CONTENT_TYPES if known.startswith(f"{family}/")]
    name = rest if rest in same else nearest(rest, same)
    meant = f"{family}/{name}" if name else None
    return None if meant is None or meant == value.casefold() else meant
