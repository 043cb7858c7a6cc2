"""Invalid inputs of training jobs: location, mode, distribution, content type.

Source: botocore's limits of a channel; sagemaker 2.257.7 ``job.py`` (a string that is neither ``s3://`` nor ``file://``
raises), ``estimator.py: _TrainingJob.start_new`` (``file://`` is for local mode); sagemaker-train 1.27.0
``model_trainer.py: create_input_data_channel``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.launcher import sdk_classes
from flake8_training.launcher.algorithms import algorithm
from flake8_training.launcher.argument_names import meant_argument
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.placeholders import is_placeholder
from flake8_training.launcher.sdk_objects import Channel, Estimator, Job, SdkObject
from flake8_training.pattern import pattern
from flake8_training.rules.launcher.problem import (
    Problem,
    at_argument,
    at_call,
    at_value,
    is_left_out,
    is_set,
)
from flake8_training.sagemaker.algorithms import CONTENT_TYPES, READS_LIBSVM, WITH_WRAPPED_MANIFEST
from flake8_training.sagemaker.constraints import nearest_allowed, violation
from flake8_training.sagemaker.instances import LOCAL_TYPES
from flake8_training.spelling import closest, did_you_mean, distance

if TYPE_CHECKING:
    from flake8_training.launcher.launcher import Launcher

AUGMENTED = "AugmentedManifestFile"
_LISTS = ("attribute_names", "instance_groups")
_WITH_OWN_MODE = frozenset({"AlgorithmEstimator", "JumpStartEstimator"})
"""Estimators that take the input mode of their algorithm."""
_EMPTY_FOLDER = pattern(r"s3://(?!\w+:)(?:[^/]+/)+/")
NO_LOCATION = "the input is no S3 URI"
"""The summary of the problems of a location."""
S3 = "s3://"
FILE = "file://"
_AWS_ADDRESS = pattern(r"https://[^/]*(?:amazonaws\.|\bs3\b)")
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
    """Yield the problems of a launcher's inputs."""
    for sdk_object in launcher.of("TrainingInput", "s3_input"):
        yield from _of_input(sdk_object)
    for sdk_object in launcher.of("InputData"):
        yield from _of_input_data(sdk_object)
    for job in launcher.jobs:
        if job.method in ("fit", "step") and not job.estimator.is_trainer:
            yield from _of_list(launcher, job)
            for channel in job.channels.entries:
                if channel.expression is not None and channel.origin != "model":
                    yield from _of_string(job.estimator, channel.expression)
    seen: set[int] = set()
    for job in launcher.jobs:
        for problem in (
            *_augmented(job),
            *_half_in_groups(job),
            *_empty_folders(launcher, job),
            *_unread_by_algorithm(job),
        ):
            if id(problem.report_at) not in seen:
                seen.add(id(problem.report_at))
                yield problem


def _of_list(launcher: Launcher, job: Job) -> Iterator[Problem]:
    """Yield a list of inputs: the SDK takes one of record sets only, because an input has no channel of its own.

    Source: sagemaker 2.257.7 ``job.py: _format_inputs_to_input_config``.
    """
    if job.step is not None:
        inputs = job.step.get("inputs")
    else:
        scope = launcher.scope_of(job.node)
        inputs = launcher.reader.arguments(job.node, scope, None, ("inputs",)).get("inputs")
    values = inputs.expression.values if inputs is not None else ()
    if inputs is None or len(values) != 1:
        return
    elements = launcher.elements(values[0]) or []
    if any(_is_one_input(launcher, element) for element in elements):
        at = launcher.report_node(inputs, job.step or job.estimator)
        yield Problem(at, "inputs are a list without channels, pass a dict of them", job.node)


def _is_one_input(launcher: Launcher, element: LocatedExpression) -> bool:
    found = launcher.constructions_in(element)
    if len(found) == 1 and len(element.values) == 1:
        return sdk_classes.is_input(found[0].class_name)
    return element.text is not None


