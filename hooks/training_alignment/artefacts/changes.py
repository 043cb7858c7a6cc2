"""Changes of a table by later top-level statements.

Examples: ``CONTRACT["inputs"]["x"] = ...``, ``.update()``, ``del``. Plain statements with constant keys are applied in
order. Any other statement that may change the table leaves it open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from training_alignment.artefacts.bounds import Budget
from training_alignment.artefacts.tree import (
    UNKNOWN,
    Call,
    Entry,
    Listing,
    Located,
    Node,
    Place,
    Scalar,
    Table,
    merged,
    opened,
)

if TYPE_CHECKING:
    from training_alignment.artefacts.source import Source

MAX_CHANGES = 2_000
"""Statements that change one table: more are never written by hand."""
_COPIED_AT_ONCE = 16

Keys = tuple[Located[str], ...]


class ExpressionReader(Protocol):
    """The reader of a file's expressions, as far as later statements need it."""

    @property
    def source(self) -> Source:
        """The file."""

    @property
    def budget(self) -> Budget:
        """The steps that are left."""

    def node(self, expression: ast.expr, /) -> Node:
        """Return the tree of an expression."""

    def call(self, node: ast.Call, /) -> Call:
        """Return the tree of a call."""


def apply_changes(reader: ExpressionReader, name: str, node: Node) -> Node:
    """Return ``node``, the value assigned to ``name``, after the statements of the file that change it."""
    source = reader.source
    if not isinstance(node, Table | Listing) or not source.may_change(name):
        return node
    place = node.place
    changes = 0
    applied: set[int] = set()
    for statement in source.changes.get(name, ()):
        change = _change(reader, name, statement)
        if change is None:
            continue
        changes += 1
        # Each change copies what it changes.
        size = len(node) if isinstance(node, Table | Listing) else 0
        if changes > MAX_CHANGES or not reader.budget.take(1 + size // _COPIED_AT_ONCE):
            reader.budget.exhausted = True
            return Scalar(UNKNOWN, place)
        node = change(node)
        applied.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return node if applied.issuperset(source.stores.get(name, ())) else opened(node)


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
