"""Syntactic forms that build a dict, add entries to it or remove them.

:func:`display_parts` reads an expression that builds a dict; :func:`call_change`, :func:`addition`,
:func:`deletion` and :func:`store` read a later change; :func:`changes_in` lists the changes of a module in the order
of the source.

In scope: dict displays, ``dict()`` of dicts and of pairs, ``|``, ``**``, copies, comprehensions over the items of
another dict, stores by subscript, ``|=``, ``update``, ``setdefault``, ``pop``, ``popitem``, ``clear`` and ``del``.
Not in scope: subclasses of dict, ``ChainMap``, ``fromkeys``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import ModuleIndex, Scope, Store

MAKES_DICT = frozenset(
    {"builtins.dict", "collections.OrderedDict", "types.SimpleNamespace", "argparse.Namespace"}
)
"""Calls that build a dict from their keyword arguments, or an object that holds such a dict."""
COPIES = frozenset({"builtins.dict().copy", "copy.copy", "copy.deepcopy"})
"""Calls that return a copy of a dict: the same entries in a new dict, so later changes are separate."""
CHANGING = ("update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__delitem__")
"""The methods of a dict that add or remove entries."""


class Put(Record, eq=False):
    """One key with its value.

    ``key`` is the key itself or its expression, ``at`` the node to report. ``default``: the entry is added only if the
    key is missing. ``computed``: the value is computed from ``value``.
    """

    key: str | ast.expr
    value: ast.expr
    at: ast.AST
    default: bool = False
    computed: bool = False


class Merge(Record, eq=False):
    """All entries of another dict."""

    source: ast.expr


class Drop(Record, eq=False):
    """The removal of a key; of some unknown key if ``key`` is None, of all keys if ``every``."""

    key: ast.expr | None
    every: bool = False


class Mapped(Record, eq=False):
    """An entry for each entry of another dict: ``{key: value for name, item in source.items()}``.

    ``certain``: no condition leaves entries out.
    """

    source: ast.expr
    name: ast.expr
    item: ast.expr
    key: ast.expr
    value: ast.expr
    certain: bool

    @property
    def keeps_values(self) -> bool:
        """Whether the values are those of the other dict."""
        return _is_name(self.value, self.item)

    def keeps_keys(self, is_string: Callable[[ast.Call], bool]) -> bool:
        """Return whether the keys are those of the other dict; ``is_string`` recognises a call of ``str``."""
        key = self.key
        if isinstance(key, ast.Call) and len(key.args) == 1 and not key.keywords and is_string(key):
            key = key.args[0]
        return _is_name(key, self.name)


class Unread(Record, eq=False):
    """A form that this module does not follow."""

    node: ast.AST


Part = Put | Merge | Mapped | Drop | Unread


class Change(Record, eq=False):
    """A statement or call that changes the dict ``target`` in place, as parts."""

    target: ast.expr
    parts: tuple[Part, ...]


def keyword_parts(call: ast.Call) -> Iterator[Put | Merge]:
    """Yield an entry for each keyword argument of a call, and a merge for each ``**argument``."""
    for keyword in call.keywords:
        if keyword.arg is None:
            yield Merge(keyword.value)
        else:
            yield Put(keyword.arg, keyword.value, keyword)


def display_parts(node: ast.expr) -> tuple[Part, ...] | None:
    """Return the parts of a display, a union, a comprehension over items or a call of ``dict()``; None for others."""
    if isinstance(node, ast.Dict):
        return tuple(
            Merge(value) if key is None else Put(key, value, key)
            for key, value in zip(node.keys, node.values, strict=True)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return Merge(node.left), Merge(node.right)
    if isinstance(node, ast.Call):
        source = copied(node)
        if source is not None:
            return (*_merged(source), *keyword_parts(node))
        return (Unread(node),) if node.args else tuple(keyword_parts(node))
    if isinstance(node, ast.DictComp) and len(node.generators) == 1:
        generator = node.generators[0]
        source, target = items_of(generator.iter), generator.target
        if source is not None and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            name, item = target.elts
            return (Mapped(source, name, item, node.key, node.value, not generator.ifs),)
    return None


def copied(node: ast.Call) -> ast.expr | None:
    """Return the dict that ``x.copy()``, ``copy.deepcopy(x)`` or ``dict(x)`` copies, or None."""
    if node.args:
        return node.args[0] if len(node.args) == 1 else None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "copy":
        return node.func.value
    return None


def pairs(node: ast.expr) -> tuple[Put, ...] | None:
    """Return the entries of ``[("a", 1), ("b", 2)]``; None if an element is not a pair."""
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    found: list[Put] = []
    for element in node.elts:
        if not isinstance(element, ast.Tuple | ast.List) or len(element.elts) != 2:
            return None
        key, value = element.elts
        if isinstance(key, ast.Starred) or isinstance(value, ast.Starred):
            return None
        found.append(Put(key, value, key))
    return tuple(found)


def store(target: ast.Subscript, value: ast.expr) -> Change:
    """Return the change for ``d[key] = value``."""
    return Change(target.value, (Put(target.slice, value, target.slice),))


def deletion(target: ast.Subscript) -> Change:
    """Return the change for ``del d[key]``."""
    return Change(target.value, (Drop(target.slice),))


def addition(statement: ast.AugAssign) -> Change | None:
    """Return the change for ``d |= other``; None for another operator."""
    return Change(statement.target, _merged(statement.value)) if isinstance(statement.op, ast.BitOr) else None


def call_change(call: ast.Call) -> Change | None:
    """Return the change for a call of a method in ``CHANGING``; None for any other call."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in CHANGING:
        return None
    return Change(function.value, _method_parts(function.attr, call))


