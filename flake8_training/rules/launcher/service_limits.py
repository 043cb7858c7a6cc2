"""Values that break a limit of CreateTrainingJob or CreateHyperParameterTuningJob.

Separate rules check instances, roles and inputs. Source: botocore's model by ``sagemaker.constraints``; sagemaker
2.257.7 (``job.py``, ``estimator.py``, ``utils.py: name_from_base``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import (
    UNKNOWN,
    Class,
    Collection,
    Constant,
    Function,
    LibraryObject,
    Value,
)
from flake8_training.finding import Related
from flake8_training.launcher.literals import Untold, plain
from flake8_training.launcher.local_branches import is_on_local_branch
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.placeholders import is_placeholder
from flake8_training.launcher.sdk_objects import Estimator, Job, LauncherInterface, SdkObject, Step, Tuner
from flake8_training.pattern import pattern
from flake8_training.record import replace
from flake8_training.rules.launcher.problem import Problem, at_argument, at_value, current
from flake8_training.rules.launcher.training_inputs import FILE, judge_location
from flake8_training.sagemaker.constraints import (
    ARGUMENT_SHAPES,
    STEP_NAME,
    constraint,
    nearest_allowed,
    violation,
)
from flake8_training.sagemaker.hyperparameter_arguments import Route, UnsendableError, job_text
from flake8_training.spelling import did_you_mean

if TYPE_CHECKING:
    from flake8_training.launcher.launcher import Launcher

_SCALARS = ("keep_alive_period_in_seconds", "max_wait", "input_mode", "max_retry_attempts", "image_uri",
            "checkpoint_local_path", "training_input_mode", "training_image")  # fmt: skip
_LISTS = ("subnets", "security_group_ids", "container_entry_point", "container_arguments", "tags")
_LOCATIONS = ("output_path", "checkpoint_s3_uri", "code_location")
_OF_TUNER = ("strategy", "objective_type", "early_stopping_type", "max_jobs", "max_parallel_jobs",
             "objective_metric_name")  # fmt: skip
_PARTS = {
    "StoppingCondition": ("max_wait_time_in_seconds", "max_pending_time_in_seconds"),
    "Compute": ("keep_alive_period_in_seconds",),
    "InputData": ("channel_name",),
    "Channel": ("channel_name",),
    "OutputDataConfig": ("compression_type",),
    "Networking": ("subnets", "security_group_ids"),
    "NetworkConfig": ("subnets", "security_group_ids"),
    "FileSystemInput": ("file_system_id", "file_system_type", "file_system_access_mode"),
}
_KINDS: dict[type, str] = {ast.Set: "a set", ast.SetComp: "a set", ast.GeneratorExp: "a generator"}
_MADE_KINDS = {
    "builtins.set()": "a set",
    "builtins.frozenset()": "a set",
    "builtins.object()": "an object",
    "builtins.bytes()": "bytes",
    "numpy.array()": "an array",
}
_MOST_CHANNELS = 20
_MOST_METRICS = 40
# The SDK truncates the name and appends a timestamp; the rest must be letters, digits and hyphens.
_BASE_NAME = pattern(r"[a-zA-Z0-9][a-zA-Z0-9-]*")


def broken_limits(launcher: Launcher) -> Iterator[Problem]:
    """Yield the values of a launcher's estimators, tuners and jobs that the service rejects."""
    for estimator in current(launcher):
        yield from _arguments(estimator, (*_SCALARS, *_LISTS))
        yield from _locations(estimator)
        yield from _hyperparameters(estimator)
        yield from _environment(estimator)
        yield from _metrics(estimator)
    for tuner in launcher.tuners:
        yield from _arguments(tuner, _OF_TUNER)
        yield from _metrics(tuner)
        yield from _combinations(tuner)
    for name, arguments in _PARTS.items():
        for sdk_object in launcher.of(name):
            yield from _arguments(sdk_object, arguments)
    for step in launcher.steps:
        yield from _step_name(step)
    for job in launcher.jobs:
        yield from _job_name(job)
        yield from _channels(job)


