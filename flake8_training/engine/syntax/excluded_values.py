"""Values that a condition excludes: ``x or y``, ``x if x else y``, ``if x is None: x = y``.

Only empty values are considered (None, "", 0, False): programs write them as a default that they replace.
"""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.parents import parent

NOTHING: tuple[object, ...] = ()
EMPTY: tuple[object, ...] = (None, "", 0, False, b"")
"""The values that are false."""


def excluded(test: ast.expr, is_true: bool, target: ast.expr) -> tuple[object, ...]:
    """Return the empty values that ``target`` cannot have where ``test`` is true, or where it is false."""
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, is_true = test.operand, not is_true
    if is_same(test, target):
        return EMPTY if is_true else NOTHING
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and is_same(test.left, target):
        other, operator = test.comparators[0], test.ops[0]
        differs = isinstance(operator, ast.IsNot | ast.NotEq)
        if differs is is_true and (differs or isinstance(operator, ast.Is | ast.Eq)):
            return (other.value,) if isinstance(other, ast.Constant) and not other.value else NOTHING
    elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) is is_true:
        # Conditions in conditions are as deep as their author writes them.
        return tuple(value for part in test.values[:8] for value in _of_part(part, is_true, target))
    return NOTHING


def _of_part(test: ast.expr, is_true: bool, target: ast.expr) -> tuple[object, ...]:
    return NOTHING if isinstance(test, ast.BoolOp) else excluded(test, is_true, target)


def replaced(tree: ast.Module, value: ast.expr) -> tuple[object, ...]:
    """Return the empty values that the assignment of ``value`` replaces, whenever the target has one of them."""
    assignment = parent(tree, value)
    if isinstance(assignment, ast.Assign) and len(assignment.targets) == 1:
        target = assignment.targets[0]
    elif isinstance(assignment, ast.AnnAssign):
        target = assignment.target
    else:
        return NOTHING
    if isinstance(value, ast.BoolOp):
        if isinstance(value.op, ast.Or) and is_same(value.values[0], target):
            return EMPTY
    elif isinstance(value, ast.IfExp):
        for kept, is_true in ((value.body, True), (value.orelse, False)):
            if is_same(kept, target):
                return excluded(value.test, is_true, target)
    branch = parent(tree, assignment)
    if not isinstance(branch, ast.If):
        return NOTHING
    return excluded(branch.test, not any(assignment is one for one in branch.body), target)


def is_excluded(value: object, values: tuple[object, ...]) -> bool:
    """Return whether a constant is one of ``values``: ``False`` is not ``0`` here."""
    return any(type(value) is type(one) and value == one for one in values)


def is_same(one: ast.expr, other: ast.expr) -> bool:
    """Return whether two expressions are one name, or one attribute of one name."""
    while isinstance(one, ast.Attribute) and isinstance(other, ast.Attribute) and one.attr == other.attr:
        one, other = one.value, other.value
    return isinstance(one, ast.Name) and isinstance(other, ast.Name) and one.id == other.id
