"""Uses of a value that only show it to people: on the console or in the log, never in a file or a tracker."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.nodes import walk
from flake8_training.engine.syntax.parents import parent
from flake8_training.libraries.rows import COPY, FACT
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

_MAX_STEPS = 16
"""The most expressions and names between a value and the call that shows it."""

_LOGGERS = ("loguru.", "structlog.", "absl.logging.")
"""Libraries among the trackers of `plain_calls` whose calls write messages for people."""

_UNCLEAR = frozenset({"?.write", "?.log"})
"""Methods of an unknown object that may write a file or track a measure."""

_STREAMS = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})
_PASSING = (
    *(ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Starred),
    *(ast.Tuple, ast.List, ast.Set, ast.Dict),
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def is_only_displayed(analysis: Analysis, node: ast.expr, scope: Scope, steps: int = 0) -> bool:
    """Return whether an expression certainly goes to calls that show it to people, or nowhere."""
    if steps > _MAX_STEPS or not analysis.evaluator.budget.follow(1):
        return False
    tree = scope.module.tree
    around = parent(tree, node)
    if isinstance(around, ast.Expr):
        return True
    if isinstance(around, _PASSING):
        return is_only_displayed(analysis, around, scope, steps + 1)
    if isinstance(around, ast.Assign) and all(isinstance(target, ast.Name) for target in around.targets):
        names = [target.id for target in around.targets if isinstance(target, ast.Name)]
        return all(_is_name_displayed(analysis, name, scope, steps) for name in names)
    if isinstance(around, ast.For) and around.iter is node:
        return _are_targets_displayed(analysis, around.target, around, scope, steps)
    if isinstance(around, ast.comprehension) and around.iter is node:
        whole = parent(tree, around)
        if not isinstance(whole, _COMPREHENSIONS):
            return False
        inner = scope.module.scope_of.get(whole, scope)
        return _are_targets_displayed(analysis, around.target, whole, inner, steps)
    if isinstance(around, _COMPREHENSIONS):
        return is_only_displayed(analysis, around, scope.parent or scope, steps + 1)
    if isinstance(around, ast.Attribute):
        call = parent(tree, around)
        if around.attr == "__dict__":
            return is_only_displayed(analysis, around, scope, steps + 1)
        return isinstance(call, ast.Call) and call.func is around and _is_copied(analysis, call, scope, steps)
    if isinstance(around, ast.Subscript) and not isinstance(around.slice, ast.Constant):
        # ``vars(args)[name]``, whose name a loop over the options supplies.
        return isinstance(around.ctx, ast.Load) and is_only_displayed(analysis, around, scope, steps + 1)
    call = parent(tree, around) if isinstance(around, ast.keyword) else around
    return (
        isinstance(call, ast.Call)
        and call.func is not node
        and _is_call_displayed(analysis, call, node, scope, steps)
    )


def _is_copied(analysis: Analysis, call: ast.Call, scope: Scope, steps: int) -> bool:
    """Return whether a method returns a copy of its receiver, and the copy is only displayed."""
    row = table().same_value(*analysis.evaluator.names_or_method(call, scope))
    return row is not None and row.result == COPY and is_only_displayed(analysis, call, scope, steps + 1)


def _is_call_displayed(analysis: Analysis, call: ast.Call, node: ast.expr, scope: Scope, steps: int) -> bool:
    names = analysis.evaluator.names_or_method(call, scope)
    if names and all(_shows(name) for name in names):
        files = [keyword.value for keyword in call.keywords if keyword.arg == "file"]
        return all(
            getattr(value, "name", "") in _STREAMS
            for file in files
            for value in analysis.evaluator.values(file, scope)
        )
    if names == ("builtins.getattr",):
        # ``getattr(args, name)``, whose name a loop over the options supplies.
        is_loop = len(call.args) > 1 and node in call.args[:2] and not isinstance(call.args[1], ast.Constant)
        return is_loop and is_only_displayed(analysis, call, scope, steps + 1)
    row = table().same_value(*names)
    if row is None:
        return False
    return row.result == FACT or is_only_displayed(analysis, call, scope, steps + 1)


def _shows(name: str) -> bool:
    row = table().logs(name)
    if row is None or row.file or name in _UNCLEAR:
        return False
    return not row.tracker or name.startswith(_LOGGERS)


def _is_name_displayed(analysis: Analysis, name: str, scope: Scope, steps: int) -> bool:
    found = scope.lookup(name)
    if found is None or len(found[1]) != 1:
        return False  # the name may have another value
    return all(
        is_only_displayed(analysis, node, where, steps + 1)
        for node, where in analysis.program.name_loads(name)
        if (known := where.lookup(name)) is not None and known[0] is found[0]
    )


def _are_targets_displayed(
    analysis: Analysis, target: ast.expr, within: ast.AST, scope: Scope, steps: int
) -> bool:
    """Return whether the names that a loop binds are only displayed inside it."""
    names = {node.id for node in _names(target)}
    return all(
        is_only_displayed(analysis, node, scope, steps + 1)
        for node in walk(within)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names
    )


def _names(target: ast.expr) -> Iterator[ast.Name]:
    return (node for node in walk(target) if isinstance(node, ast.Name))
