"""The hyperparameters that a launch passes: names, routes and known values."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from flake8_training.engine.values.values import Collection, Constant, Value
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.record import Record
from flake8_training.sagemaker.hyperparameter_arguments import Route, UnsendableError, argument, is_reserved
from training_alignment.launches.launch import Launch

_MAX_DEPTH = 6


class PassedHyperparameter(Record, slots=False):
    """One hyperparameter of a launch.

    ``route`` is the way to the script; ``range`` is the tuner's range object, None for none or several; ``tuned`` is
    whether a tuner sets it.
    """

    launch: Launch
    argument: Argument
    route: Route
    range: SdkObject | None = None
    tuned: bool = False

    @property
    def name(self) -> str:
        """Return the hyperparameter's name."""
        return self.argument.name

    @property
    def at(self) -> ast.AST:
        """Return the node of the name in the launcher."""
        return self.launch.report_node(self.argument.at)

    @property
    def certain(self) -> bool:
        """Return whether it is passed on every path through the launcher."""
        return self.argument.certain

    @property
    def flag(self) -> str:
        """Return the option that the script receives."""
        if self.route is not Route.V3 and len(self.name) == 1:
            return f"-{self.name}"
        return f"--{self.name}"

    def values(self) -> list[object] | None:
        """Return every value that it can have; None if one of them is unknown."""
        return _values(self.launch, self.argument)

    def tokens(self, value: object) -> tuple[str, ...] | None:
        """Return the command-line tokens of one value; None if the SDK does not send it."""
        try:
            return argument(self.name, value, self.route) or None
        except UnsendableError:
            return None


def sent(launch: Launch) -> Iterator[PassedHyperparameter]:
    """Yield the hyperparameters that reach the script of a launch, also those that its tuners set.

    One that the launcher removes from its dict is left out, because the removal may be before the start.
    """
    estimator = launch.estimator
    ranges = estimator.tuned.entries if isinstance(estimator, RequestedEstimator) else ()
    for one in estimator.hyperparameters:
        route = _route(estimator, one)
        if one.name and not one.taken_out and (route is Route.V3 or not is_reserved(one.name)):
            yield PassedHyperparameter(launch, one, route, tuned=any(one is other for other in ranges))
    for tuner in launch.tuners:
        for one in tuner.ranges:
            # Branches may store a range each, of which one counts: ``if kind == "integer": ranges[name] = ...``.
            every = [entry for entry in tuner.ranges if entry.name == one.name]
            constructions = [
                found for entry in every for found in estimator.launcher.constructions_in(entry.expression)
            ]
            route = _route(estimator, one)
            if one.name and not is_reserved(one.name):
                yield PassedHyperparameter(
                    launch, one, route, constructions[0] if len(constructions) == 1 else None, tuned=True
                )


def _route(estimator: Estimator, one: Argument) -> Route:
    if estimator.is_trainer:
        return Route.V3
    if estimator.is_framework:
        return Route.V2_FRAMEWORK_SET if _is_set(estimator, one) else Route.V2_FRAMEWORK
    if isinstance(estimator, RequestedEstimator) or estimator.source_dir is None:
        return Route.V2_GENERIC
    return Route.V2_FRAMEWORK


def _is_set(estimator: Estimator, one: Argument) -> bool:
    """Return whether ``set_hyperparameters`` sets it."""
    launcher = estimator.launcher
    return any(
        entry.at is one.at
        for site in launcher.methods(estimator, "set_hyperparameters")
        for entry in launcher.reader.call(site.node, site.scope, None, None)
    )


def _values(launch: Launch, one: Argument) -> list[object] | None:
    found: list[object] = []
    values = one.expression.values
    if not values or one.encoding == "other" or one.replaceable:
        return None
    # A value that is passed on some paths only is usually tested first: ``if limit: parameters["limit"] = limit``.
    is_tested = not one.certain and not isinstance(one.expression.node, ast.Constant)
    for value in values:
        if is_tested and isinstance(value, Constant) and not value.value:
            continue
        evaluated = _plain(launch, value, 0)
        if evaluated is None:
            return None
        plain = evaluated[0]
        if one.encoding == "json":
            plain = json.dumps(plain)
        elif one.encoding == "str":
            plain = str(plain)
        found.append(plain)
    return found


def _plain(launch: Launch, value: Value, depth: int) -> tuple[object] | None:
    """Return the Python value in a tuple of one, or None if a part of it is unknown."""
    if isinstance(value, Constant):
        return (value.value,)
    if depth > _MAX_DEPTH or not isinstance(value, Collection):
        return None
    launcher = launch.estimator.launcher
    if isinstance(value.node, ast.List | ast.Tuple):
        elements = launcher.elements(value)
        if elements is None:
            return None
        items: list[object] = []
        for element in elements:
            inner = element.values
            evaluated = _plain(launch, inner[0], depth + 1) if len(inner) == 1 else None
            if evaluated is None:
                return None
            items.append(evaluated[0])
        return (items,)
    if isinstance(value.node, ast.Dict):
        entries = launcher.reader.entries_of((value,))
        table: dict[str, object] = {}
        if entries.open_ended or len(entries) != len(value.node.keys):
            return None
        for entry in entries:
            evaluated = _plain(launch, entry.values[0], depth + 1) if len(entry.values) == 1 else None
            if evaluated is None or not entry.certain:
                return None
            table[entry.name] = evaluated[0]
        return (table,)
    return None
