"""Training jobs that a launcher starts, and the channels of each.

Source: sagemaker 2.257.7 ``job.py: _format_inputs_to_input_config`` (an input without a name is the channel
``training``), ``estimator.py`` (``model_uri`` adds a channel), sagemaker-train 1.27.0 ``model_trainer.py`` (the inputs
of the trainer and of ``train`` are merged by name), stepfunctions 2.3.0 ``steps/sagemaker.py: TrainingStep`` (the
estimator's job with ``data`` as its inputs and its ``hyperparameters`` merged into the estimator's), sagemaker 2.257.7
``workflow/airflow.py`` (``training_config`` and ``tuning_config``, whose inputs are those of ``fit``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import (
    Collection,
    Constant,
    LibraryObject,
    Reference,
    StringTemplate,
    Value,
    Variable,
)
from flake8_training.launcher import sdk_classes
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.launcher.sdk_objects import Channel, Channels, Estimator, Job, SdkObject, Step, Tuner
from flake8_training.launcher.signs import CONFIGURING
from flake8_training.record import replace

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite
    from flake8_training.launcher.sdk_objects import LauncherInterface

DEFAULT = "training"
_TASKS = frozenset({"stepfunctions.steps.TrainingStep", "stepfunctions.steps.sagemaker.TrainingStep"})
_UNKNOWN_CHANNELS = Channels((), open_ended=True)
# Methods of the SDK that upload something and return its S3 URI as a string.
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
        found = _inputs(launcher, inputs.expression if inputs else None, arguments.open_ended)
        for one in launcher.constructions_in(launcher.reader.expression(func.value, site.scope)):
            yield from _of_object(one, site.node, "fit", found)
    for site in launcher.module.calls_by_name.get("train", ()):
        func = site.node.func
        if isinstance(func, ast.Attribute):
            arguments = launcher.reader.arguments(site.node, site.scope, None, ("input_data_config",))
            for sdk_object in launcher.constructions_in(launcher.reader.expression(func.value, site.scope)):
                if isinstance(sdk_object, Estimator) and sdk_object.is_trainer:
                    yield Job(
                        sdk_object,
                        site.node,
                        "train",
                        channels_of_trainer(launcher, sdk_object, arguments.get("input_data_config")),
                    )
    for step in launcher.steps:
        yield from _of_step(launcher, step)
    for site in launcher.module.calls_by_name.get("TrainingStep", ()):
        if is_task(launcher, site):
            yield from _of_task(launcher, site)
    for name, started in CONFIGURING.items():
        for site in launcher.module.calls_by_name.get(name.rpartition(".")[2], ()):
            if _calls(launcher, site, name):
                yield from _of_configuration(launcher, site, started)


def _calls(launcher: LauncherInterface, site: CallSite, *names: str) -> bool:
    """Return whether a call may be one of a function or class of these names."""
    called = launcher.evaluator.values(site.node.func, site.scope)
    return any(isinstance(one, Reference) and one.name in names for one in called)


def _of_object(started: SdkObject, node: ast.Call, method: str, found: Channels) -> Iterator[Job]:
    """Yield the jobs of an estimator, or of those that a tuner runs; none of any other object."""
    if isinstance(started, Tuner):
        for estimator in started.estimators:
            yield Job(estimator, node, method, _with_model(found, estimator), tuner=started)
    elif isinstance(started, Estimator) and not started.is_trainer:
        yield Job(started, node, method, _with_model(found, started))


def _of_configuration(launcher: LauncherInterface, site: CallSite, started: str) -> Iterator[Job]:
    """Yield the job whose configuration a function of the SDK builds for Airflow."""
    arguments = launcher.reader.arguments(site.node, site.scope, None, (started, "inputs"))
    inputs, argument = arguments.get("inputs"), arguments.get(started)
    found = _inputs(launcher, inputs.expression if inputs else None, arguments.open_ended)
    for one in launcher.constructions_in(argument.expression) if argument is not None else ():
        yield from _of_object(one, site.node, "step", found)


def is_task(launcher: LauncherInterface, site: CallSite) -> bool:
    """Return whether a call constructs a training step of the Python SDK of Step Functions."""
    return _calls(launcher, site, *_TASKS)


def task_arguments(launcher: LauncherInterface, site: CallSite) -> Arguments:
    """Return the arguments of a training step of Step Functions, by name."""
    return launcher.reader.arguments(
        site.node, site.scope, None, ("state_id", "estimator", "job_name", "data")
    )


def _of_task(launcher: LauncherInterface, site: CallSite) -> Iterator[Job]:
    """Yield the job of a training step of Step Functions: the estimator's, with ``data`` as its inputs."""
    arguments = task_arguments(launcher, site)
    estimator, data = arguments.get("estimator"), arguments.get("data")
    found = _inputs(launcher, data.expression if data else None, arguments.open_ended)
    for one in launcher.estimators_in(estimator.expression) if estimator else ():
        yield Job(one, site.node, "step", _with_model(found, one))


