"""Builder classes that lack a method.

The method is an abstract method of a base class, or one of the builder methods. Python raises if a class that lacks an
abstract method is instantiated. A class without a base class counts as a builder of training steps if it has most of
the methods of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import Scope

if TYPE_CHECKING:
    pass


REQUIRED_METHODS = (
    "_create_estimator",
    "_prepare_hyperparameters_file",
    "_prepare_training_inputs",
    "create_step",
)

"""The methods of a builder of training steps."""

_METHODS = frozenset(REQUIRED_METHODS)


def looks_like_builder(scope: Scope) -> bool:
    """Return whether a class has at least two of the builder methods."""
    return scope.kind == "class" and len(_METHODS.intersection(scope.bindings)) >= 2