def judge_input(beginning: str) -> str | None:
    """Return the problem of an input's location, or None. The web address of an S3 object is valid too."""
    if _AWS_ADDRESS.match(beginning) or "https://s3".startswith(beginning):
        return None
    return judge_location(beginning)


def _of_input(sdk_object: SdkObject) -> Iterator[Problem]:
    data = sdk_object.get("s3_data")
    yield from _of_arguments(sdk_object)
    for name in _LISTS:
        argument = sdk_object.get(name)
        for value in argument.expression.constants if argument and name not in sdk_object.overridden else ():
            if argument is not None and isinstance(value, str):
                yield at_value(sdk_object, argument.expression, value, f"{name} is {value!r}, not a list")
    if _is_augmented(sdk_object) and is_left_out(sdk_object, "attribute_names"):
        yield at_call(sdk_object, f"{AUGMENTED} without attribute_names")
    if data is not None and "s3_data" not in sdk_object.overridden:
        for beginning in _locations(data.expression):
            reason = judge_input(beginning)
            if reason is not None:
                yield at_value(sdk_object, data.expression, beginning, reason, NO_LOCATION)
    for name, shape in _ENUMS.items():
        argument = sdk_object.get(name)
        for value in argument.expression.constants if argument and name not in sdk_object.overridden else ():
            if argument is not None and isinstance(value, str) and violation(shape, value):
                intended = nearest_allowed(shape, value)
                shown = did_you_mean(intended) if intended else f" {violation(shape, value)}"
                detail = f"{name} {value!r}{shown}"
                yield at_value(sdk_object, argument.expression, value, detail, meant=intended)
    content = sdk_object.get("content_type")
    for value in content.expression.constants if content else ():
        intended = _content_type(value)
        if content is not None and intended is not None:
            detail = f"content_type {value!r}{did_you_mean(intended)}"
            yield at_value(sdk_object, content.expression, value, detail, meant=intended)


def _is_augmented(sdk_object: SdkObject) -> bool:
    kind = is_set(sdk_object, "s3_data_type")
    return kind is not None and kind.constant == AUGMENTED


def _inputs(job: Job) -> Iterator[tuple[Channel, SdkObject]]:
    """Yield the channels of a job whose input is certainly one object, with it."""
    for channel in job.channels.entries:
        if channel.expression is None or not channel.certain or channel.origin == "model":
            continue
        found = job.estimator.launcher.constructions_in(channel.expression)
        if (
            len(found) == 1
            and len(channel.expression.values) == 1
            and found[0].name in ("TrainingInput", "s3_input")
        ):
            yield channel, found[0]


def _augmented(job: Job) -> Iterator[Problem]:
    """Yield the augmented manifests that are not streamed: the API allows them in Pipe mode only."""
    name = algorithm(job.estimator)
    for _, sdk_object in _inputs(job):
        if not _is_augmented(sdk_object):
            continue
        mode = _mode(job.estimator, sdk_object)
        if mode is not None and mode != "Pipe":
            yield at_call(sdk_object, f"{AUGMENTED} needs input_mode Pipe, and the channel has {mode}")
        elif name in WITH_WRAPPED_MANIFEST and is_left_out(sdk_object, "record_wrapping"):
            detail = f"{AUGMENTED} for {name} without record_wrapping='RecordIO'"
            yield at_call(sdk_object, detail)


def _unread_by_algorithm(job: Job) -> Iterator[Problem]:
    """Yield the content types that the built-in algorithm of a job does not read."""
    name = algorithm(job.estimator)
    allowed = CONTENT_TYPES.get(name or "", ())
    for _, sdk_object in _inputs(job) if allowed else ():
        content = is_set(sdk_object, "content_type")
        if content is not None and content.text is not None and "content_type" not in sdk_object.overridden:
            passed = content.text.partition(";")[0].strip().casefold()
            if passed not in allowed and _content_type(content.text) is None and not is_placeholder(passed):
                detail = f"{name} does not read content_type {content.text!r} (it reads {', '.join(allowed)})"
                yield at_value(sdk_object, content.expression, content.text, detail)
        data = sdk_object.get("s3_data")
        is_csv = data is not None and data.text is not None and data.text.casefold().endswith(".csv")
        if name == READS_LIBSVM and is_csv and is_left_out(sdk_object, "content_type"):
            yield at_call(
                sdk_object, f"{name} takes data without a content_type for libsvm, and this is a CSV file"
            )