def _of_step(launcher: LauncherInterface, step: Step) -> Iterator[Job]:
    """Yield the jobs of a step that receives an estimator. For ``step_args=estimator.fit()`` the call is the job."""
    if step.kind not in ("Training", "Tuning"):
        return
    inputs = step.get("inputs")
    found = _inputs(launcher, inputs.expression if inputs else None, step.arguments.open_ended)
    for estimator in step.estimators:
        yield Job(estimator, step.node, "step", _with_model(found, estimator), step=step)
    argument = step.get("tuner")
    if argument is not None:
        for tuner in launcher.constructions_in(argument.expression):
            if isinstance(tuner, Tuner):
                for estimator in tuner.estimators:
                    yield Job(estimator, step.node, "step", _with_model(found, estimator), tuner, step)


def _inputs(launcher: LauncherInterface, expression: LocatedExpression | None, open_ended: bool) -> Channels:
    """Return the channels of an ``inputs`` argument."""
    if expression is None:
        return Channels((), open_ended)
    read = [_of_value(launcher, expression, value) for value in expression.values]
    if not read:
        return _UNKNOWN_CHANNELS
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


def _of_value(launcher: LauncherInterface, expression: LocatedExpression, value: Value) -> Channels:
    if isinstance(value, Constant) and value.value is None:
        return Channels()
    if _is_string(value) or (isinstance(value, LibraryObject) and _is_input(value)):
        return Channels((Channel(DEFAULT, expression.node, expression, "default"),))
    if isinstance(value, Collection) and not isinstance(value.node, ast.List | ast.Tuple | ast.ListComp):
        entries = launcher.reader.entries_of((value,))
        return Channels(
            tuple(Channel(e.name, e.at, e.expression, "inputs", e.certain) for e in entries),
            entries.open_ended,
        )
    return _UNKNOWN_CHANNELS


def _is_string(value: Value) -> bool:
    if isinstance(value, LibraryObject):
        return value.name.startswith("sagemaker.") and value.name.endswith(_UPLOADS)
    return isinstance(value, StringTemplate | Variable) or (
        isinstance(value, Constant) and isinstance(value.value, str)
    )


def _is_input(value: LibraryObject) -> bool:
    known = sdk_classes.known_class(value.name.removesuffix("()"))
    return known is not None and sdk_classes.is_input(known)


def _with_model(found: Channels, estimator: Estimator) -> Channels:
    """Return the channels and the one that ``model_uri`` adds."""
    uri = estimator.get("model_uri")
    if uri is None or uri.expression.is_none:
        return replace(found, open_ended=True) if estimator.arguments.open_ended else found
    name = estimator.get("model_channel_name")
    channel_name = "model" if name is None else name.text
    if channel_name is None:
        return replace(found, open_ended=True)
    return Channels(
        (*found.entries, Channel(channel_name, uri.at, uri.expression, "model")), found.open_ended
    )


def channels_of_trainer(
    launcher: LauncherInterface, estimator: Estimator, argument: Argument | None
) -> Channels:
    """Return the channels of a ``ModelTrainer``, without those that it adds itself for the code."""
    entries: dict[str, Channel] = {}
    open_ended = estimator.arguments.open_ended
    for source in (estimator.get("input_data_config"), argument):
        lists: list[dict[str, Channel]] = []
        for value in source.expression.values if source else ():
            if isinstance(value, Constant) and value.value is None:
                lists.append({})
                continue
            elements = launcher.elements(value)
            channels = [_input_data(launcher, element) for element in elements or ()]
            open_ended = open_ended or elements is None or None in channels
            lists.append({channel.name: channel for channel in channels if channel is not None})
        for found in lists:
            for name, channel in found.items():
                certain = all(name in other for other in lists)
                entries[name] = channel if certain else replace(channel, certain=False)
    return Channels(tuple(entries.values()), open_ended)


def _input_data(launcher: LauncherInterface, expression: LocatedExpression) -> Channel | None:
    """Return the channel of an ``InputData`` or ``Channel`` object; None if its name is unknown."""
    sdk_objects: tuple[SdkObject, ...] = launcher.constructions_in(expression)
    name = sdk_objects[0].get("channel_name") if len(sdk_objects) == 1 else None
    if name is None or name.text is None:
        return None
    data = sdk_objects[0].get("data_source")
    return Channel(name.text, name.node, data.expression if data else None, "inputs")
