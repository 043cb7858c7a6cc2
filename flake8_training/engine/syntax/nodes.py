"""Traversal of a syntax tree.

It skips contexts, operators and other nodes that hold no expression.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope

# Fields without nodes worth visiting, from the grammar of ``ast`` (Python 3.11). Any other field is visited.
_NO_NODES = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "kind", "type_comment", "conversion"}
    | {"module", "level", "simple", "is_async", "rest", "lineno", "type_ignores"}
)
_INNER: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}


NODES = frozenset(kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST))
"""Every class of nodes: a look-up here is cheaper than ``isinstance``."""


def inner(kind: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a node class that hold other nodes worth visiting, the last field first.

    ``args`` is among them: ``ast.arg`` holds an annotation.
    """
    known = _INNER.get(kind)
    if known is None:
        known = _INNER[kind] = tuple(name for name in reversed(kind._fields) if name not in _NO_NODES)
    return known


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly below a node, the last first."""
    found: list[ast.AST] = []
    for name in inner(type(node)):
        value = getattr(node, name)
        if type(value) is list:
            # Lists of nodes hold other items in two cases: None as a dict's key, None as a default.
            found.extend([item for item in reversed(value) if item.__class__ in NODES])
        elif value.__class__ in NODES:
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes below it, parents before children, in the order of the source."""
    todo = [node]
    while todo:
        one = todo.pop()
        yield one
        todo.extend(children(one))


def with_scopes(module: ModuleIndex) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield every node of a module with its scope, in the order of the source."""
    todo: list[tuple[ast.AST, Scope]] = [(module.tree, module.top)]
    while todo:
        node, outer = todo.pop()
        scope = module.scope_of.get(node, outer)
        yield node, scope
        todo.extend([(child, scope) for child in children(node)])
