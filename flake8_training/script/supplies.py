"""What the calls of a function pass for a parameter that is a dict: its keys, followed to their displays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.record import Record
from flake8_training.script.library_values import ENVIRON
from flake8_training.script.values import Collection, Constant, Made, Reference, Value

if TYPE_CHECKING:
    from flake8_training.script.evaluator import Evaluator
    from flake8_training.script.names import Scope

_MAX_NESTED = 8
_MAX_ITEMS = 2_000


class Supply(Record, eq=False):
    """One entry of a dict: its key, the node of the key, and the expression of its value."""

    name: str
    node: ast.AST
    value: ast.expr
    scope: Scope


class Supplies(Record, eq=False):
    """The entries of all the dicts that are passed. ``open``: there may be others.

    ``environment``: the whole environment is passed.
    """

    items: tuple[Supply, ...]
    open: bool
    environment: bool = False


def supplies(evaluator: Evaluator, function: Scope, parameter: ast.arg) -> Supplies | None:
    """What is passed for a parameter; None where nothing in the program calls the function."""
    sites = evaluator.callers(function)
    if not sites:
        return None
    reader = _Reader(evaluator)
    for site in sites:
        given = evaluator.argument_node(parameter, function, site)
        if given is None:
            reader.open = True
        else:
            reader.expression(given, site.scope)
    return Supplies(tuple(reader.items), reader.open, reader.environment)


class _Reader:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self.items: list[Supply] = []
        self.open = False
        self.environment = False

    def expression(self, node: ast.expr, scope: Scope, depth: int = 0) -> None:
        """Take in every dict that an expression can be."""
        values = self._evaluator.values(node, scope)
        followed = depth <= _MAX_NESTED and len(self.items) <= _MAX_ITEMS
        if not values or not followed:
            self.open = True
        for value in values if followed else ():
            self._value(value, depth)

    def _value(self, value: Value, depth: int) -> None:
        if isinstance(value, Constant) and value.value is None:
            return
        if isinstance(value, Reference | Made) and value.name.removesuffix(".copy()") == ENVIRON:
            self.environment = self.open = True
            return
        if not isinstance(value, Collection):
            self.open = True
            return
        display = value.node
        if isinstance(display, ast.Dict):
            for key, entry in zip(display.keys, display.values, strict=True):
                if key is None:
                    self.expression(entry, value.scope, depth + 1)
                else:
                    self._entry(key, entry, value.scope)
        elif isinstance(display, ast.Call):
            self._keywords(display, value.scope, depth)
        else:
            self.open = True
        containers = self._evaluator.containers
        for store in containers.item_stores(value):
            if isinstance(store.key, ast.expr) and not store.steps:
                self._entry(store.key, store.value, store.scope)
            else:
                self.open = True
        for site in containers.in_place_calls(value):
            assert isinstance(site.node.func, ast.Attribute)
            if site.node.func.attr == "setdefault" and len(site.node.args) == 2:
                self._entry(site.node.args[0], site.node.args[1], site.scope)
            elif site.node.func.attr == "update":
                self._keywords(site.node, site.scope, depth)

    def _keywords(self, call: ast.Call, scope: Scope, depth: int) -> None:
        """The entries that ``dict(...)`` or ``.update(...)`` is given."""
        for argument in call.args:
            self.expression(argument, scope, depth + 1)
        for keyword in call.keywords:
            if keyword.arg is None:
                self.expression(keyword.value, scope, depth + 1)
            else:
                self.items.append(Supply(keyword.arg, keyword, keyword.value, scope))

    def _entry(self, key: ast.expr, value: ast.expr, scope: Scope) -> None:
        keys = self._evaluator.values(key, scope)
        texts = [k.value for k in keys if isinstance(k, Constant) and isinstance(k.value, str)]
        if len(texts) != len(keys) or not texts:
            self.open = True
        self.items.extend(Supply(text, key, value, scope) for text in texts)
