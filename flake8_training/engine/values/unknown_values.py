"""The reason and place of a value that is unknown, or that is no constant."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import (
    Elements,
    LibraryObject,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Values,
    Variable,
)
from flake8_training.ledger import Reason, note_unknown, open_ledger

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Scope

_MAX_DEPTH = 8
_OUTSIDE = ("builtins.input", "sys.argv", "os.environ", "sys.stdin")


def placed_at(value: Value, node: ast.AST, path: str) -> Value:
    """Return a value whose unknown parts without a place have that of ``node``, in the module at ``path``."""
    if isinstance(value, Unknown):
        if value.line:
            return value
        return Unknown(value.reason or _reason_at(node), path, getattr(node, "lineno", 1))
    if isinstance(value, StringTemplate) and any(isinstance(p, Unknown) and not p.line for p in value.parts):
        parts = (placed_at(part, node, path) if isinstance(part, Unknown) else part for part in value.parts)
        return StringTemplate(tuple(parts))  # type: ignore[arg-type]
    return value


def _reason_at(node: ast.AST) -> Reason:
    """Return the usual reason of an expression of this kind whose value is unknown."""
    if isinstance(node, ast.Call):
        return Reason.CODE
    if isinstance(node, ast.Subscript):
        return Reason.MAPPING
    if isinstance(node, ast.Attribute):
        return Reason.OUTSIDE  # other code sets the field
    if isinstance(node, ast.Name):
        return Reason.DYNAMIC
    return Reason.COMPUTED


def stop_of(values: Values, node: ast.AST, path: str) -> Unknown:
    """Return the reason and place that keep an expression from having one constant value.

    ``node`` is the expression, in the module at ``path``.
    """
    for value in values:
        found = _stop(value, node, path, 0)
        if found is not None:
            return found
    several = len(values) > 1
    return Unknown(Reason.SEVERAL if several else Reason.COMPUTED, path, getattr(node, "lineno", 1))


def _stop(value: Value, node: ast.AST, path: str, depth: int) -> Unknown | None:
    line = getattr(node, "lineno", 1)
    if isinstance(value, Unknown):
        return value if value.line else Unknown(value.reason or _reason_at(node), path, line)
    if isinstance(value, OptionValue):
        return Unknown(Reason.OUTSIDE, value.option.scope.module.path, value.option.line)
    if isinstance(value, Variable):
        return Unknown(Reason.OUTSIDE, path, line)
    if isinstance(value, LibraryObject | Reference):
        site = value.site if isinstance(value, LibraryObject) else None
        reason = Reason.OUTSIDE if value.name.startswith(_OUTSIDE) else Reason.CODE
        if site is None:
            return Unknown(reason, path, line)
        return Unknown(reason, site.scope.module.path, site.node.lineno)
    if depth < _MAX_DEPTH and isinstance(value, StringTemplate | Elements):
        for part in value.parts if isinstance(value, StringTemplate) else value.values:
            found = None if isinstance(part, str) else _stop(part, node, path, depth + 1)
            if found is not None:
                return found
    return None


def note_values(values: Values, node: ast.AST, scope: Scope, what: str = "", *, weak: bool = False) -> None:
    """Note that a question has no answer because these are the values of ``node`` in ``scope``."""
    if open_ledger() is not None:
        stop = stop_of(values, node, scope.module.path)
        note_unknown(stop.reason, stop, what=what, weak=weak)