def _mode(estimator: Estimator, sdk_object: SdkObject) -> str | None:
    """Return the input mode of a channel, or None if it is unknown."""
    own = is_set(sdk_object, "input_mode")
    if own is not None:
        return own.text
    if not is_left_out(sdk_object, "input_mode") or estimator.name in _WITH_OWN_MODE:
        return None
    of_job = is_set(estimator, "input_mode")
    if of_job is not None:
        return of_job.text
    return "File" if is_left_out(estimator, "input_mode") and not estimator.is_trainer else None


def _half_in_groups(job: Job) -> Iterator[Problem]:
    """Yield the inputs without instance groups, if other inputs of the job have them."""
    inputs = list(_inputs(job))
    grouped = [channel for channel, one in inputs if is_set(one, "instance_groups") is not None]
    if not grouped:
        return
    launcher = job.estimator.launcher
    for channel, one in inputs:
        if is_left_out(one, "instance_groups"):
            yield at_call(one, f"channel {grouped[0].name} has instance_groups, {channel.name} has none")
    for channel in job.channels.entries:
        if channel.expression is not None and channel.certain and channel.expression.text is not None:
            node = launcher.own(channel.expression.node, job.node)
            detail = f"channel {grouped[0].name} has instance_groups, {channel.name} has none"
            yield Problem(node, detail, job.node)


def _empty_folders(launcher: Launcher, job: Job) -> Iterator[Problem]:
    """Yield the inputs whose prefix contains ``//``: S3 takes it as a folder with an empty name."""
    if job.method not in ("fit", "step", "train"):
        return
    sources = [
        (one, data.expression)
        for channel in job.channels.entries
        if channel.expression is not None and channel.origin != "model"
        for one in launcher.constructions_in(channel.expression) or (job.estimator,)
        if (data := one.get("s3_data") or one.get("data_source"))
        or (one is job.estimator and (data := _as_argument(channel)))
    ]
    for sdk_object, expression in sources:
        for beginning in expression.beginnings:
            match = _EMPTY_FOLDER.match(beginning)
            if match is not None and not _is_written(launcher, match[0]):
                detail = (
                    f"{_short(beginning)} has a folder with an empty name ('//'), in which S3 finds nothing"
                )
                yield at_value(sdk_object, expression, beginning, detail)


def _as_argument(channel: Channel) -> Argument | None:
    assert channel.expression is not None
    return Argument(channel.name, channel.at, channel.expression) if channel.expression.beginnings else None


def _is_written(launcher: Launcher, prefix: str) -> bool:
    """Return whether the file may write below a prefix: another call gets a location that begins with it."""
    reading = {id(one.node) for one in launcher.of("TrainingInput", "s3_input", "InputData", "S3DataSource")}
    reading |= {id(job.node) for job in launcher.jobs}
    for site in launcher.module.calls:
        if id(site.node) in reading:
            continue
        for node in (*site.node.args, *(keyword.value for keyword in site.node.keywords)):
            if isinstance(node, ast.Dict | ast.List | ast.Lambda):
                continue
            passed = launcher.reader.expression(node, site.scope)
            if any(beginning.startswith(prefix) for beginning in passed.beginnings):
                return True
    return False


def _short(beginning: str) -> str:
    return repr(beginning if len(beginning) <= 60 else beginning[:57] + "...")


