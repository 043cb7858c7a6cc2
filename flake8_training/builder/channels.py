"""The jobs that a launcher starts, and the channels that each of them gets.

Source: sagemaker 2.257.7 ``job.py: _format_inputs_to_input_config`` (an input without a name is the channel
``training``), ``estimator.py`` (``model_uri`` makes a channel), sagemaker-train 1.27.0 ``model_trainer.py`` (inputs of
the trainer and of ``train`` are put together by name).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder import classes
from flake8_training.builder.given import Argument, Given
from flake8_training.builder.made import Channel, Channels, Construction, Estimator, Job, Step, Tuner
from flake8_training.record import replace
from flake8_training.script.values import Collection, Constant, Made, Text, Value, Variable

if TYPE_CHECKING:
    from flake8_training.builder.made import LauncherInterface

DEFAULT = "training"
_UNTOLD = Channels((), open_ended=True)
# Methods of the SDK that give the S3 URI of what they have uploaded, as text.
_UPLOADS = (".upload_data()", "S3Uploader.upload()", "S3Uploader.upload_string_as_file_body()")


def started_jobs(launcher: LauncherInterface) -> Iterator[Job]:
    """Yield the jobs that a launcher starts, in no order."""
    for site in launcher.module.calls_by_name.get("fit", ()):
        func = site.node.func
        if not isinstance(func, ast.Attribute):
            continue
        arguments = launcher.reader.arguments(
            site.node, site.scope, None, ("inputs", "wait", "logs", "job_name")
        )
        inputs = arguments.get("inputs")
        found = _inputs(launcher, inputs.given if inputs else None, arguments.open_ended)
        for made in launcher.constructions_in(launcher.reader.given(func.value, site.scope)):
            if isinstance(made, Tuner):
                for estimator in made.estimators:
                    yield Job(estimator, site.node, "fit", _with_model(found, estimator), tuner=made)
            elif isinstance(made, Estimator) and not made.is_trainer:
                yield Job(made, site.node, "fit", _with_model(found, made))
    for site in launcher.module.calls_by_name.get("train", ()):
        func = site.node.func
        if isinstance(func, ast.Attribute):
            arguments = launcher.reader.arguments(site.node, site.scope, None, ("input_data_config",))
            for made in launcher.constructions_in(launcher.reader.given(func.value, site.scope)):
                if isinstance(made, Estimator) and made.is_trainer:
                    yield Job(
                        made,
                        site.node,
                        "train",
                        channels_of_trainer(launcher, made, arguments.get("input_data_config")),
                    )
    for step in launcher.steps:
        yield from _of_step(launcher, step)


def _of_step(launcher: LauncherInterface, step: Step) -> Iterator[Job]:
    """Yield the jobs of a step that is given an estimator; of ``step_args=estimator.fit()`` the call is the job."""
    if step.kind not in ("Training", "Tuning"):
        return
    inputs = step.get("inputs")
    found = _inputs(launcher, inputs.given if inputs else None, step.arguments.open_ended)
    for estimator in step.estimators:
        yield Job(estimator, step.node, "step", _with_model(found, estimator), step=step)
    given = step.get("tuner")
    if given is not None:
        for tuner in launcher.constructions_in(given.given):
            if isinstance(tuner, Tuner):
                for estimator in tuner.estimators:
                    yield Job(estimator, step.node, "step", _with_model(found, estimator), tuner, step)


def _inputs(launcher: LauncherInterface, given: Given | None, open_ended: bool) -> Channels:
    """Return the channels of what ``fit`` is given."""
    if given is None:
        return Channels((), open_ended)
    read = [_of_value(launcher, given, value) for value in given.values]
    if not read:
        return _UNTOLD
    if len(read) == 1:
        return read[0]
    shared = set.intersection(*(set(one.names) for one in read))
    return Channels(
        tuple(
            channel if channel.name in shared else replace(channel, certain=False)
            for one in read
            for channel in one.entries
        ),
        any(one.open_ended for one in read),
    )


def _of_value(launcher: LauncherInterface, given: Given, value: Value) -> Channels:
    if isinstance(value, Constant) and value.value is None:
        return Channels()
    if _is_text(value) or (isinstance(value, Made) and _is_input(value)):
        return Channels((Channel(DEFAULT, given.node, given, "default"),))
    if isinstance(value, Collection) and not isinstance(value.node, ast.List | ast.Tuple | ast.ListComp):
        entries = launcher.reader.entries_of((value,))
        return Channels(
            tuple(Channel(e.name, e.at, e.given, "inputs", e.certain) for e in entries), entries.open_ended
        )
    return _UNTOLD


def _is_text(value: Value) -> bool:
    if isinstance(value, Made):
        return value.name.startswith("sagemaker.") and value.name.endswith(_UPLOADS)
    return isinstance(value, Text | Variable) or (
        isinstance(value, Constant) and isinstance(value.value, str)
    )


def _is_input(value: Made) -> bool:
    known = classes.known_class(value.name.removesuffix("()"))
    return known is not None and classes.is_input(known)


def _with_model(found: Channels, estimator: Estimator) -> Channels:
    """Return the channels together with the one that ``model_uri`` makes."""
    uri = estimator.get("model_uri")
    if uri is None or uri.given.is_none:
        return replace(found, open_ended=True) if estimator.arguments.open_ended else found
    name = estimator.get("model_channel_name")
    text = "model" if name is None else name.text
    if text is None:
        return replace(found, open_ended=True)
    return Channels((*found.entries, Channel(text, uri.at, uri.given, "model")), found.open_ended)


def channels_of_trainer(
    launcher: LauncherInterface, estimator: Estimator, given: Argument | None
) -> Channels:
    """Return the channels of a ``ModelTrainer``; those of the code that it adds by itself are not among them."""
    entries: dict[str, Channel] = {}
    open_ended = estimator.arguments.open_ended
    for source in (estimator.get("input_data_config"), given):
        for value in source.given.values if source else ():
            if isinstance(value, Constant) and value.value is None:
                continue
            elements = launcher.elements(value)
            open_ended = open_ended or elements is None
            for element in elements or ():
                channel = _input_data(launcher, element)
                open_ended = open_ended or channel is None
                if channel is not None:
                    entries[channel.name] = channel
    return Channels(tuple(entries.values()), open_ended)


def _input_data(launcher: LauncherInterface, given: Given) -> Channel | None:
    """Return the channel of an ``InputData`` or ``Channel`` object; None where it cannot be told."""
    made: tuple[Construction, ...] = launcher.constructions_in(given)
    name = made[0].get("channel_name") if len(made) == 1 else None
    if name is None or name.text is None:
        return None
    data = made[0].get("data_source")
    return Channel(name.text, name.node, data.given if data else None, "inputs")
