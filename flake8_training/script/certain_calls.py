"""Calls that run whenever the program runs: no branch, loop or ``try`` decides."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import enclosing, parent
from flake8_training.engine.syntax.scopes import is_main_guard

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite

_DECIDING = (ast.If, ast.IfExp, ast.While, ast.For, ast.AsyncFor, ast.Try, ast.TryStar, ast.Match, ast.BoolOp)
_MAX_CALLS = 4


def is_certain(analysis: Analysis, site: CallSite, depth: int = 0) -> bool:
    """Return whether a call runs in every run; a call of a method, or through more than four others, is not."""
    if depth > _MAX_CALLS:
        return False
    tree, below = site.scope.module.tree, site.node
    for around in enclosing(tree, site.node):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            break
        if isinstance(around, _DECIDING) and not _is_free(around, below):
            return False
        below = around  # type: ignore[assignment]
    if _returns_before(tree, site.node):
        return False
    function = site.scope.function
    if function is None:
        return site.scope.module is analysis.program.entry or depth > 0
    if function.owner is not None:
        return False
    return any(is_certain(analysis, caller, depth + 1) for caller in analysis.evaluator.callers(function))


def _is_free(around: ast.AST, below: ast.AST) -> bool:
    """Return whether a statement runs this part of it in any case."""
    if is_main_guard(around):
        return True
    if isinstance(around, ast.If | ast.While | ast.IfExp):
        return below is around.test
    return isinstance(around, ast.Try | ast.TryStar) and not around.handlers and below in around.body


def _returns_before(tree: ast.Module, node: ast.AST) -> bool:
    """Return whether the function may end by ``return`` or ``raise`` before the node."""
    function = next(
        (one for one in enclosing(tree, node) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)),
        None,
    )
    line = getattr(node, "lineno", 0)
    return function is not None and any(
        isinstance(one, ast.Return | ast.Raise) and one.lineno < line and parent(tree, one) is not function
        for one in ast.walk(function)
    )
