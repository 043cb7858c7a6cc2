"""The statements and expressions that enclose a node."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from flake8_training.engine.syntax.nodes import children

# Exceptions whose handler catches a failing import: those that scripts catch around optional imports.
_IMPORT_FAILURES = frozenset({"ImportError", "Exception", "BaseException", "SystemError", "ValueError"})


# As many as one script has modules: a question to each of them in turn would find nothing kept.
@lru_cache(maxsize=64)
def _parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    found: dict[ast.AST, ast.AST] = {}
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        below = children(node)
        for one in below:
            found[one] = node
        todo.extend(below)
    return found


def forget_parents() -> None:
    """Release the trees of which the parents are known: each garbage collection looks at all of their nodes."""
    _parents.cache_clear()


def enclosing(tree: ast.Module, node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that enclose ``node``, the nearest first; nothing for a node of another tree."""
    parents = _parents(tree)
    current = parents.get(node)
    while current is not None:
        yield current
        current = parents.get(current)


def parent(tree: ast.Module, node: ast.AST) -> ast.AST | None:
    """Return the parent of ``node``; None for the tree itself and for a node of another tree."""
    return _parents(tree).get(node)


def stands_in(tree: ast.Module, node: ast.AST) -> bool:
    """Return whether a node belongs to a tree."""
    return node is tree or node in _parents(tree)


def is_caught(tree: ast.Module, node: ast.AST, exceptions: frozenset[str]) -> bool:
    """Return whether a ``try`` or ``suppress`` around ``node`` catches one of ``exceptions`` (last names).

    A handler that ends with ``raise`` or ``sys.exit(1)`` lets the program fail all the same.
    """
    below = node
    for around in enclosing(tree, node):
        if isinstance(around, ast.Try | ast.TryStar) and any(below is one for one in around.body):
            if any(_catches(handler, exceptions) for handler in around.handlers):
                return True
        elif isinstance(around, ast.With | ast.AsyncWith) and any(below is one for one in around.body):
            if any(_suppresses(item.context_expr, exceptions) for item in around.items):
                return True
        elif isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            below = around
            continue
        below = around
    return False


def is_import_caught(tree: ast.Module, node: ast.AST) -> bool:
    """Return whether the failure of an import is caught."""
    return is_caught(tree, node, _IMPORT_FAILURES)


def _catches(handler: ast.ExceptHandler, exceptions: frozenset[str]) -> bool:
    if handler.body and _fails(handler.body[-1]):
        return False
    return handler.type is None or bool(_last_names(handler.type) & exceptions)


def _fails(statement: ast.stmt) -> bool:
    """Return whether a handler's last statement raises, or ends the program with another exit code than 0."""
    if isinstance(statement, ast.Raise):
        return True
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "sys.exit" or len(call.args) != 1:
        return False
    return isinstance(call.args[0], ast.Constant) and call.args[0].value not in (None, 0)


def _suppresses(context: ast.expr, exceptions: frozenset[str]) -> bool:
    """Return whether a context manager is ``contextlib.suppress`` of one of the exceptions."""
    return (
        isinstance(context, ast.Call)
        and "suppress" in _last_names(context.func)
        and any(_last_names(argument) & exceptions for argument in context.args)
    )


def _last_names(node: ast.expr) -> set[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return {
        part.attr if isinstance(part, ast.Attribute) else part.id
        for part in parts
        if isinstance(part, ast.Attribute | ast.Name)
    }
