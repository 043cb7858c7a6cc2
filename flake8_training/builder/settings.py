"""What is set for the jobs of an estimator besides its arguments: hyperparameters and metrics."""

from __future__ import annotations

from flake8_training.builder.given import UNTOLD, Argument, Arguments, Given
from flake8_training.builder.made import (
    Construction,
    Estimator,
    LauncherInterface,
    MetricDefinition,
    MetricDefinitions,
)
from flake8_training.record import replace
from flake8_training.script.values import Constant


def hyperparameters(estimator: Estimator) -> Arguments:
    """Return the hyperparameters of an estimator; those that come after its last start are not certain."""
    launcher = estimator.launcher
    given = estimator.get("hyperparameters")
    found = Arguments(open_ended=estimator.arguments.open_ended)
    if given is not None:
        found = launcher.reader.entries(given.given)
    if "hyperparameters" in estimator.overridden:
        found = UNTOLD
    entries = list(found.entries)
    open_ended = found.open_ended
    for site in launcher.methods(estimator, "set_hyperparameters"):
        added = launcher.reader.call(site.node, site.scope, None, None)
        entries = [entry for entry in entries if entry.name not in added]
        entries.extend(added.entries)
        open_ended = open_ended or added.open_ended
    last = max((job.node.lineno for job in launcher.jobs if job.estimator.node is estimator.node), default=0)
    if last:
        entries = [replace(e, certain=False) if _is_after(e, last, estimator) else e for e in entries]
    return Arguments(tuple(entries), open_ended)


def _is_after(entry: Argument, line: int, estimator: Estimator) -> bool:
    return (
        entry.given.scope.module is estimator.scope.module
        and entry.given.scope.function is estimator.scope.function
        and getattr(entry.at, "lineno", 0) > line
    )


def metric_definitions(made: Construction) -> MetricDefinitions:
    """Return the metrics of an estimator, trainer or tuner."""
    launcher = made.launcher
    given = [a.given for a in [made.get("metric_definitions")] if a is not None]
    for site in launcher.methods(made, "with_metric_definitions"):
        arguments = [*site.node.args[:1], *(keyword.value for keyword in site.node.keywords)]
        given.extend(launcher.reader.given(argument, site.scope) for argument in arguments[:1])
    return definitions(launcher, given, made.arguments.open_ended)


def definitions(launcher: LauncherInterface, given: list[Given], open_ended: bool) -> MetricDefinitions:
    """Return the metrics that lists of definitions hold."""
    entries: list[MetricDefinition] = []
    for one in given:
        for value in one.values:
            if isinstance(value, Constant) and value.value is None:
                continue
            elements = launcher.elements(value)
            open_ended = open_ended or elements is None
            entries.extend(_metric(launcher, element) for element in elements or ())
    return MetricDefinitions(tuple(entries), open_ended)


def _metric(launcher: LauncherInterface, given: Given) -> MetricDefinition:
    made = launcher.constructions_in(given)
    members = made[0].arguments if len(made) == 1 else launcher.reader.entries(given)

    def member(*names: str) -> Given | None:
        found = [entry for entry in members if entry.name in names]
        return found[-1].given if found else None

    return MetricDefinition(member("Name", "name"), member("Regex", "regex"), given.node, members.open_ended)
