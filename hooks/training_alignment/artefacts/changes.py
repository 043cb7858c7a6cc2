"""Changes of a table by later top-level statements.

Examples: ``CONTRACT["inputs"]["x"] = ...``, ``.update()``, ``del``. Plain statements with constant keys are applied in
order. Any other statement that may change the table leaves it open.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from flake8_training.script.nodes import walk
from training_alignment.artefacts.tree import (
    Call,
    Entry,
    Listing,
    Located,
    Node,
    Place,
    Table,
    merged,
    opened,
)

if TYPE_CHECKING:
    from training_alignment.artefacts.source import Source

_CHANGING = ("update", "setdefault", "pop", "popitem", "clear", "append", "extend", "insert", "remove", "add")

Keys = tuple[Located[str], ...]


class ExpressionReader(Protocol):
    """The reader of a file's expressions, as far as later statements need it."""

    @property
    def source(self) -> Source:
        """The file."""

    def node(self, expression: ast.expr, /) -> Node:
        """Return the tree of an expression."""

    def call(self, node: ast.Call, /) -> Call:
        """Return the tree of a call."""


def apply_changes(reader: ExpressionReader, name: str, node: Node) -> Node:
    """Return ``node``, the value assigned to ``name``, after the statements of the file that change it."""
    if not isinstance(node, Table | Listing):
        return node
    pattern = rf"\b{re.escape(name)}\s*(?:\[|\|=|\+=|\.(?:{'|'.join(_CHANGING)})\b)"
    if len(re.findall(pattern.encode(), reader.source.data)) == 0:
        return node
    if reader.source.data.count(name.encode()) < 2:
        return node  # the name does not occur again
    applied: list[ast.stmt] = []
    for statement in reader.source.tree.body:
        change = _change(reader, name, statement)
        if change is not None:
            node = change(node)
            applied.append(statement)
    left = [
        found for found in _stores(reader.source.tree, name) if not any(_inside(found, s) for s in applied)
    ]
    return opened(node) if left else node


def _change(reader: ExpressionReader, name: str, statement: ast.stmt) -> Callable[[Node], Node] | None:
    """Return the change of ``name``'s value by one top-level statement; None for any other statement."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return _store(reader, _keys(statement.targets[0], name), statement.value)
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.BitOr | ast.Add):
        return _addition(reader, _keys(statement.target, name), statement.value)
    if isinstance(statement, ast.Delete) and len(statement.targets) == 1:
        keys = _keys(statement.targets[0], name)
        return (lambda node: _without(node, keys)) if keys else None
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return _method(reader, name, statement.value)
    return None


def _store(reader: ExpressionReader, keys: Keys | None, value: ast.expr) -> Callable[[Node], Node] | None:
    return (lambda node: _at(node, keys, lambda _: reader.node(value))) if keys else None


def _addition(reader: ExpressionReader, keys: Keys | None, value: ast.expr) -> Callable[[Node], Node] | None:
    if keys is None:
        return None
    return lambda node: _at(node, keys, lambda old: _joined(old, reader.node(value)))


def _method(reader: ExpressionReader, name: str, call: ast.Call) -> Callable[[Node], Node] | None:
    function = call.func
    keys = _keys(function.value, name) if isinstance(function, ast.Attribute) else None
    if keys is None or not isinstance(function, ast.Attribute):
        return None
    if function.attr == "update" and len(call.args) <= 1:
        nodes: list[Node] = [reader.node(argument) for argument in call.args]
        nodes.append(reader.call(ast.copy_location(ast.Call(function, [], call.keywords), call)).arguments)
        return lambda node: _at(node, keys, lambda old: _all_joined(old, nodes))
    if function.attr in ("append", "add") and len(call.args) == 1:
        item = reader.node(call.args[0])
        return lambda node: _at(node, keys, lambda old: _joined(old, Listing((item,), item.place)))
    if function.attr == "extend" and len(call.args) == 1:
        items = reader.node(call.args[0])
        return lambda node: _at(node, keys, lambda old: _joined(old, items))
    if function.attr == "pop" and call.args and isinstance(call.args[0], ast.Constant):
        path = (*keys, _key(reader, call.args[0]))
        return lambda node: _without(node, path)
    return None


def _key(reader: ExpressionReader, node: ast.Constant) -> Located[str]:
    return Located(str(node.value), reader.source.place(node))


def _keys(target: ast.expr, name: str) -> Keys | None:
    """Return the constant keys of ``name["a"]["b"]``, outermost first; None for any other expression."""
    keys: list[Located[str]] = []
    while isinstance(target, ast.Subscript):
        if not (isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)):
            return None
        place = Place("", target.slice.lineno, target.slice.col_offset + 1)
        keys.append(Located(target.slice.value, place))
        target = target.value
    return tuple(reversed(keys)) if isinstance(target, ast.Name) and target.id == name else None


def _at(node: Node, keys: Sequence[Located[str]], change: Callable[[Node | None], Node]) -> Node:
    """Return ``node`` with ``change`` applied to the value under ``keys``; open if the keys reach no known table."""
    if not keys:
        return change(node)
    if not isinstance(node, Table):
        return opened(node)
    key, rest = keys[0], keys[1:]
    before = node.entries.get(key.value)
    if before is None and rest:
        return opened(node)
    if rest and before is not None:
        value = _at(before.value, rest, change)
    else:
        value = change(before.value if before else None)
    named = before.name if before else Located(key.value, key.place._replace(path=value.place.path))
    return node.replaced(entries={**node.entries, key.value: Entry(named, value)})


def _without(node: Node, keys: Sequence[Located[str]]) -> Node:
    if not isinstance(node, Table):
        return opened(node)
    key, rest = keys[0].value, keys[1:]
    if not rest:
        return node.replaced(entries={name: entry for name, entry in node.entries.items() if name != key})
    before = node.entries.get(key)
    if before is None:
        return opened(node)
    return node.replaced(entries={**node.entries, key: before._replace(value=_without(before.value, rest))})


def _joined(old: Node | None, more: Node) -> Node:
    if isinstance(old, Table) and isinstance(more, Table):
        return merged(old, more, deep=False)
    if isinstance(old, Listing) and isinstance(more, Listing):
        return Listing((*old.items, *more.items), old.place, old.closed and more.closed)
    return opened(old if old is not None else more)


def _all_joined(old: Node | None, nodes: Sequence[Node]) -> Node:
    for more in nodes:
        old = _joined(old, more)
    assert old is not None
    return old


def _stores(tree: ast.Module, name: str) -> list[ast.AST]:
    """Return every expression of any scope that may change ``name`` in place."""
    found: list[ast.AST] = []
    for node in walk(tree):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and _root(node) == name:
            found.append(node)
        elif isinstance(node, ast.AugAssign) and _root(node.target) == name:
            found.append(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _CHANGING and _root(node.func.value) == name:
                found.append(node)
    return found


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _inside(node: ast.AST, statement: ast.stmt) -> bool:
    line = getattr(node, "lineno", 0)
    return statement.lineno <= line <= (statement.end_lineno or statement.lineno)
