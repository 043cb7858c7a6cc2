"""The items and elements of dicts, lists and the like, with what is put into them after they are made."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.script import library_values
from flake8_training.script.changes import ANY_KEY, Changes
from flake8_training.script.names import ELEMENT
from flake8_training.script.values import (
    CHANNELS,
    DICTS,
    UNKNOWN,
    Collection,
    Constant,
    Elements,
    Frame,
    Generator,
    Instance,
    Made,
    Reference,
    Unknown,
    Value,
    Values,
    distinct,
    elements,
)

if TYPE_CHECKING:
    from flake8_training.script.interface import EvaluatorInterface
    from flake8_training.script.names import CallSite, ModuleNames, Scope, Store

_MAX_STORES = 500
"""How many of the statements that change a collection are looked at for one of its items."""

DISPLAYS = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
IN_PLACE = ("append", "add", "insert", "extend", "update", "setdefault")


class Containers:
    """The containers of one program."""

    def __init__(self, evaluator: EvaluatorInterface) -> None:
        self._evaluator = evaluator
        self._stores: dict[ModuleNames, Changes[Store]] = {}
        self._calls: dict[ModuleNames, Changes[CallSite]] = {}

    def subscript(self, node: ast.Subscript, scope: Scope, frame: Frame | None) -> Iterable[Value]:
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
            return (library_values.variable(key),)
        if isinstance(value, Reference | Made):
            return library_values.item(value, key)
        return (
            self.element(value)
            if isinstance(value, Collection) and not isinstance(value.node, ast.Dict | ast.BinOp)
            else (UNKNOWN,)
        )

    def item(self, value: Value, key: str | int) -> Values:
        """What ``value[key]`` can be."""
        if isinstance(value, Collection):
            return self._evaluator.remembered(
                ((id(value.node), key), value.frame), lambda: self._collection_item(value, key)
            )
        if isinstance(value, Reference | Made):
            if self._evaluator.options is not None and self._evaluator.options.is_namespace(value):
                if isinstance(key, str):
                    return self._evaluator.options.value(key)
                return (value,) if key == 0 else (UNKNOWN,)
            return library_values.item(value, Constant(key))
        if isinstance(value, Elements):
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
            return (*self._evaluator.options.value(key), UNKNOWN)
        return (UNKNOWN,)

    def _collection_item(self, value: Collection, key: str | int) -> Values:
        node, scope, frame = value.node, value.scope, value.frame
        found: list[Value] = []
        open_ended = False
        if isinstance(node, ast.Dict):
            for name, entry in zip(node.keys, node.values, strict=True):
                if name is None:
                    for spread in self._evaluator.values(entry, scope, frame):
                        found.extend(v for v in self.item(spread, key) if v is not UNKNOWN)
                        open_ended = open_ended or not isinstance(spread, Collection)
                    continue
                for known in self._evaluator.values(name, scope, frame):
                    if isinstance(known, Constant) and known.value == key:
                        found.extend(self._evaluator.values(entry, scope, frame))
                    elif not isinstance(known, Constant):
                        found.extend(self._evaluator.values(entry, scope, frame))
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == key:
                    found.extend(self._evaluator.values(keyword.value, scope, frame))
                elif keyword.arg is None:
                    for spread in self._evaluator.values(keyword.value, scope, frame):
                        found.extend(v for v in self.item(spread, key) if v is not UNKNOWN)
            for argument in node.args[:1]:
                for spread in self._evaluator.values(argument, scope, frame):
                    found.extend(v for v in self.item(spread, key) if v is not UNKNOWN)
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(key, int):
            if any(isinstance(e, ast.Starred) for e in node.elts):
                return self.element(value)
            if -len(node.elts) <= key < len(node.elts):
                return self._evaluator.values(node.elts[key], scope, frame)
        elif isinstance(node, ast.BinOp):
            for side in (node.left, node.right):
                for merged in self._evaluator.values(side, scope, frame):
                    found.extend(v for v in self.item(merged, key) if v is not UNKNOWN)
                    open_ended = open_ended or not isinstance(merged, Collection)
        elif isinstance(node, ast.DictComp):
            return self._evaluator.values(node.value, scope, frame)
        if isinstance(key, str):
            found.extend(self._stored_items(value, key))
        else:
            found.extend(self.element(value))
        return distinct(found) if found and not open_ended else (*distinct(found), UNKNOWN)

    def _stored_items(self, value: Collection, key: str) -> Iterator[Value]:
        """What ``d[key] = ...`` and ``d.update(...)`` put into a dict."""
        stores = self._stores_in(value.scope.module).of(value, key)
        if len(stores) > _MAX_STORES:
            yield UNKNOWN
        for store in stores[:_MAX_STORES]:
            keys = (
                [store.key] if isinstance(store.key, str) else self._evaluator.values(store.key, store.scope)
            )
            if any(k == key or (isinstance(k, Constant) and k.value == key) for k in keys):
                yield from self._evaluator.stepped(
                    self._evaluator.values(store.value, store.scope), store.steps
                )
        for site in self.in_place_calls(value)[:_MAX_STORES]:
            if site.node.func.attr == "update":  # type: ignore[attr-defined]
                for keyword in site.node.keywords:
                    if keyword.arg == key:
                        yield from self._evaluator.values(keyword.value, site.scope)
                for argument in site.node.args[:1]:
                    for given in self._evaluator.values(argument, site.scope):
                        if given != value:
                            yield from (v for v in self.item(given, key) if v is not UNKNOWN)

    def item_stores(self, value: Collection) -> list[Store]:
        """The ``target[key] = value`` statements whose target can be this dict."""
        return self._stores_in(value.scope.module).of(value)

    def in_place_calls(self, value: Collection) -> list[CallSite]:
        """The calls that change this collection in place: ``append``, ``update`` and the like."""
        module = value.scope.module
        known = self._calls.get(module)
        if known is None:
            known = self._calls[module] = Changes(self._evaluator)
            for name in IN_PLACE:
                for site in module.calls_by_name.get(name, ()):
                    if isinstance(site.node.func, ast.Attribute):
                        known.add(site, site.node.func.value, site.scope)
        return known.of(value)

    def _stores_in(self, module: ModuleNames) -> Changes[Store]:
        known = self._stores.get(module)
        if known is None:
            known = self._stores[module] = Changes(self._evaluator)
            for store in module.subscript_stores:
                constant = isinstance(store.key, ast.Constant)
                known.add(store, store.target, store.scope, store.key.value if constant else ANY_KEY)  # type: ignore[union-attr]
        return known

    def element(self, value: Value) -> Values:
        """What iterating over a value can give."""
        if isinstance(value, Elements):
            return value.values or (UNKNOWN,)
        if isinstance(value, Collection):
            return self._evaluator.remembered(
                ((id(value.node), ELEMENT), value.frame), lambda: self._elements_of(value)
            )
        if isinstance(value, Generator):
            return self._evaluator.returned(value.scope, value.frame)
        if isinstance(value, Made):
            return library_values.element(self._evaluator, value)
        return (UNKNOWN,)

    def _elements_of(self, value: Collection) -> Values:
        node = value.node
        found: list[Value] = []
        if isinstance(node, ast.Dict):
            for name in node.keys:
                found.extend(self._evaluator.values(name, value.scope, value.frame) if name else (UNKNOWN,))
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
    """The name of the type of a display: dict, set, tuple or list."""
    if isinstance(value.node, DICTS):
        return "dict"
    if isinstance(value.node, ast.Set | ast.SetComp):
        return "set"
    return "tuple" if isinstance(value.node, ast.Tuple) else "list"
