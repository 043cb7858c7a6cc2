"""Data flow: the container paths and call results that can reach an expression.

The evaluator resolves the values of an expression; this module follows what each value was computed from. A data set
built from a loader, built from a list of files, built from a channel, has the channel as an origin.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import UNKNOWN_PLACE, ContainerPath, places
from flake8_training.engine.syntax.dict_forms import Merge, Put
from flake8_training.engine.syntax.method_kinds import is_rest
from flake8_training.engine.syntax.scopes import ADDED, CallSite
from flake8_training.engine.values.values import (
    UNKNOWN,
    Collection,
    Constant,
    Elements,
    Function,
    Generator,
    Instance,
    LibraryObject,
    OptionValue,
    Reference,
    StringTemplate,
    Unknown,
    Value,
    Variable,
)
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Binding, ModuleIndex, Scope, Store
    from flake8_training.engine.values.evaluator import Evaluator
    from flake8_training.engine.values.interface import OptionsInterface


class Result(Record):
    """The result of a library call, by canonical name, and the call."""

    name: str
    node: ast.Call | None


class Option(Record):
    """The value of a command-line option."""

    dest: str


Origin = ContainerPath | Result | Option
Origins = frozenset[Origin]
_NOTHING: Origins = frozenset()
_MAX_ORIGINS = 400
"""The most origins of one expression that are kept; beyond, an unknown path replaces the results."""

Part = tuple[ast.expr, "Scope"]
Fill = Callable[[set[Origin], list[Part]], None]


class Flow:
    """The origins of expressions of one program, followed backwards from each expression."""

    def __init__(self, evaluator: Evaluator, ends: Callable[[ast.Call], bool] | None = None) -> None:
        """Follow the flow through every call, except through those that ``ends`` is true of: they are origins."""
        self._evaluator = evaluator
        self._ends = ends
        self._steps: dict[int, tuple[frozenset[Origin], tuple[Part, ...]]] = {}
        self._of_values: dict[Value, tuple[frozenset[Origin], tuple[Part, ...]]] = {}
        self._origins: dict[int, Origins] = {}
        self._shared: dict[Hashable, Part] = {}
        self._stores: dict[ModuleIndex, dict[str, list[Store]]] = {}

    def origins(self, node: ast.expr, scope: Scope) -> Origins:
        """Return all origins that flow into an expression."""
        known = self._origins.get(id(node))
        if known is None:
            self._close(node, scope)
            known = self._origins[id(node)]
        return known

    def _close(self, node: ast.expr, scope: Scope) -> None:
        """Find the origins of an expression and of all its parts, each once.

        Expressions that flow into each other have the same origins. Tarjan's algorithm, without recursion, finds
        these groups. Each group has its own origins and those of the groups that flow into it.
        """
        number: dict[int, int] = {}
        lowest: dict[int, int] = {}
        group: list[int] = []
        waiting: list[tuple[int, tuple[Part, ...], int]] = []

        def enter(part: Part) -> None:
            key = id(part[0])
            number[key] = lowest[key] = len(number)
            group.append(key)
            waiting.append((key, self._step(*part)[1], 0))

        enter((node, scope))
        while waiting:
            key, parts, place = waiting.pop()
            while place < len(parts):
                below = id(parts[place][0])
                place += 1
                if below in self._origins:
                    continue
                if below not in number:
                    waiting.append((key, parts, place))
                    enter(parts[place - 1])
                    break
                lowest[key] = min(lowest[key], number[below])
            else:
                if lowest[key] == number[key]:
                    members = [group.pop()]
                    while members[-1] != key:
                        members.append(group.pop())
                    self._settle(members)
                if waiting:
                    above = waiting[-1][0]
                    lowest[above] = min(lowest[above], lowest[key])

    def _settle(self, members: list[int]) -> None:
        found: set[Origin] = set()
        for key in members:
            own, parts = self._steps[key]
            found |= own
            for part in parts:
                found |= self._origins.get(id(part[0]), _NOTHING)
        if len(found) > _MAX_ORIGINS:
            found = {o for o in found if not isinstance(o, Result)}
            found = {UNKNOWN_PLACE} | (found if len(found) <= _MAX_ORIGINS else set())
        result = frozenset(found)
        for key in members:
            self._origins[key] = result

    def _step(self, node: ast.expr, scope: Scope) -> tuple[frozenset[Origin], tuple[Part, ...]]:
        """Return the origins that an expression is by itself, and the expressions that flow into it."""
        known = self._steps.get(id(node))
        if known is None:
            own: set[Origin] = set()
            parts: list[Part] = []
            if self._evaluator.is_exhausted:
                known = self._steps[id(node)] = frozenset({UNKNOWN_PLACE}), ()
                return known
            values = self._evaluator.values(node, scope)
            for value in values:
                self._of_value(value, own, parts)
            if isinstance(node, ast.Name):
                self._of_stored(node.id, scope, parts)
            if isinstance(node, ast.Call) or not values or any(_is_vague(v) for v in values):
                self._of_form(node, scope, own, parts)
            self._evaluator.budget.follow(len(parts))
            known = self._steps[id(node)] = frozenset(own), tuple(parts)
        return known

    def _share(self, key: Hashable, scope: Scope, fill: Fill) -> Part:
        """Return one part in place of those that ``fill`` finds, shared by all expressions with the same ``key``.

        Without it, each use of a variable would have every expression stored in the variable as a part.
        """
        known = self._shared.get(key)
        if known is None:
            own: set[Origin] = set()
            parts: list[Part] = []
            known = self._shared[key] = ast.Tuple(elts=[], ctx=ast.Load()), scope
            fill(own, parts)
            self._evaluator.budget.follow(len(parts))
            self._steps[id(known[0])] = frozenset(own), tuple(parts)
        return known

    def _of_value(self, value: Value, own: set[Origin], parts: list[Part]) -> None:
        """Add the origins of a value. Each value is resolved once, because one name's values often recur."""
        known = self._of_values.get(value)
        if known is None:
            its_own: set[Origin] = set()
            its_parts: list[Part] = []
            self._resolve(value, its_own, its_parts)
            known = self._of_values[value] = frozenset(its_own), tuple(its_parts)
        own |= known[0]
        parts += known[1]

    def _resolve(self, value: Value, own: set[Origin], parts: list[Part]) -> None:
        if self._evaluator.options is not None and self._evaluator.options.fills(value):
            own.add(UNKNOWN_PLACE)  # any path that the launcher passes
        if isinstance(value, Constant):
            if isinstance(value.value, str):
                own.update(places(self._evaluator, (value,)))
        elif isinstance(value, StringTemplate | Variable):
            own.update(places(self._evaluator, (value,)))
        elif isinstance(value, OptionValue):
            own.add(Option(value.option.dest))
            own.update(places(self._evaluator, (value,)))
        elif isinstance(value, LibraryObject):
            options = self._evaluator.options
            if options is not None and options.is_namespace(value):
                # The namespace is passed as a whole, so every option goes with it.
                own.update(self._every_option(options))
            own.add(Result(value.name, value.site.node if value.site else None))
            if value.site is not None and not self._ends_at(value.site.node):
                parts.extend(_of_site(value.site))
        elif isinstance(value, Instance):
            if value.site is not None:
                parts.extend((a, value.site.scope) for a in arguments(value.site.node))
        elif isinstance(value, Reference):
            if value.receiver is not None:
                self._of_value(value.receiver, own, parts)
        elif isinstance(value, Collection):
            key = ("collection", value.node)
            parts.append(self._share(key, value.scope, lambda _, parts: self._of_collection(value, parts)))
        elif isinstance(value, Elements):
            for one in value.values:
                self._of_value(one, own, parts)
        elif isinstance(value, Generator):
            parts.append(self._returned(value.scope))

    def _returned(self, scope: Scope) -> Part:
        def fill(own: set[Origin], parts: list[Part]) -> None:
            parts.extend((e, scope) for e in scope.returns)

        return self._share(("returned", scope), scope, fill)

    def _of_collection(self, value: Collection, parts: list[Part]) -> None:
        parts.extend(_children(value.node, value.scope))
        for placed in self._evaluator.containers.changes(value):
            for part in placed.change.parts:
                if isinstance(part, Put | Merge):
                    node = part.value if isinstance(part, Put) else part.source
                    parts.append((node, placed.scope))
        for site in self._evaluator.containers.in_place_calls(value):
            parts.extend((a, site.scope) for a in arguments(site.node))

    def _every_option(self, options: OptionsInterface) -> Origins:
        found: set[Origin] = set()
        for option in options.all:
            found.add(Option(option.dest))
            found.update(places(self._evaluator, (OptionValue(option),)))
        return frozenset(found)

    def _of_form(self, node: ast.expr, scope: Scope, own: set[Origin], parts: list[Part]) -> None:
        """Add parts by the syntax of the expression: its values alone do not show all that flows in."""
        if isinstance(node, ast.Name):
            self._of_name(node.id, scope, own, parts)
        elif isinstance(node, ast.Call):
            if self._ends_at(node):
                return
            parts.extend(_of_site(CallSite(node, scope, guarded=False)))
            for value in self._evaluator.values(node.func, scope):
                if isinstance(value, Function):
                    parts.append(self._returned(value.scope))
        elif isinstance(node, ast.Attribute):
            parts.append((node.value, scope))
            if any(isinstance(v, Instance) for v in self._evaluator.values(node.value, scope)):
                key = ("attribute", node.attr)
                parts.append(self._share(key, scope, lambda _, parts: self._of_attribute(node.attr, parts)))
        else:
            parts.extend(_children(node, scope))

    def _ends_at(self, node: ast.Call) -> bool:
        return self._ends is not None and self._ends(node)

    def _of_attribute(self, name: str, parts: list[Part]) -> None:
        parts.extend((s.value, s.scope) for s in self._evaluator.program.attribute_stores(name))

    def _of_name(self, name: str, scope: Scope, own: set[Origin], parts: list[Part]) -> None:
        found = scope.lookup(name)
        if found is None:
            if scope.module.stars:
                own.add(UNKNOWN_PLACE)
            return
        key = ("name", found[0], name)
        parts.append(self._share(key, found[0], lambda own, parts: self._of_bindings(found[1], own, parts)))

    def _of_bindings(self, bindings: list[Binding], own: set[Origin], parts: list[Part]) -> None:
        for binding in bindings:
            if binding.kind == "value" and binding.value is not None:
                parts.append((binding.value, binding.scope))
            elif binding.kind == "opaque" and not isinstance(binding.node, ast.ExceptHandler):
                own.add(UNKNOWN_PLACE)
            elif binding.kind == "parameter":
                assert isinstance(binding.node, ast.arg)
                passed = self._of_parameter(binding.node, binding.scope)
                parts.extend(passed)
                if not passed:
                    own.add(UNKNOWN_PLACE)

    def _of_parameter(self, node: ast.arg, scope: Scope) -> list[Part]:
        found: list[Part] = []
        for site in self._evaluator.callers(scope):
            passed = self._evaluator.argument_node(node, scope, site)
            if passed is not None:
                found.append((passed, site.scope))
            elif _spreads(site.node) or is_rest(node, scope):
                found.extend((a, site.scope) for a in arguments(site.node))
            else:
                found.append((ast.Constant(None), site.scope))
        return found

    def _of_stored(self, name: str, scope: Scope, parts: list[Part]) -> None:
        """Add the values that ``name[key] = value`` and ``name += value`` put into the object of a name."""
        found = scope.lookup(name)
        if found is None:
            return
        owner, bindings = found

        def fill(own: set[Origin], parts: list[Part]) -> None:
            for binding in bindings:
                if binding.steps == (ADDED,) and binding.value is not None:
                    parts.append((binding.value, binding.scope))
            for store in self._stores_into(name, owner.module):
                holder = store.scope.lookup(name)
                if holder is not None and holder[0] is owner:
                    parts.append((store.value, store.scope))

        parts.append(self._share(("stored", owner, name), owner, fill))

    def _stores_into(self, name: str, module: ModuleIndex) -> list[Store]:
        known = self._stores.get(module)
        if known is None:
            known = self._stores[module] = {}
            for store in module.subscript_stores:
                if isinstance(store.target, ast.Name):
                    known.setdefault(store.target.id, []).append(store)
        return known.get(name, [])


def _of_site(site: CallSite) -> Iterator[Part]:
    for argument in arguments(site.node):
        yield argument, site.scope
    if isinstance(site.node.func, ast.Attribute):
        yield site.node.func.value, site.scope


def _children(node: ast.AST, scope: Scope) -> Iterator[Part]:
    inner = scope.module.scope_of.get(node, scope)
    outside = True
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child, inner
        elif isinstance(child, ast.comprehension):
            # Python evaluates the first iterable in the enclosing scope.
            yield child.iter, (inner.parent or inner) if outside else inner
            outside = False


def _spreads(node: ast.Call) -> bool:
    return any(k.arg is None for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args)


def arguments(node: ast.Call) -> Iterable[ast.expr]:
    """Yield every argument of a call, positional ones first."""
    yield from (a.value if isinstance(a, ast.Starred) else a for a in node.args)
    yield from (k.value for k in node.keywords)


def _is_vague(value: Value) -> bool:
    if isinstance(value, StringTemplate):
        return UNKNOWN in value.parts
    return isinstance(value, Unknown)
