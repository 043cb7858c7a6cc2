"""The evaluator of launchers.

Unlike the evaluator of scripts it resolves names by statement order, computes numbers, and knows the paths of this
machine. A training script is evaluated for every way it may run; a launcher from top to bottom.
"""

from __future__ import annotations

import ast
import operator
import os
from collections.abc import Callable, Iterable

from flake8_training.engine.syntax.dict_forms import COPIES, copied
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import Binding, CallSite, ModuleIndex, Scope
from flake8_training.engine.values.attributes import Objects
from flake8_training.engine.values.containers import Containers
from flake8_training.engine.values.evaluator import Evaluator
from flake8_training.engine.values.located_dicts import LocatedDicts
from flake8_training.engine.values.reaching_bindings import ReachingBindings
from flake8_training.engine.values.values import (
    DICTS,
    UNKNOWN,
    Collection,
    Constant,
    Frame,
    Instance,
    OptionValue,
    Reference,
    StringTemplate,
    Value,
    Values,
    Variable,
)

_Number = int | float
_OPERATORS: dict[type[ast.operator], Callable[[_Number, _Number], _Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_LARGEST = 10**15
_HERE = frozenset({"os.getcwd", "pathlib.Path.cwd"})
_PARSERS = frozenset({"json.loads", "ast.literal_eval", "yaml.safe_load"})
"""Calls whose result depends on the content of a string: the result is unknown."""
_NUMBERS = frozenset({"builtins.int", "builtins.float"})


class LauncherEvaluator(Evaluator):
    """Evaluates the expressions of a launcher."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.containers = _LauncherContainers(self)
        self.dicts = LocatedDicts(self, self._always_runs)
        self.objects = _LauncherObjects(self)
        self._orders: dict[ModuleIndex, ReachingBindings] = {}

    def order(self, module: ModuleIndex) -> ReachingBindings:
        """Return the statement order of a module."""
        known = self._orders.get(module)
        if known is None:
            known = self._orders[module] = ReachingBindings(module)
        return known

    def _always_runs(self, target: ast.Name, value: Collection) -> bool:
        """Return whether a change of a dict is in a block around that of the dict."""
        return self.order(value.scope.module).same_block(target, value.node)

    def _evaluate(self, node: ast.expr, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        if isinstance(node, ast.Name):
            if node.id == "__file__" and scope.module.path:
                return (Constant(os.path.abspath(scope.module.path)),)
            found = scope.lookup(node.id)
            if found is not None and len(found[1]) > 1:
                owner, bindings = found
                reaching = self.order(scope.module).reaching(bindings, owner, node, scope)
                return self.bound(reaching, owner, frame)
        elif isinstance(node, ast.BinOp):
            computed = self._computed(node, scope, frame)
            if computed:
                return computed
        return super()._evaluate(node, scope, frame)

    def _computed(self, node: ast.BinOp, scope: Scope, frame: Frame | None) -> Values:
        """Return the results of arithmetic such as ``24 * 60 * 60``; empty if an operand is not a number."""
        compute = _OPERATORS.get(type(node.op))
        if compute is None:
            return ()
        left, right = self.values(node.left, scope, frame), self.values(node.right, scope, frame)
        if not (_are_numbers(left) and _are_numbers(right)):
            return ()
        found: list[Value] = []
        for one in left[:4]:
            for other in right[:4]:
                assert isinstance(one, Constant)
                assert isinstance(other, Constant)
                try:
                    result = compute(one.value, other.value)  # type: ignore[arg-type]
                except (ArithmeticError, ValueError):
                    return ()
                if abs(result) > _LARGEST:
                    return ()
                found.append(Constant(result))
        return tuple(found)

    @staticmethod
    def _added(before: list[Value], more: Values) -> list[Value]:
        if any(isinstance(v, Constant) and not isinstance(v.value, str) for v in (*before, *more)):
            return [UNKNOWN]
        return Evaluator._added(before, more)

    def _library_result(self, value: Reference, site: CallSite | None, frame: Frame | None) -> Values:
        if value.name in _PARSERS and site is not None:
            return (UNKNOWN,)
        if value.name == "builtins.str" and site is not None and len(site.node.args) == 1:
            return tuple(_as_string(v) for v in self.values(site.node.args[0], site.scope, frame))
        if value.name in _NUMBERS and site is not None:
            # An environment variable or an option holds a string; the number is another value.
            found = super()._library_result(value, site, frame)
            return tuple(UNKNOWN if isinstance(v, Variable | OptionValue) else v for v in found)
        if value.name in _HERE:
            return (Constant("."),)
        if value.name in COPIES and site is not None:
            copied = value.receiver
            sources = [copied] if isinstance(copied, Collection) else []
            if not sources and site.node.args:
                sources = [
                    v for v in self.values(site.node.args[0], site.scope, frame) if isinstance(v, Collection)
                ]
            if any(isinstance(v.node, DICTS) for v in sources):
                return (Collection(site.node, site.scope, frame),)
        return super()._library_result(value, site, frame)


class _LauncherObjects(Objects):
    """Attributes of objects; a field of an object that other code constructs is unknown, despite its default."""

    def _field(self, value: Instance, scope: Scope, binding: Binding, name: str) -> Iterable[Value]:
        return super()._field(value, scope, binding, name) if value.site is not None else (UNKNOWN,)


class _LauncherContainers(Containers):
    """Containers in which a copy of a dict is a dict of its own entries."""

    def _collection_item(self, value: Collection, key: str | int) -> Values:
        node = value.node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords:
            source = copied(node)
            if source is not None and isinstance(key, str):
                inner = self._evaluator.values(source, value.scope, value.frame)
                stored = tuple(self._stored_items(value, key))
                return (*stored, *(r for v in inner for r in self.item(v, key)))
        return super()._collection_item(value, key)


def _as_string(value: Value) -> Value:
    """Return the value of ``str()`` of a value."""
    if isinstance(value, Constant):
        return Constant(str(value.value))
    return value if isinstance(value, StringTemplate | Variable | OptionValue) else StringTemplate((UNKNOWN,))


def _are_numbers(values: Values) -> bool:
    return bool(values) and all(
        isinstance(v, Constant) and isinstance(v.value, int | float) and not isinstance(v.value, bool)
        for v in values
    )
