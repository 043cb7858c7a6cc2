"""What is wrong in a launcher: where it is said, and what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.given import Argument, Given
from flake8_training.builder.made import Construction, Estimator
from flake8_training.builder.slips import meant_arguments
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher


class Problem(Record):
    """``node`` is where it is mended, ``made`` the call that fails because of it, ``detail`` follows a summary."""

    node: ast.AST
    detail: str
    made: ast.AST


def at_call(made: Construction, detail: str) -> Problem:
    """Something that a call lacks, or does as a whole."""
    return Problem(made.node, detail, made.node)


def at_argument(made: Construction, argument: Argument, detail: str) -> Problem:
    """Something wrong with what an argument is called, or that it is given."""
    return Problem(made.launcher.spot(argument, made), detail, made.node)


def at_value(made: Construction, given: Given, value: object, detail: str) -> Problem:
    """Something wrong with a literal that reaches an argument: said where the literal stands."""
    return Problem(made.launcher.literal(given, value, made.node), detail, made.node)


def is_old_style(made: Construction) -> bool:
    """Whether a call is written for SDK v1 (``train_instance_count``, ``image_name``): then other rules hold."""
    renamed = made.signature.renamed if made.signature else {}
    return any(
        name in renamed or name == "image_name" or name.startswith("train_") for name in made.arguments.names
    )


def current(launcher: Launcher) -> Iterator[Estimator]:
    """The estimators and trainers of a file whose arguments mean what the tables say."""
    for estimator in launcher.estimators:
        if estimator.signature is not None and not is_old_style(estimator):
            yield estimator


def of_one_class(launcher: Launcher) -> Iterator[Estimator]:
    """Those of which it is certain that this class is made, not another one for which the arguments are meant."""
    return (estimator for estimator in current(launcher) if estimator.is_of_one_class)


def is_left_out(made: Construction, *names: str) -> bool:
    """Whether none of several arguments is given, or each as None: for certain.

    One that is given under a name that is evidently a slip of it is not left out: the slip is told of.
    """
    if made.arguments.open_ended or made.overridden.intersection(names):
        return False
    if meant_arguments(made).intersection(names):
        return False
    return all(
        given.given.is_none and _is_literal(given) for name in names for given in made.arguments.all(name)
    )


def _is_literal(argument: Argument) -> bool:
    """Whether the argument is written as None; a field or a default that is None may be filled elsewhere."""
    return isinstance(argument.given.node, ast.Constant)
