"""The handlers that catch a failed training and let the script end as if it had succeeded."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.nodes import children, walk
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.script.training import trainings

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_EVERYTHING = frozenset({"Exception", "BaseException"})
_ENDING = frozenset({"exit", "_exit", "abort", "kill", "quit", "error", "fail"})
"""Last names of calls that may end the process with a failure, ``parser.error`` and ``pytest.fail`` included."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def swallowed_failures(analysis: Analysis) -> Iterator[ast.ExceptHandler]:
    """Yield the handlers of the script's own file that catch any failure of a training, or leave before it."""
    found = {call.node for call, _ in trainings(analysis)}
    if not found:
        return
    for node, scope in analysis.program.entry.of_kind.get(ast.Try, ()):
        if not isinstance(node, ast.Try) or not analysis.reach.scope_runs(scope):
            continue
        handler = next((one for one in node.handlers if _catches_everything(one)), None)
        if handler is None:
            continue
        if not _trains(analysis, node.body, found) and not _leaves_before(analysis, node, handler, found):
            continue
        if not _may_fail(analysis, [*handler.body, *node.finalbody]) and _ends_well(analysis, node, handler):
            yield handler


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(last_name(part) in _EVERYTHING for part in parts)


def _trains(analysis: Analysis, body: Iterable[ast.stmt], found: set[ast.Call]) -> bool:
    return any(call.node in found for statement in body for call in analysis.inside(statement))


def _leaves_before(
    analysis: Analysis, node: ast.Try, handler: ast.ExceptHandler, found: set[ast.Call]
) -> bool:
    """Return whether a handler returns from the function that trains after the ``try``."""
    if not isinstance(handler.body[-1], ast.Return):
        return False
    below: ast.AST = node
    for around in enclosing(analysis.program.entry.tree, node):
        if _trains(analysis, _after(around, below), found):
            return True
        if isinstance(around, Function):
            return False
        below = around
    return False


def _may_fail(analysis: Analysis, statements: list[ast.stmt]) -> bool:
    """Return whether statements may raise, end the process, or return a value that tells of the failure."""
    for statement in statements:
        if any(_is_failing(analysis, node) for node in walk(statement)):
            return True
        for call in analysis.inside(statement):
            if call.unknown and not call.names:
                return True
            if call.local and any(
                _is_failing(analysis, node) for scope in analysis.targets(call) for node in walk(scope.node)
            ):
                return True
    return False


def _is_failing(analysis: Analysis, node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.Assert | ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.Return):
        return not _returns_none(node)
    if not isinstance(node, ast.Call) or last_name(node.func) not in _ENDING:
        return False
    call = analysis.by_node.get(node)
    return call is None or not call.names or not all(name.startswith("logging.") for name in call.names)


def _returns_none(node: ast.Return) -> bool:
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def _ends_well(analysis: Analysis, node: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Return whether nothing after a ``try`` fails because of what its body left undone, or asks for the failure.

    If the handler returns, nothing of the function comes after it.
    """
    leaves = isinstance(handler.body[-1], ast.Return)
    parts = (one for part in (*node.body, *handler.body) for one in walk(part))
    built = {one.id for one in parts if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    below: ast.AST = node
    for around in enclosing(analysis.program.entry.tree, node):
        if isinstance(around, ast.For | ast.AsyncFor | ast.While | ast.Try | ast.With):
            return False
        for later in () if leaves else _after(around, below):
            for one in walk(later):
                if _is_failing(analysis, one) or (isinstance(one, ast.Name) and one.id in built):
                    return False
        if isinstance(around, Function):
            return all(_returns_none(one) for one in _own(around) if isinstance(one, ast.Return))
        below = around
    return True


def _after(around: ast.AST, below: ast.AST) -> list[ast.stmt]:
    """Return the statements after one of them in the same block."""
    for name in ("body", "orelse"):
        block = getattr(around, name, ())
        if isinstance(block, list) and below in block:
            return list(block[block.index(below) + 1 :])
    return []


def _own(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of functions and classes in it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            todo.extend(children(node))
