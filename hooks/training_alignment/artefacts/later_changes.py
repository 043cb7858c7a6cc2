"""Changes of a table by later top-level statements.

Examples: ``CONTRACT["inputs"]["x"] = ...``, ``.update()``, ``del``. Plain statements with constant keys are applied in
order. Any other statement that may change the table leaves it open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from flake8_training.engine.syntax.dict_forms import Change, Part, Put, statement_change
from training_alignment.artefacts.limits import Budget
from training_alignment.artefacts.tree import UNKNOWN, Listing, Node, Scalar, Table, opened

if TYPE_CHECKING:
    from training_alignment.artefacts.source import Source

MAX_CHANGES = 2_000
"""Statements that change one table: more are never written by hand."""
_COPIED_AT_ONCE = 16

Keys = tuple[str, ...]


class ExpressionReader(Protocol):
    """The reader of a file's expressions, as far as later statements need it."""

    @property
    def source(self) -> Source:
        """Return the file."""

    @property
    def budget(self) -> Budget:
        """The steps that are left."""

    def node(self, expression: ast.expr, /) -> Node:
        """Return the tree of an expression."""

    def table(self, parts: Iterable[Part], before: Table[Node], /) -> Table[Node]:
        """Return a table after some parts."""


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
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
        return _extension(reader, _keys(statement.target, name), statement.value)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Attribute) and len(call.args) == 1:
            if call.func.attr in ("append", "add"):
                item = ast.copy_location(ast.List(call.args), call.args[0])
                return _extension(reader, _keys(call.func.value, name), item)
            if call.func.attr == "extend":
                return _extension(reader, _keys(call.func.value, name), call.args[0])
    change = statement_change(statement)
    keys = _keys(change.target, name) if change is not None else None
    if change is None or keys is None:
        return None
    return lambda node: _at(node, keys, lambda old: _after(reader, old, change))


def _extension(reader: ExpressionReader, keys: Keys | None, more: ast.expr) -> Callable[[Node], Node] | None:
    """Return the change that adds the items of a listing."""
    if keys is None:
        return None
    return lambda node: _at(node, keys, lambda old: _extended(old, reader.node(more)))


def _after(reader: ExpressionReader, old: Node, change: Change) -> Node:
    """Return a table after a change; a store keeps the place where a key is first written."""
    if not isinstance(old, Table):
        return opened(old)
    found = reader.table(change.parts, old)
    if any(isinstance(part, Put) and part.at is part.key for part in change.parts):
        # a table may have thousands of stores: only what one of them writes is built anew
        written = {
            key: entry._replace(name=before.name)
            for key, before in old.entries.items()
            if (entry := found.entries.get(key)) is not None and entry is not before
        }
        return found.replaced(entries={**found.entries, **written}) if written else found
    return found


def _keys(target: ast.expr, name: str) -> Keys | None:
    """Return the constant keys of ``name["a"]["b"]``, outermost first; None for any other expression."""
    keys: list[str] = []
    while isinstance(target, ast.Subscript):
        if not (isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)):
            return None
        keys.append(target.slice.value)
        target = target.value
    return tuple(reversed(keys)) if isinstance(target, ast.Name) and target.id == name else None


def _at(node: Node, keys: Keys, change: Callable[[Node], Node]) -> Node:
    """Return ``node`` with ``change`` applied to the value under ``keys``; open if the keys reach no known table."""
    if not keys:
        return change(node)
    if not isinstance(node, Table):
        return opened(node)
    key, rest = keys[0], keys[1:]
    before = node.entries.get(key)
    if before is None:
        return opened(node)
    value = _at(before.value, rest, change)
    return node.replaced(entries={**node.entries, key: before._replace(value=value)})


def _extended(old: Node, more: Node) -> Node:
    if isinstance(old, Listing) and isinstance(more, Listing):
        return Listing((*old.items, *more.items), old.place, old.closed and more.closed)
    return opened(old)