def statement_change(statement: ast.stmt) -> Change | None:
    """Return the change for a statement that changes one dict; None for any other statement."""
    if isinstance(statement, ast.AugAssign):
        return addition(statement)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return call_change(statement.value)
    if isinstance(statement, ast.Assign | ast.Delete) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Subscript):
            return store(target, statement.value) if isinstance(statement, ast.Assign) else deletion(target)
    return None


def _method_parts(method: str, call: ast.Call) -> tuple[Part, ...]:
    arguments = call.args
    if method == "update":
        return (*(part for argument in arguments for part in _merged(argument)), *keyword_parts(call))
    if method == "clear":
        return (Drop(None, every=True),)
    if method == "popitem":
        return (Drop(None),)
    if not arguments or any(isinstance(argument, ast.Starred) for argument in arguments):
        return (Unread(call),)
    if method in ("pop", "__delitem__"):
        return (Drop(arguments[0]),)
    if method == "__setitem__":
        return (Put(arguments[0], arguments[1], arguments[0]),) if len(arguments) == 2 else (Unread(call),)
    keyword = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
    nothing = ast.copy_location(ast.Constant(None), call)
    value = arguments[1] if len(arguments) > 1 else keyword or nothing
    return (Put(arguments[0], value, arguments[0], default=True),)


def _merged(argument: ast.expr) -> tuple[Part, ...]:
    """Return the parts that a positional argument of ``dict()`` or ``update()`` adds."""
    if isinstance(argument, ast.Starred):
        return (Unread(argument),)
    listed = pairs(argument)
    return (Merge(items_of(argument) or argument),) if listed is None else listed


class PlacedChange(Record, eq=False):
    """A change with its scope, and the subscript store behind it, if it has one."""

    change: Change
    scope: Scope
    store: Store | None = None


def changes_in(module: ModuleIndex) -> list[PlacedChange]:
    """Return the changes of dicts in a module, in the order of the source."""
    return sorted(_changes_of(module), key=lambda placed: _position(placed.change.target))


def _changes_of(module: ModuleIndex) -> Iterator[PlacedChange]:
    for one in module.subscript_stores:
        if isinstance(one.key, ast.expr):
            put = Put(one.key, one.value, one.key, computed=bool(one.steps))
            yield PlacedChange(Change(one.target, (put,)), one.scope, one)
    for name in CHANGING:
        for site in module.calls_by_name.get(name, ()):
            change = call_change(site.node)
            if change is not None:
                yield PlacedChange(change, site.scope)
    for target, scope in module.deletions:
        yield PlacedChange(deletion(target), scope)
    for statement, scope in module.additions:
        change = addition(statement)
        if change is not None:
            yield PlacedChange(change, scope)


def _position(target: ast.expr) -> tuple[int, int]:
    return target.lineno, target.col_offset


def items_of(node: ast.expr) -> ast.expr | None:
    """Return ``d`` for ``d.items()``; None for any other expression."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items":
        return node.func.value
    return None


def _is_name(node: ast.expr, other: ast.expr) -> bool:
    return isinstance(node, ast.Name) and isinstance(other, ast.Name) and node.id == other.id
