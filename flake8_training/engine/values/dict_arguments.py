"""Keys of the dicts that calls pass for one parameter of a function."""

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
    """The entries of all dicts that calls pass. ``open``: there may be other entries.

    ``environment``: a call passes the whole environment.
    """

    items: tuple[Supply, ...]
    open: bool
    environment: bool = False


def supplies(evaluator: Evaluator, function: Scope, parameter: ast.arg) -> PassedKeys | None:
    """Return the entries that calls pass for a parameter; None if nothing in the program calls the function."""
    sites = evaluator.callers(function)
    if not sites:
        return None
    items: list[Supply] = []
    is_open = environment = False
    for site in sites:
        passed = evaluator.argument_node(parameter, function, site)
        if passed is None:
            is_open = True
            continue
        found = evaluator.dicts.of(passed, site.scope)
        is_open = is_open or not found.is_closed
        environment = environment or any(_is_environment(opening.value) for opening in found.openings)
        for entry in found.entries:
            if entry.encoding in ("", "str"):
                items.append(Supply(entry.key, entry.at, entry.value, entry.scope))
            else:
                # The entry holds an expression; the passed value is computed from it.
                is_open = True
    return PassedKeys(tuple(items), is_open, environment)


def _is_environment(value: Value | None) -> bool:
    return isinstance(value, Reference | LibraryObject) and value.name.removesuffix(".copy()") == ENVIRON
