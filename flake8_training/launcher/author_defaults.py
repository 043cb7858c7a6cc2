"""Defaults that the author of a launcher wrote: values of a second rank.

A field of a configuration class that nothing constructs, a parameter that no call passes, an option of the launcher and
an environment variable have no known value. The default that the author wrote decides if no file of the repository
passes or assigns another value. Only the command
knows all files: its `AuthorDefaults` answers. Without an answer, the value is unknown.
"""

from __future__ import annotations

import ast
from typing import Protocol

from flake8_training.engine.syntax.method_kinds import is_rest
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Collection, Constant, Unknown, Values


class AuthorDefaults(Protocol):
    """Answers which defaults decide, by all files of the repository."""

    def decides_field(self, owner: Scope, name: str, /) -> bool:
        """Return whether no file constructs a class with another value of a field, or assigns the field."""

    def decides_parameter(self, function: Scope, parameter: ast.arg, /) -> bool:
        """Return whether no file calls a function with another value of a parameter."""

    def decides_option(self, option: Option, /) -> bool:
        """Return whether no file starts the launcher with an option."""

    def decides_variable(self, name: str, /) -> bool:
        """Return whether no file sets an environment variable."""


def default_of(parameter: ast.arg, function: Scope) -> ast.expr | None:
    """Return the expression of a parameter's default, or None."""
    arguments = getattr(function.node, "args", None)
    if not isinstance(arguments, ast.arguments) or is_rest(parameter, function):
        return None
    if parameter in arguments.kwonlyargs:
        return arguments.kw_defaults[arguments.kwonlyargs.index(parameter)]
    positional = [*arguments.posonlyargs, *arguments.args]
    if parameter not in positional:
        return None
    index = positional.index(parameter) - (len(positional) - len(arguments.defaults))
    return arguments.defaults[index] if index >= 0 else None


def is_written(values: Values) -> bool:
    """Return whether values are a decision of the author: known, and neither None nor empty."""
    return bool(values) and not any(isinstance(value, Unknown) or is_empty(value) for value in values)


def is_empty(value: object) -> bool:
    """Return whether a value is None, an empty string or an empty display."""
    if isinstance(value, Constant):
        return value.value is None or value.value == ""
    if not isinstance(value, Collection):
        return False
    node = value.node
    return (isinstance(node, ast.Dict) and not node.keys) or (
        isinstance(node, ast.List | ast.Tuple) and not node.elts
    )
