"""What flows into an expression: which places in the container, and which calls' results, through anything.

Where the evaluator gives the values of an expression, this follows what they were made of: a data set built from
a loader built from a file list built from a channel comes from the channel.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.record import Record
from flake8_training.script.methods import is_rest
from flake8_training.script.names import ADDED, CallSite
from flake8_training.script.places import UNKNOWN_PLACE, Place, places
from flake8_training.script.values import (
    UNKNOWN,
    Collection,
    Constant,
    Elements,
    Function,
    Generator,
    Instance,
    Made,
    OptionValue,
    Reference,
    Text,
    Value,
    Variable,
)

if TYPE_CHECKING:
    from flake8_training.script.evaluator import Evaluator
    from flake8_training.script.names import Scope


class Result(Record):
    """The result of a library's call, by canonical name, and the call."""

    name: str
    node: ast.Call | None


class Option(Record):
    """The value of a command-line option."""

    dest: str


Origin = Place | Result | Option
Origins = frozenset[Origin]
_NOTHING: Origins = frozenset()


Part = tuple[ast.expr, "Scope"]


class Flow:
    """The origins of expressions of one program: what can be reached from each, going backwards."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._steps: dict[int, tuple[frozenset[Origin], tuple[Part, ...]]] = {}
        self._origins: dict[int, Origins] = {}
        self._parameters: dict[int, tuple[Part, ...]] = {}

    def origins(self, node: ast.expr, scope: Scope) -> Origins:
        """Everything that flows into an expression."""
        known = self._origins.get(id(node))
        if known is None:
            self._close(node, scope)
            known = self._origins[id(node)]
        return known

    def _close(self, node: ast.expr, scope: Scope) -> None:
        """Find the origins of an expression and of all that it is made of, each once.

        Expressions that flow into each other have the same origins; Tarjan's algorithm finds them, without
        recursion, and each group has its own origins and those of the groups that flow into it.
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
        result = frozenset(found)
        for key in members:
            self._origins[key] = result

    def _step(self, node: ast.expr, scope: Scope) -> tuple[frozenset[Origin], tuple[Part, ...]]:
        """The origins that an expression is by itself, and the expressions that it is made of."""
        known = self._steps.get(id(node))
        if known is None:
            own: set[Origin] = set()
            parts: list[Part] = []
            values = self._evaluator.values(node, scope)
            for value in values:
                self._of_value(value, own, parts)
            if isinstance(node, ast.Name):
                parts.extend(_stored(node.id, scope))
            if isinstance(node, ast.Call) or not values or any(_is_vague(v) for v in values):
                self._of_form(node, scope, own, parts)
            known = self._steps[id(node)] = frozenset(own), tuple(parts)
        return known

    def _of_value(self, value: Value, own: set[Origin], parts: list[Part]) -> None:
        if self._evaluator.options is not None and self._evaluator.options.fills(value):
            own.add(UNKNOWN_PLACE)  # whatever the launcher gives
        if isinstance(value, Constant):
            if isinstance(value.value, str):
                own.update(places(self._evaluator, (value,)))
        elif isinstance(value, Text | Variable):
            own.update(places(self._evaluator, (value,)))
        elif isinstance(value, OptionValue):
            own.add(Option(value.option.dest))
            own.update(places(self._evaluator, (value,)))
        elif isinstance(value, Made):
            options = self._evaluator.options
            if options is not None and options.is_namespace(value):
                # handed on whole, every option goes with it
                for option in options.all:
                    own.add(Option(option.dest))
                    own.update(places(self._evaluator, (OptionValue(option),)))
            own.add(Result(value.name, value.site.node if value.site else None))
            if value.site is not None:
                parts.extend(_of_site(value.site))
        elif isinstance(value, Instance):
            if value.site is not None:
                parts.extend((a, value.site.scope) for a in arguments(value.site.node))
        elif isinstance(value, Reference):
            if value.receiver is not None:
                self._of_value(value.receiver, own, parts)
        elif isinstance(value, Collection):
            parts.extend(_children(value.node, value.scope))
            parts.extend((s.value, s.scope) for s in self._evaluator.containers.item_stores(value))
            for site in self._evaluator.containers.in_place_calls(value):
                parts.extend((a, site.scope) for a in arguments(site.node))
        elif isinstance(value, Elements):
            for one in value.values:
                self._of_value(one, own, parts)
        elif isinstance(value, Generator):
            parts.extend((e, value.scope) for e in value.scope.returns)

    def _of_form(self, node: ast.expr, scope: Scope, own: set[Origin], parts: list[Part]) -> None:
        """What flows in by the form of the expression, where its value does not tell."""
        if isinstance(node, ast.Name):
            self._of_name(node.id, scope, own, parts)
        elif isinstance(node, ast.Call):
            parts.extend(_of_site(CallSite(node, scope, guarded=False)))
            for value in self._evaluator.values(node.func, scope):
                if isinstance(value, Function):
                    parts.extend((e, value.scope) for e in value.scope.returns)
        elif isinstance(node, ast.Attribute):
            parts.append((node.value, scope))
            if any(isinstance(v, Instance) for v in self._evaluator.values(node.value, scope)):
                for module in self._evaluator.program.modules.values():
                    parts.extend((s.value, s.scope) for s in module.attribute_stores.get(node.attr, ()))
        else:
            parts.extend(_children(node, scope))

    def _of_name(self, name: str, scope: Scope, own: set[Origin], parts: list[Part]) -> None:
        found = scope.lookup(name)
        if found is None:
            if scope.module.stars:
                own.add(UNKNOWN_PLACE)
            return
        for binding in found[1]:
            if binding.kind == "value" and binding.value is not None:
                parts.append((binding.value, binding.scope))
            elif binding.kind == "opaque" and not isinstance(binding.node, ast.ExceptHandler):
                own.add(UNKNOWN_PLACE)
            elif binding.kind == "parameter":
                assert isinstance(binding.node, ast.arg)
                given = self._of_parameter(binding.node, binding.scope)
                parts.extend(given)
                if not given:
                    own.add(UNKNOWN_PLACE)

    def _of_parameter(self, node: ast.arg, scope: Scope) -> tuple[Part, ...]:
        known = self._parameters.get(id(node))
        if known is None:
            found: list[Part] = []
            for site in self._evaluator.callers(scope):
                given = self._evaluator.argument_node(node, scope, site)
                if given is not None:
                    found.append((given, site.scope))
                elif _spreads(site.node) or is_rest(node, scope):
                    found.extend((a, site.scope) for a in arguments(site.node))
                else:
                    found.append((ast.Constant(None), site.scope))
            known = self._parameters[id(node)] = tuple(found)
        return known


def _stored(name: str, scope: Scope) -> Iterator[Part]:
    """What is put into the object of a name by ``name[key] = value`` and ``name += value``."""
    found = scope.lookup(name)
    for binding in found[1] if found else ():
        if binding.steps == (ADDED,) and binding.value is not None:
            yield binding.value, binding.scope
    for store in scope.module.subscript_stores if found else ():
        if isinstance(store.target, ast.Name) and store.target.id == name:
            holder = store.scope.lookup(name)
            if holder is not None and found is not None and holder[0] is found[0]:
                yield store.value, store.scope


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
            # what the first one goes through is evaluated outside
            yield child.iter, (inner.parent or inner) if outside else inner
            outside = False


def _spreads(node: ast.Call) -> bool:
    return any(k.arg is None for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args)


def arguments(node: ast.Call) -> Iterable[ast.expr]:
    """Every argument of a call, positional ones first."""
    yield from (a.value if isinstance(a, ast.Starred) else a for a in node.args)
    yield from (k.value for k in node.keywords)


def _is_vague(value: Value) -> bool:
    if isinstance(value, Text):
        return UNKNOWN in value.parts
    return value is UNKNOWN or value == UNKNOWN
