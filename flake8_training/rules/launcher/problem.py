"""Problems of a launcher, and the conditions that the rules share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import UNKNOWN, Constant
from flake8_training.finding import Severity
from flake8_training.launcher.argument_names import intended_arguments
from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator, SdkObject
from flake8_training.ledger import Reason, note_unknown
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.launcher.launcher import Launcher


class Problem(Record):
    """One problem of a launcher.

    ``report_at`` is the place to fix; ``failing_call`` is the call that fails; ``detail`` follows the rule's summary.
    ``severity`` is None for the rule's own.
    """

    report_at: ast.AST
    detail: str
    failing_call: ast.AST
    severity: Severity | None = None


def at_call(sdk_object: SdkObject, detail: str) -> Problem:
    """Return a problem of a call as a whole, such as a missing argument."""
    return Problem(sdk_object.node, detail, sdk_object.node)


def at_argument(sdk_object: SdkObject, argument: Argument, detail: str) -> Problem:
    """Return a problem of an argument's name or presence."""
    return Problem(sdk_object.launcher.report_node(argument, sdk_object), detail, sdk_object.node)


def at_value(sdk_object: SdkObject, expression: LocatedExpression, value: object, detail: str) -> Problem:
    """Return a problem of a literal that reaches an argument, reported at the literal."""
    return Problem(sdk_object.launcher.literal(expression, value, sdk_object.node), detail, sdk_object.node)


def is_old_style(sdk_object: SdkObject) -> bool:
    """Return whether a call uses the argument names of SDK v1 (``train_instance_count``, ``image_name``)."""
    renamed = sdk_object.signature.renamed if sdk_object.signature else {}
    return any(
        name in renamed or name == "image_name" or name.startswith("train_")
        for name in sdk_object.arguments.names
    )


def current(launcher: Launcher) -> Iterator[Estimator]:
    """Yield the estimators and trainers of a file for whose arguments the tables hold."""
    for estimator in launcher.estimators:
        if estimator.signature is not None and not is_old_style(estimator):
            yield estimator


def of_one_class(launcher: Launcher) -> Iterator[Estimator]:
    """Yield the estimators of :func:`current` whose class is certain."""
    return (estimator for estimator in current(launcher) if estimator.is_of_one_class)


def is_left_out(sdk_object: SdkObject, *names: str) -> bool:
    """Return whether all of several arguments are certainly missing or None.

    A misspelled argument does not count as missing; the misspelling is reported instead.
    """
    if sdk_object.arguments.open_ended:
        note_unknown(Reason.MAPPING, sdk_object.node, what=", ".join(names), weak=True)
        return False
    if sdk_object.overridden.intersection(names):
        note_unknown(Reason.BRANCH, sdk_object.node, what=", ".join(names), weak=True)
        return False
    if intended_arguments(sdk_object).intersection(names):
        return False
    return all(
        argument.given.is_none and _is_literal(argument)
        for name in names
        for argument in sdk_object.arguments.all(name)
    )


def is_set(sdk_object: SdkObject, name: str) -> Argument | None:
    """Return an argument that is certainly passed and not None, or None."""
    argument = sdk_object.get(name)
    if argument is None or not argument.certain or argument.replaceable or name in sdk_object.overridden:
        return None
    values = argument.values
    return argument if values and UNKNOWN not in values and Constant(None) not in values else None


def is_true(sdk_object: SdkObject, name: str) -> Argument | None:
    """Return an argument that is certainly True, or None."""
    argument = is_set(sdk_object, name)
    return argument if argument is not None and argument.values == (Constant(True),) else None


def _is_literal(argument: Argument) -> bool:
    """Return whether the expression is a constant; a field or a default of None may be filled in elsewhere."""
    return isinstance(argument.given.node, ast.Constant)