def _of_input_data(sdk_object: SdkObject) -> Iterator[Problem]:
    """Yield the locations that are a misspelling of an S3 location; v3 accepts local paths as well."""
    data = sdk_object.get("data_source")
    for beginning in _locations(data.expression) if data is not None else ():
        reason = judge_location(beginning) if _intended_location(beginning) else None
        if reason is not None and data is not None:
            yield at_value(sdk_object, data.expression, beginning, reason, NO_LOCATION)


def _of_arguments(sdk_object: SdkObject) -> Iterator[Problem]:
    """Yield the problems of the names of an input's arguments."""
    taken = sdk_object.signature
    if taken is None or sdk_object.local is not None or not sdk_object.is_of_one_class:
        return
    for argument in sdk_object.arguments:
        intended = meant_argument(argument.name, taken.known) if argument.name not in taken.known else None
        if intended is not None:
            detail = f"TrainingInput has no {argument.name}{did_you_mean(intended)}"
            yield at_argument(sdk_object, argument, detail, meant=intended)
    if is_left_out(sdk_object, "s3_data"):
        yield at_call(sdk_object, "TrainingInput() has no s3_data")


def _of_string(estimator: Estimator, expression: LocatedExpression) -> Iterator[Problem]:
    """Yield the problems of a plain string that is passed as an input."""
    for beginning in _locations(expression):
        reason = judge_location(beginning)
        if reason is not None:
            yield at_value(estimator, expression, beginning, reason, NO_LOCATION)
        elif beginning.startswith(FILE) and _is_remote(estimator) and len(expression.values) == 1:
            yield at_value(
                estimator,
                expression,
                beginning,
                f"{beginning!r} is for local mode, not for instances of SageMaker",
            )


def _locations(expression: LocatedExpression) -> Iterator[str]:
    """Yield the beginnings of an expression, and the defaults of options and variables that misspell an S3 location.

    Another default, such as a local path, may be for runs without SageMaker.
    """
    known = expression.beginnings
    yield from known
    for value in expression.candidates:
        if isinstance(value, str) and value not in known and _intended_location(value):
            yield value


def judge_location(beginning: str) -> str | None:
    """Return the problem of an S3 location as far as its beginning is known, or None."""
    if beginning.startswith(S3) and (inner := _intended_location(beginning.removeprefix(S3))):
        return f"{_short(beginning)} begins with s3:// twice{did_you_mean(inner)}"
    if not beginning.strip() or beginning.startswith((S3, FILE)) or S3.startswith(beginning):
        return None
    if FILE.startswith(beginning) or is_placeholder(beginning) or beginning.startswith("{"):
        return None
    shown = beginning if len(beginning) <= 40 else beginning[:37] + "..."
    intended = _intended_location(beginning)
    return f"{shown!r} does not begin with s3://" + (did_you_mean(intended))


def _intended_location(beginning: str) -> str:
    """Return the S3 location that a string writes or misspells, or ""."""
    scheme, mark, rest = beginning.partition("://")
    if not mark and "/" in beginning.lstrip("/") and beginning.casefold().startswith("s3:"):
        return f"s3://{beginning[3:].lstrip('/')}"
    return f"s3://{rest}" if mark and scheme.casefold() in ("s3", "s3a", "s3n") and rest else ""


def _is_remote(estimator: Estimator) -> bool:
    """Return whether an estimator certainly runs on instances of SageMaker."""
    argument = estimator.get("instance_type")
    if argument is None or not argument.expression.is_known or "instance_type" in estimator.overridden:
        return False
    return all(isinstance(name, str) and name not in LOCAL_TYPES for name in argument.expression.constants)


def _content_type(value: object) -> str | None:
    """Return the content type that a string misspells, or None."""
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
    family = closest(kind, kinds)
    if family is None:
        return None
    same = [known.partition("/")[2] for known in _CONTENT_TYPES if known.startswith(f"{family}/")]
    name = rest if rest in same else closest(rest, same)
    intended = f"{family}/{name}" if name else None
    return None if intended is None or intended == value.casefold() else intended
