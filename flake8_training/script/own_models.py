"""Models of the program's own classes: objects that a method changes after construction, and that the script dumps."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Instance
from flake8_training.libraries.rows import Saves

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope, Store

_BUILDING = frozenset({"__init__", "__post_init__", "__new__", "__setstate__"})


def changed_and_saved(analysis: Analysis) -> list[ast.AST]:
    """Return the calls that save an instance of an own class, one method of which runs and changes it.

    Such a method may be the training: no library is needed to update ratings, counts or weights.
    """
    changing = _changing(analysis)
    if not changing:
        return []
    return [
        call.node
        for call, row in analysis.calls.having(Saves)
        if row.what == "model"
        for node in call.node.args[:1]
        if any(
            isinstance(value, Instance) and value.scope in changing
            for value in analysis.calls.values(call, node)
        )
    ]


def _changing(analysis: Analysis) -> set[Scope]:
    """Return the classes of the program with a method that runs and stores into its object."""
    program = analysis.program
    found: set[Scope] = set()
    for store in (*program.attribute_stores(), *program.subscript_stores):
        method = store.scope.function
        owner = method.parent if method is not None else None
        if method is None or owner is None or owner.kind != "class" or method.name in _BUILDING:
            continue
        if _is_of_object(store, method) and analysis.reach.scope_runs(method):
            found.add(owner)
    return found


def _is_of_object(store: Store, method: Scope) -> bool:
    """Return whether a method stores into its first parameter, or into an attribute of it."""
    target: ast.expr = store.target
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    parameters = getattr(method.node, "args", None)
    first = [*parameters.posonlyargs, *parameters.args][:1] if parameters is not None else []
    return isinstance(target, ast.Name) and bool(first) and target.id == first[0].arg
