"""Items and elements of collections, later changes included."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.dict_forms import Merge, Part, PlacedChange, Put, changes_in, display_parts
from flake8_training.engine.syntax.scopes import ELEMENT
from flake8_training.engine.values import library_calls
from flake8_training.engine.values.collection_changes import ANY_KEY, Changes
from flake8_training.engine.values.values import (
    CHANNELS,
    DICTS,
    OF_OPEN_MAPPING,
    OVER_BUDGET,
    UNKNOWN,
    Collection,
    Constant,
    Elements,
    Frame,
    Generator,
    Instance,
    LibraryObject,
    Reference,
    Unknown,
    Value,
    Values,
    distinct,
    elements,
)

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex, Scope, Store
    from flake8_training.engine.values.interface import EvaluatorInterface


_MAX_STORES = 500

"""The most changes of a collection that are evaluated for one of its items."""

IN_PLACE = ("append", "add", "insert", "extend", "update", "setdefault")


class Containers:
    """The containers of one program."""

    def __init__(self, evaluator: EvaluatorInterface) -> None:
        self._evaluator = evaluator
        self._changes: dict[ModuleIndex, Changes[PlacedChange]] = {}
        self._calls: dict[ModuleIndex, Changes[CallSite]] = {}

    def subscript(self, node: ast.Subscript, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        """Return the values of ``a[b]``; at most eight values of ``b`` are tried."""
        if isinstance(node.slice, ast.Slice):
            return [
                elements(self.element(v)) if isinstance(v, Collection | Elements) else UNKNOWN
                for v in self._evaluator.values(node.value, scope, frame)
            ]
        keys = self._evaluator.values(node.slice, scope, frame)
        found: list[Value] = []
        for value in self._evaluator.values(node.value, scope, frame):
            for key in keys[:8]:
                if isinstance(key, Constant) and isinstance(key.value, str | int):
                    found.extend(self.item(value, key.value))
                else:
                    found.extend(self._item_of_unknown_key(value, key))
        return found

    def _item_of_unknown_key(self, value: Value, key: Value) -> Values:
        if isinstance(value, Reference) and value.name == "os.environ":
            return (library_calls.variable(key),)
        if isinstance(value, Reference | LibraryObject):
            return library_calls.item(value, key)
        return (
            self.element(value)
            if isinstance(value, Collection) and not isinstance(value.node, ast.Dict | ast.BinOp)
            else (UNKNOWN,)
        )

    def item(self, value: Value, key: str | int) -> Values:
        """Return the values of ``value[key]``."""
        if isinstance(value, Collection):
            return self._evaluator.remembered(
                ((id(value.node), key), value.frame), lambda: self._collection_item(value, key)
            )
        if isinstance(value, Reference | LibraryObject):
            if self._evaluator.options is not None and self._evaluator.options.is_namespace(value):
                if isinstance(key, str):
                    return self._evaluator.options.value(key)
                return (value,) if key == 0 else (UNKNOWN,)
            through = library_calls.prepared(self._evaluator, value, Constant(key))
            return library_calls.item(value, Constant(key)) if through is None else through
        if isinstance(value, Elements):
            if value.ordered and isinstance(key, int):
                # An index out of range raises: it has no value.
                return value.values[key : key + 1 or None] if -len(value.values) <= key else ()
            if isinstance(key, int) and 0 <= key < len(value.values):
                return (value.values[key],)
            return value.values or (UNKNOWN,)
        if isinstance(value, Instance) and isinstance(key, str):
            return self._evaluator.attribute(value, key)
        if value == CHANNELS and isinstance(key, str):
            return (Constant(f"{CHANNELS.value}/{key}"),)
        if (
            isinstance(value, Unknown)
            and isinstance(key, str)
            and self._evaluator.options is not None
            and self._evaluator.options.looks_like_option(key)
        ):
            return (*self._evaluator.options.value(key), value)
        return (value,) if isinstance(value, Unknown) else (UNKNOWN,)

    def _collection_item(self, value: Collection, key: str | int) -> Values:
        node, scope, frame = value.node, value.scope, value.frame
        found: list[Value] = []
        open_ended = False
        if isinstance(node, ast.Dict | ast.Call | ast.BinOp):
            for part in display_parts(node) or ():
                values, known = self._part_item(part, key, scope, frame)
                found.extend(values)
                open_ended = open_ended or not (known or isinstance(node, ast.Call))
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(key, int):
            if any(isinstance(e, ast.Starred) for e in node.elts):
                return self.element(value)
            if -len(node.elts) <= key < len(node.elts):
                return self._evaluator.values(node.elts[key], scope, frame)
        elif isinstance(node, ast.DictComp):
            return self._evaluator.values(node.value, scope, frame)
        if isinstance(key, str):
            found.extend(self._stored_items(value, key))
        else:
            found.extend(self.element(value))
        return distinct(found) if found and not open_ended else (*distinct(found), OF_OPEN_MAPPING)

    def _stored_items(self, value: Collection, key: str) -> Iterator[Value]:
        """Yield the values that ``d[key] = ...`` and ``d.update(...)`` store under a key."""
        changes = [
            placed
            for placed in self._changes_in(value.scope.module).of(value, key)
            if any(isinstance(part, Put | Merge) for part in placed.change.parts)
        ]
        if len(changes) > _MAX_STORES:
            yield OVER_BUDGET
        for placed in changes[:_MAX_STORES]:
            store = placed.store
            for part in placed.change.parts:
                if isinstance(part, Merge):
                    merged = self._evaluator.values(part.source, placed.scope)
                    yield from self._items_of(tuple(v for v in merged if v != value), key)[0]
                elif isinstance(part, Put) and self._has_key(part, key, placed.scope, None):
                    values = self._evaluator.values(part.value, placed.scope)
                    yield from self._evaluator.stepped(values, store.steps) if store is not None else values

    def _part_item(
        self, part: Part, key: str | int, scope: Scope, frame: Frame | None
    ) -> tuple[Values, bool]:
        """Return the values that a part stores under a key, and whether no others are possible."""
        if isinstance(part, Merge):
            return self._items_of(self._evaluator.values(part.source, scope, frame), key)
        if not isinstance(part, Put):
            return (), True
        if self._has_key(part, key, scope, frame, unknown=True):
            return self._evaluator.values(part.value, scope, frame), True
        return (), True

    def _has_key(
        self, part: Put, key: str | int, scope: Scope, frame: Frame | None, unknown: bool = False
    ) -> bool:
        """Return whether a part may store under a key; ``unknown`` is the answer for an unknown key."""
        if isinstance(part.key, str):
            return part.key == key
        return any(
            known.value == key if isinstance(known, Constant) else unknown
            for known in self._evaluator.values(part.key, scope, frame)
        )

    def _items_of(self, merged: Values, key: str | int) -> tuple[Values, bool]:
        """Return the values of some dicts under a key, and whether all these dicts are known."""
        found = tuple(v for one in merged for v in self.item(one, key) if not isinstance(v, Unknown))
        return found, all(isinstance(one, Collection) for one in merged)

    def changes(self, value: Collection) -> list[PlacedChange]:
        """Return the statements and calls that can change this dict, in the order of the source."""
        return self._changes_in(value.scope.module).of(value)

    def item_stores(self, value: Collection) -> list[Store]:
        """Return the statements ``target[key] = value`` whose target can be this dict."""
        return [placed.store for placed in self.changes(value) if placed.store is not None]

    def in_place_calls(self, value: Collection) -> list[CallSite]:
        """Return the calls that change this collection in place: ``append``, ``update`` and the like."""
        module = value.scope.module
        known = self._calls.get(module)
        if known is None:
            known = self._calls[module] = Changes(self._evaluator)
            for name in IN_PLACE:
                for site in module.calls_by_name.get(name, ()):
                    if isinstance(site.node.func, ast.Attribute):
                        known.add(site, site.node.func.value, site.scope)
        return known.of(value)

    def _changes_in(self, module: ModuleIndex) -> Changes[PlacedChange]:
        known = self._changes.get(module)
        if known is None:
            known = self._changes[module] = Changes(self._evaluator)
            for placed in changes_in(module):
                parts = placed.change.parts
                part = parts[0] if len(parts) == 1 else None
                put = part.key if isinstance(part, Put) else None
                key = put.value if isinstance(put, ast.Constant) else ANY_KEY
                known.add(placed, placed.change.target, placed.scope, key)
        return known

    def element(self, value: Value) -> Values:
        """Return the values that iterating over a value yields."""
        if isinstance(value, Elements):
            return value.values or (UNKNOWN,)
        if isinstance(value, Collection):
            return self._evaluator.remembered(
                ((id(value.node), ELEMENT), value.frame), lambda: self._elements_of(value)
            )
        if isinstance(value, Generator):
            return self._evaluator.returned(value.scope, value.frame)
        if isinstance(value, LibraryObject):
            return library_calls.element(self._evaluator, value)
        return (value,) if isinstance(value, Unknown) else (UNKNOWN,)

    def _elements_of(self, value: Collection) -> Values:
        node = value.node
        found: list[Value] = []
        if isinstance(node, ast.Dict):
            for name in node.keys:
                found.extend(
                    self._evaluator.values(name, value.scope, value.frame) if name else (OF_OPEN_MAPPING,)
                )
        elif isinstance(node, ast.BinOp):
            for side in (node.left, node.right):
                for merged in self._evaluator.values(side, value.scope, value.frame):
                    found.extend(self.element(merged))
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            found.extend(self._evaluator.values(node.elt, value.scope, value.frame))
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            for one in node.elts:
                if isinstance(one, ast.Starred):
                    found.extend(
                        r
                        for v in self._evaluator.values(one.value, value.scope, value.frame)
                        for r in self.element(v)
                    )
                else:
                    found.extend(self._evaluator.values(one, value.scope, value.frame))
        for site in self.in_place_calls(value):
            added = site.node.args[-1:] if site.node.func.attr != "update" else []  # type: ignore[attr-defined]
            for argument in added:
                values = self._evaluator.values(argument, site.scope)
                if site.node.func.attr == "extend":  # type: ignore[attr-defined]
                    values = tuple(r for v in values for r in self.element(v))
                found.extend(values)
        return distinct(found) or (UNKNOWN,)


def builtin_kind(value: Collection) -> str:
    """Return the type's name of a display: dict, set, tuple or list."""
    if isinstance(value.node, DICTS):
        return "dict"
    if isinstance(value.node, ast.Set | ast.SetComp):
        return "set"
    return "tuple" if isinstance(value.node, ast.Tuple) else "list"