def _arguments(sdk_object: SdkObject, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        argument, shape = sdk_object.get(name), ARGUMENT_SHAPES[name]
        if argument is None or name in sdk_object.overridden:
            continue
        for value in argument.expression.constants:
            ignored = _is_placeholder(value) or argument.expression.is_filled_in(value)
            reason = None if ignored else violation(shape, value)
            if reason is not None and not _is_local(sdk_object, argument, value):
                allowed = nearest_allowed(shape, value) if isinstance(value, str) else None
                shown = did_you_mean(allowed) if allowed else f" {reason}"
                detail = f"{name} {_shown(value)}{shown}"
                yield at_value(sdk_object, argument.expression, value, detail, meant=allowed)
        row = constraint(shape)
        if row is not None and row.type == "list":
            found = plain(sdk_object.launcher, argument.expression)
            judged = isinstance(found, list) and not any(_is_placeholder(item) for item in found)
            reason = violation(shape, found) if judged else None
            if reason is not None:
                yield at_argument(sdk_object, argument, f"{name} {reason}")
            for value in argument.expression.constants:
                if value is not None and not _is_placeholder(value):
                    detail = f"{name} is {_shown(value)}, not a list"
                    yield at_value(sdk_object, argument.expression, value, detail)
            if row.member is not None and sdk_object.sdk == "v2":
                yield from _members(sdk_object, argument, row.member)


def _members(sdk_object: SdkObject, argument: Argument, shape: str) -> Iterator[Problem]:
    """Yield the dicts in a list whose keys are not the members of the service's structure.

    Several ones of the same problem are one mistake: the first one is reported, the others are its related places.
    """
    row, launcher = constraint(shape), sdk_object.launcher
    if row is None or row.type != "structure":
        return
    elements = [element for value in argument.expression.values for element in launcher.elements(value) or ()]
    with_unknown: list[Problem] = []
    without_required: list[Problem] = []
    for element in elements:
        if not element.values or not all(isinstance(value, Collection) for value in element.values):
            continue
        entries = launcher.reader.entries(element)
        unknown = [entry for entry in entries if entry.name not in row.members and entry.certain]
        for entry in unknown[:1]:
            intended = {name.casefold(): name for name in row.members}.get(entry.name.casefold())
            hint = did_you_mean(intended) if intended else f" (only {', '.join(sorted(row.members))})"
            detail = f"an entry of {argument.name} has no {entry.name}{hint}"
            with_unknown.append(at_argument(sdk_object, entry, detail, meant=intended))
        missing = [name for name in sorted(row.required) if entries.lacks(name)]
        if missing and not unknown:
            node = launcher.own(element.node, sdk_object.node)
            detail = f"an entry of {argument.name} without {' and '.join(missing)}"
            without_required.append(Problem(node, detail, sdk_object.node))
    for found in (with_unknown, without_required):
        if found:
            yield _with_others(launcher, found[0], found[1:])


def _with_others(launcher: LauncherInterface, first: Problem, others: list[Problem]) -> Problem:
    """Return a problem with the others as its related places; the fix, if each has one, is that of all."""
    edits = [edit for one in (first, *others) for edit in (one.fix.edits if one.fix is not None else ())]
    fix = first.fix if first.fix is None or not others else replace(first.fix, edits=tuple(edits))
    return replace(
        first, fix=fix, related=tuple(Related(*launcher.place(one.report_at), one.detail) for one in others)
    )


def _is_local(sdk_object: SdkObject, argument: Argument, value: object) -> bool:
    """Return whether the argument has this value only in local mode, which calls no service."""
    literal = sdk_object.launcher.literal(argument.expression, value, sdk_object.node)
    return is_on_local_branch(sdk_object, literal)


def _step_name(step: Step) -> Iterator[Problem]:
    name = step.get("name")
    for value in name.expression.constants if name is not None and "name" not in step.overridden else ():
        if name is None or not isinstance(value, str) or _is_placeholder(value):
            continue
        if not STEP_NAME.fullmatch(value) and not name.expression.is_filled_in(value):
            detail = f"name {_shown(value)} is no step name (up to 64 letters, digits, '-' and '_')"
            yield at_value(step, name.expression, value, detail)


def _locations(estimator: Estimator) -> Iterator[Problem]:
    for name in _LOCATIONS:
        argument = estimator.get(name)
        if argument is None or name in estimator.overridden:
            continue
        for beginning in argument.expression.beginnings:
            if name == "output_path" and beginning.startswith(FILE):
                continue
            if beginning.startswith(FILE):
                if name == "checkpoint_s3_uri" or not _may_keep_code_local(estimator):
                    detail = f"{name} {_shown(beginning)} is no S3 URI"
                    yield at_value(estimator, argument.expression, beginning, detail)
                continue
            reason = judge_location(beginning)
            if reason is not None:
                yield at_value(estimator, argument.expression, beginning, f"{name} {reason}")


def _may_keep_code_local(estimator: Estimator) -> bool:
    """Return whether the configuration of the estimator's session may set ``local_code``: then no code is uploaded."""
    session, evaluator = estimator.get("sagemaker_session"), estimator.launcher.evaluator
    if session is None:
        return estimator.arguments.open_ended
    sessions = set(session.expression.values)
    configured = [
        set(evaluator.values(store.target, store.scope))
        for store in estimator.launcher.module.attribute_stores.get("config", ())
    ]
    return any(UNKNOWN in held or UNKNOWN in sessions or held & sessions for held in configured)


# -- hyperparameters, environment, metrics


def _is_no_table(estimator: Estimator, expression: LocatedExpression) -> bool:
    """Return whether hyperparameters are certainly not a dict. A ``ModelTrainer`` accepts a file's path too."""
    kinds: set[str] = set()
    for value in expression.values:
        if isinstance(value, Constant):
            is_path = isinstance(value.value, str) and estimator.is_trainer
            kinds.add("table" if value.value is None or is_path else "other")
        elif isinstance(value, Collection):
            kinds.add("other" if isinstance(value.node, ast.List | ast.Tuple | ast.Set) else "table")
        elif isinstance(value, LibraryObject) and value.name == "json.dumps()":
            kinds.add("other")
        else:
            kinds.add("unknown")
    return kinds == {"other"}


def _hyperparameters(estimator: Estimator) -> Iterator[Problem]:
    entries = estimator.hyperparameters
    argument = estimator.get("hyperparameters")
    if argument is not None and "hyperparameters" not in estimator.overridden:
        if _is_no_table(estimator, argument.expression):
            yield at_argument(estimator, argument, "hyperparameters are no dict of names and values")
            return
    certain = {entry.name for entry in entries if entry.certain}
    row = constraint("HyperParameters")
    if row is not None and row.maximum is not None and len(certain) > row.maximum and argument is not None:
        detail = f"{len(certain)} hyperparameters, more than {row.maximum}"
        yield at_argument(estimator, argument, detail)
    for entry in entries:
        reason = violation("HyperParameterKey", entry.name)
        if reason is not None:
            yield at_argument(estimator, entry, f"the name of hyperparameter {_shown(entry.name)} {reason}")
        kind = _unsendable(estimator, entry)
        if kind:
            detail = f"the value of hyperparameter {entry.name} is {kind}, which is no JSON"
            yield at_argument(estimator, entry, detail)
        sent = _sent(estimator, entry)
        reason = violation("HyperParameterValue", sent) if sent is not None else None
        if reason is not None:
            yield at_argument(estimator, entry, f"the value of hyperparameter {entry.name} {reason}")


def _unsendable(estimator: Estimator, entry: Argument) -> str:
    """Return the kind of a value that the SDK cannot write as JSON; "" if it can or if the value is unknown."""
    if not estimator.is_framework or entry.encoding or not entry.expression.values:
        return ""
    kinds = {_kind(value) for value in entry.expression.values}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind(value: Value) -> str:
    if isinstance(value, Constant):
        return "bytes" if isinstance(value.value, bytes) else ""
    if isinstance(value, Function):
        return "a function"
    if isinstance(value, Class):
        return "a class"
    if isinstance(value, LibraryObject):
        return _MADE_KINDS.get(value.name, "")
    return _KINDS.get(type(getattr(value, "node", None)), "")


def _sent(estimator: Estimator, entry: Argument) -> str | None:
    """Return the string that the job holds for a hyperparameter, or None if it is unknown."""
    if entry.encoding == "other":
        return None
    value = plain(estimator.launcher, entry.expression)
    if isinstance(value, Untold):
        return None
    if estimator.is_trainer:
        route = Route.V3
    elif estimator.is_framework or "source_dir" in estimator.arguments or estimator.arguments.open_ended:
        route = Route.V2_FRAMEWORK
    else:
        route = Route.V2_GENERIC
    try:
        if entry.encoding == "json":
            value = job_text(value, Route.V2_FRAMEWORK)
        elif entry.encoding == "str":
            value = str(value)
        return job_text(value, route)
    except (UnsendableError, ValueError):  # ValueError: a number of more digits than Python shows
        return None


def _environment(estimator: Estimator) -> Iterator[Problem]:
    argument = estimator.get("environment")
    if argument is None or "environment" in estimator.overridden:
        return
    entries = estimator.environment
    row = constraint("TrainingEnvironmentMap")
    certain = {entry.name for entry in entries if entry.certain}
    if row is not None and row.maximum is not None and len(certain) > row.maximum:
        yield at_argument(
            estimator, argument, f"{len(certain)} environment variables, more than {row.maximum}"
        )
    for entry in entries:
        reason = violation("TrainingEnvironmentKey", entry.name)
        if reason is not None and "does not match" in reason:
            reason = "may only have letters, digits and _, no digit first"
        if reason is not None:
            yield at_argument(estimator, entry, f"the environment variable {_shown(entry.name)} {reason}")
        if entry.encoding:
            continue
        for value in entry.expression.constants:
            if isinstance(value, bool | int | float):
                detail = f"the environment variable {entry.name} is {value!r}, not text"
                yield at_argument(estimator, entry, detail)
            elif isinstance(value, str) and (reason := violation("TrainingEnvironmentValue", value)):
                yield at_argument(
                    estimator, entry, f"the value of environment variable {entry.name} {reason}"
                )


def _metrics(sdk_object: Estimator | Tuner) -> Iterator[Problem]:
    definitions = sdk_object.metric_definitions.entries
    argument = sdk_object.get("metric_definitions")
    if (
        len(definitions) > _MOST_METRICS
        and not sdk_object.metric_definitions.open_ended
        and argument is not None
    ):
        detail = f"{len(definitions)} metric definitions, more than {_MOST_METRICS}"
        yield at_argument(sdk_object, argument, detail)
    for definition in definitions:
        missing = [n for n, p in (("Name", definition.name), ("Regex", definition.regex)) if p is None]
        if missing and not definition.open_ended:
            node = sdk_object.launcher.own(definition.node, sdk_object.node)
            yield Problem(node, f"a metric definition without {' and '.join(missing)}", sdk_object.node)
        for shape, part in (("MetricName", definition.name), ("MetricRegex", definition.regex)):
            for value in part.constants if part else ():
                reason = violation(shape, value) if isinstance(value, str) else None
                if reason is not None and part is not None:
                    what = "name" if shape == "MetricName" else "regex"
                    yield at_value(sdk_object, part, value, f"the {what} of a metric {reason}")


def _combinations(tuner: Tuner) -> Iterator[Problem]:
    """Yield a tuner that runs more jobs than its ranges have combinations."""
    argument = tuner.get("max_jobs")
    wanted = argument.constant if argument else None
    ranges = tuner.ranges
    if argument is None or not isinstance(wanted, int) or ranges.open_ended or not ranges.entries:
        return
    product = 1
    for entry in ranges:
        sizes = [_size(sdk_object) for sdk_object in tuner.launcher.constructions_in(entry.expression)]
        size = sizes[0] if len(sizes) == 1 and entry.certain else None
        if size is None or (size < 2 and _is_number(tuner, entry)):
            return
        product *= size
    if product < wanted:
        detail = f"max_jobs {wanted} is more than the {product} combinations of the ranges"
        yield at_value(tuner, argument.expression, wanted, detail)


def _is_number(tuner: Tuner, entry: Argument) -> bool:
    """Return whether a range is one of numbers: a separate rule reports such a range of one value."""
    return all(one.name == "IntegerParameter" for one in tuner.launcher.constructions_in(entry.expression))


def _size(sdk_object: SdkObject) -> int | None:
    """Return the number of values of a range; None if it is unknown or unlimited."""
    if sdk_object.name == "CategoricalParameter":
        argument = sdk_object.get("values")
        values = plain(sdk_object.launcher, argument.expression) if argument else None
        if isinstance(values, list):
            return len(values)
        return None if values is None or isinstance(values, Untold) else 1
    if sdk_object.name == "IntegerParameter":
        ends = [sdk_object.get("min_value"), sdk_object.get("max_value")]
        low, high = (end.constant if end else None for end in ends)
        if isinstance(low, int) and isinstance(high, int):
            return max(high - low + 1, 0)
    return None


# -- jobs


def _job_name(job: Job) -> Iterator[Problem]:
    """Yield a job name that the service rejects. A pipeline does not use the name."""
    estimator = job.estimator
    if job.method == "step" or not _is_started(estimator):
        return
    launcher = estimator.launcher
    if job.method == "fit" and job.tuner is None:
        scope = launcher.scope_of(job.node)
        arguments = launcher.reader.arguments(job.node, scope, None, ("inputs", "wait", "logs", "job_name"))
        name = arguments.get("job_name")
        for value in name.expression.constants if name else ():
            judged = isinstance(value, str) and not _is_placeholder(value)
            reason = violation("TrainingJobName", value) if judged else None
            if reason is not None and name is not None:
                yield at_value(estimator, name.expression, value, f"job_name {_shown(value)} {reason}")
        if name is not None:
            return
    if job.tuner is not None:
        return
    base = estimator.get("base_job_name")
    if base is None or "base_job_name" in estimator.overridden:
        return
    for value in base.expression.constants:
        if isinstance(value, str) and value and not (_BASE_NAME.fullmatch(value) or is_placeholder(value)):
            detail = f"base_job_name {_shown(value)} may only have letters, digits and hyphens"
            yield at_value(estimator, base.expression, value, detail)


def _is_started(estimator: Estimator) -> bool:
    """Return whether ``fit`` starts a job: the session does not record the steps of a pipeline."""
    session = estimator.get("sagemaker_session")
    if session is None:
        return not estimator.arguments.open_ended
    values = session.expression.values
    return bool(values) and all(
        isinstance(v, LibraryObject) and v.name.endswith("Session()") and "pipeline" not in v.name.casefold()
        for v in values
    )


def _channels(job: Job) -> Iterator[Problem]:
    estimator, channels = job.estimator, job.channels
    names = [channel.name for channel in channels.entries if channel.certain]
    if len(set(names)) > _MOST_CHANNELS:
        yield Problem(job.node, f"{len(set(names))} channels, more than {_MOST_CHANNELS}", job.node)
    for channel in channels.entries:
        named_by_caller = channel.origin == "inputs" and not estimator.is_trainer
        reason = violation("ChannelName", channel.name) if named_by_caller else None
        if reason is not None:
            yield Problem(
                estimator.launcher.own(channel.at, job.node),
                f"channel {_shown(channel.name)} {reason}",
                job.node,
            )
        if channel.origin == "model" and any(
            c.origin == "inputs" and c.name == channel.name for c in channels.entries
        ):
            detail = f"channel {channel.name} is given and made by model_uri, too"
            yield Problem(estimator.launcher.own(channel.at, job.node), detail, job.node)


def _is_placeholder(value: object) -> bool:
    return isinstance(value, str) and is_placeholder(value)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}...{shown[-1]}"
