"""Going through a syntax tree, past the parts of it that say nothing: contexts, operators and plain texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope

_NO_NODES = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "kind", "type_comment", "conversion"}
    | {"module", "level", "simple", "is_async", "rest", "lineno", "type_ignores"}
)
_INNER: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}


NODES = frozenset(kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST))
"""Every class of nodes: a look-up is cheaper than a test of the class and its bases."""


def inner(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that hold other nodes worth visiting, the last first.

    The arguments of a function (``ast.arg``) have nodes of their own, annotations, and are among them.
    """
    known = _INNER.get(kind)
    if known is None:
        known = _INNER[kind] = tuple(name for name in reversed(kind._fields) if name not in _NO_NODES)
    return known


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, the last first."""
    found: list[ast.AST] = []
    for name in inner(type(node)):
        value = getattr(node, name)
        if type(value) is list:
            # Where one item is a node all are, but for the keys of a dict and defaults that are None.
            found.extend([item for item in reversed(value) if item.__class__ in NODES])
        elif value.__class__ in NODES:
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, each before what is below it, in the order of the source."""
    todo = [node]
    while todo:
        one = todo.pop()
        yield one
        todo.extend(children(one))


def with_scopes(module: ModuleIndex) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield every node of a module with the scope that it is in, in the order of the source."""
    todo: list[tuple[ast.AST, Scope]] = [(module.tree, module.top)]
    while todo:
        node, outer = todo.pop()
        scope = module.scope_of.get(node, outer)
        yield node, scope
        todo.extend([(child, scope) for child in children(node)])
