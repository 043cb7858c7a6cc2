"""The values that a script uses by itself under the name of a hyperparameter that it does not accept."""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant
from flake8_training.record import Record
from flake8_training.sagemaker.hyperparameter_arguments import Route, UnsendableError, argument
from flake8_training.script import Script
from training_alignment.launches.passed_hyperparameters import PassedHyperparameter

_MAX_SHOWN = 60


class OwnValue(Record):
    """A constant that the script uses under the name of a hyperparameter.

    ``shown`` is what the script does with it; ``variable`` is the environment variable whose default it is, if any.
    """

    node: ast.AST
    value: object
    shown: str
    variable: str = ""

    def equals(self, passed: PassedHyperparameter) -> bool:
        """Return whether each value of the hyperparameter would reach the script as this value."""
        values = passed.values()
        if not values or self.value is None:
            return False
        route = Route.V3 if passed.route is Route.V3 else Route.V2_FRAMEWORK
        try:
            own = argument(passed.name, self.value, route)
            return bool(own) and all(passed.tokens(value) == own for value in values)
        except (UnsendableError, ValueError):  # ValueError: a number of more digits than Python shows
            return False


def keyword_of(script: Script, name: str) -> OwnValue | None:
    """Return the only constant that the script's calls pass as the keyword ``name``, or None."""
    found: dict[str, OwnValue] = {}
    for call in script.analysis.calls.all:
        for keyword in call.node.keywords:
            if keyword.arg != name:
                continue
            values = script.analysis.calls.values(call, keyword.value)
            if len(values) != 1 or not isinstance(values[0], Constant):
                return None
            value = values[0].value
            shown = f"the script sets {name} to {_shown_value(value)}"
            found.setdefault(repr(value), OwnValue(keyword, value, shown))
    return next(iter(found.values())) if len(found) == 1 else None


def default_of(script: Script, option: Option) -> OwnValue | None:
    """Return the default of an option, or None if it is unknown or no constant."""
    value = _constant(script, option.default, option.scope)
    if value is None:
        return None
    shown = f"{option.flags[0] if option.flags else option.name} has the default {_shown_value(value.value)}"
    return OwnValue(option.node, value.value, shown)


def variable_of(script: Script, name: str) -> OwnValue | None:
    """Return the default of the only read of an environment variable ``name``, or None.

    A read whose default is unknown has the value None, which no hyperparameter has.
    """
    reads = [read for read in script.analysis.environment.reads if read.name == name and not read.test]
    if len(reads) != 1:
        return None
    read = reads[0]
    value = _constant(script, read.default, read.scope)
    shown = f"the environment variable {name} is read here"
    return OwnValue(read.node, value.value if value is not None else None, shown, name)


def _constant(script: Script, node: ast.expr | None, scope: Scope) -> Constant | None:
    values = script.analysis.evaluator.values(node, scope) if node is not None else ()
    return values[0] if len(values) == 1 and isinstance(values[0], Constant) else None


def _shown_value(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}..."
