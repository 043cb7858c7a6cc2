"""The nodes of a program that run on every path through the script, judged by the statements around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.nodes import children
from flake8_training.engine.syntax.parents import enclosing, is_caught
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import Collection

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

_MAX_CALLS = 5


def runs_always(
    analysis: Analysis, node: ast.AST, scope: Scope, failures: frozenset[str] = frozenset(), depth: int = 0
) -> bool:
    """Return whether a node runs on every path through the script.

    A node inside a ``try`` that catches one of ``failures`` (last names of exceptions) does not count.
    """
    module = scope.module
    if not analysis.reach.scope_runs(scope) or is_caught(module.tree, node, failures):
        return False
    below = node
    for around in enclosing(module.tree, node):
        if isinstance(below, ast.stmt) and _is_left_before(around, below):
            return False
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
            function = module.scope_of.get(around)
            if function is None or depth >= _MAX_CALLS:
                return False
            if any(below is one for one in (*around.args.defaults, *around.decorator_list)):
                below = around
                continue
            return any(
                runs_always(analysis, site.node, site.scope, failures, depth + 1)
                for site in analysis.evaluator.callers(function)
            )
        if isinstance(around, ast.Lambda | ast.ExceptHandler | ast.match_case):
            return False
        if isinstance(around, ast.IfExp | ast.While) and below is not around.test:
            return False
        if isinstance(around, ast.BoolOp) and below is not around.values[0]:
            return False
        if isinstance(around, ast.If) and below is not around.test:
            if not (module is analysis.program.entry and around is module.guard):
                return False
        if isinstance(around, ast.For) and below is not around.iter:
            if below not in around.body or not _has_elements(analysis, around.iter, scope):
                return False
        if isinstance(around, ast.comprehension) and below is not around.iter:
            return False
        if isinstance(around, ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp):
            if below is not around.generators[0]:
                return False  # only the iterable of the first generator is always evaluated
        below = around
    return True


def _has_elements(analysis: Analysis, iterable: ast.expr, scope: Scope) -> bool:
    """Return whether an iterable is certainly a display with elements: the body of its loop runs."""
    values = analysis.evaluator.values(iterable, scope)
    return bool(values) and all(
        isinstance(value, Collection)
        and isinstance(value.node, ast.List | ast.Tuple | ast.Set)
        and any(not isinstance(element, ast.Starred) for element in value.node.elts)
        for value in values
    )


def _is_left_before(around: ast.AST, below: ast.stmt) -> bool:
    """Return whether an earlier statement of the same block may end the function or the script without a failure."""
    for block in ("body", "orelse", "finalbody"):
        statements = getattr(around, block, ())
        if isinstance(statements, list) and below in statements:
            earlier = statements[: statements.index(below)]
            is_loop = isinstance(around, ast.For | ast.While) and block == "body"
            return any(_may_leave(one) or (is_loop and _may_skip(one)) for one in earlier)
    return False


def _may_skip(statement: ast.stmt) -> bool:
    """Return whether a statement of a loop's body may go on with the next element, or end the loop."""
    return any(isinstance(node, ast.Continue | ast.Break) for node in _own_nodes(statement))


def _may_leave(statement: ast.stmt) -> bool:
    """Return whether a statement of several paths returns or exits on one of them."""
    if not isinstance(statement, ast.If | ast.Match | ast.For | ast.While | ast.With | ast.Try):
        return False
    return any(
        isinstance(node, ast.Return) or (isinstance(node, ast.Call) and _is_exit(node))
        for node in _own_nodes(statement)
    )


def _is_exit(call: ast.Call) -> bool:
    """Return whether a call ends the process with exit code 0."""
    if last_name(call.func) not in ("exit", "_exit", "quit"):
        return False
    return not call.args or (isinstance(call.args[0], ast.Constant) and not call.args[0].value)


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement, without those of functions and classes in it."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo.extend(children(node))
