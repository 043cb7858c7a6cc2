"""What the calls of a function pass for a parameter that is a dict: its keys, followed to their displays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.library_calls import ENVIRON
from flake8_training.engine.values.values import LibraryObject, Reference, Value
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.engine.values.evaluator import Evaluator


class Supply(Record, eq=False):
    """One entry of a dict: its key, the node of the key, and the expression of its value."""

    name: str
    node: ast.AST
    value: ast.expr
    scope: Scope


class PassedKeys(Record, eq=False):
    """The entries of all the dicts that are passed. ``open``: there may be others.

    ``environment``: the whole environment is passed.
    """

    items: tuple[Supply, ...]
    open: bool
    environment: bool = False


def supplies(evaluator: Evaluator, function: Scope, parameter: ast.arg) -> PassedKeys | None:
    """What is passed for a parameter; None where nothing in the program calls the function."""
    sites = evaluator.callers(function)
    if not sites:
        return None
    items: list[Supply] = []
    is_open = environment = False
    for site in sites:
        given = evaluator.argument_node(parameter, function, site)
        if given is None:
            is_open = True
            continue
        found = evaluator.dicts.of(given, site.scope)
        is_open = is_open or not found.is_closed
        environment = environment or any(_is_environment(opening.value) for opening in found.openings)
        for entry in found.entries:
            if entry.encoding in ("", "str"):
                items.append(Supply(entry.key, entry.at, entry.value, entry.scope))
            else:
                # The value is computed from the expression, which is another value.
                is_open = True
    return PassedKeys(tuple(items), is_open, environment)


def _is_environment(value: Value | None) -> bool:
    return isinstance(value, Reference | LibraryObject) and value.name.removesuffix(".copy()") == ENVIRON
