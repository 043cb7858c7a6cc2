"""Hyperparameters and metrics of an estimator, from arguments and method calls."""

from __future__ import annotations

from flake8_training.engine.values.values import Constant
from flake8_training.launcher.jobs import is_task, task_arguments
from flake8_training.launcher.located_expressions import UNTOLD, Argument, Arguments, LocatedExpression
from flake8_training.launcher.sdk_objects import (
    Estimator,
    LauncherInterface,
    MetricDefinition,
    MetricDefinitions,
    SdkObject,
)
from flake8_training.record import replace


def hyperparameters(estimator: Estimator) -> Arguments:
    """Return the hyperparameters of an estimator; those set after its last start are not certain."""
    launcher = estimator.launcher
    argument = estimator.get("hyperparameters")
    found = Arguments(open_ended=estimator.arguments.open_ended)
    if argument is not None:
        found = launcher.reader.entries(argument.expression)
    if "hyperparameters" in estimator.overridden:
        found = UNTOLD
    entries = list(found.entries)
    open_ended = found.open_ended
    for site in launcher.methods(estimator, "set_hyperparameters"):
        added = launcher.reader.call(site.node, site.scope, None, None)
        entries = [entry for entry in entries if entry.name not in added]
        entries.extend(added.entries)
        open_ended = open_ended or added.open_ended
    for site in launcher.module.calls_by_name.get("TrainingStep", ()):
        step = task_arguments(launcher, site) if is_task(launcher, site) else Arguments()
        started, passed = step.get("estimator"), step.get("hyperparameters")
        held = launcher.estimators_in(started.expression) if started is not None else ()
        if passed is not None and any(one.node is estimator.node for one in held):
            added = launcher.reader.entries(passed.expression)
            entries = [*(one for one in entries if one.name not in added), *added.entries]
            open_ended = open_ended or added.open_ended
    # A start in a chain, ``ModelTrainer(...).train()``, begins on the line of the construction: its end counts.
    starts = [job.node for job in launcher.jobs if job.estimator.node is estimator.node]
    last = max((node.end_lineno or node.lineno for node in starts), default=0)
    if last:
        entries = [replace(e, certain=False) if _is_after(e, last, estimator) else e for e in entries]
    return Arguments(tuple(entries), open_ended)


def _is_after(entry: Argument, line: int, estimator: Estimator) -> bool:
    return (
        entry.expression.scope.module is estimator.scope.module
        and entry.expression.scope.function is estimator.scope.function
        and getattr(entry.at, "lineno", 0) > line
    )


def metric_definitions(sdk_object: SdkObject) -> MetricDefinitions:
    """Return the metrics of an estimator, trainer or tuner."""
    launcher = sdk_object.launcher
    lists = [a.expression for a in [sdk_object.get("metric_definitions")] if a is not None]
    for site in launcher.methods(sdk_object, "with_metric_definitions"):
        arguments = [*site.node.args[:1], *(keyword.value for keyword in site.node.keywords)]
        lists.extend(launcher.reader.expression(argument, site.scope) for argument in arguments[:1])
    return definitions(launcher, lists, sdk_object.arguments.open_ended)


def definitions(
    launcher: LauncherInterface, lists: list[LocatedExpression], open_ended: bool
) -> MetricDefinitions:
    """Return the metrics in several lists of definitions."""
    entries: list[MetricDefinition] = []
    for one in lists:
        for value in one.values:
            if isinstance(value, Constant) and value.value is None:
                continue
            elements = launcher.elements(value)
            open_ended = open_ended or elements is None
            entries.extend(_metric(launcher, element) for element in elements or ())
    return MetricDefinitions(tuple(entries), open_ended)


def _metric(launcher: LauncherInterface, expression: LocatedExpression) -> MetricDefinition:
    sdk_objects = launcher.constructions_in(expression)
    members = sdk_objects[0].arguments if len(sdk_objects) == 1 else launcher.reader.entries(expression)

    def member(*names: str) -> LocatedExpression | None:
        found = [entry for entry in members if entry.name in names]
        return found[-1].expression if found else None

    return MetricDefinition(
        member("Name", "name"), member("Regex", "regex"), expression.node, members.open_ended
    )
