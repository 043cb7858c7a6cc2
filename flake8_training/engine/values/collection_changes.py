"""Changes of collections in one module, by the collection that they change."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from flake8_training.engine.values.values import Collection

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.engine.values.interface import EvaluatorInterface

ANY_KEY: Final = object()
"""The key of a change that may concern any item."""

C = TypeVar("C")


class _Target(Generic[C]):
    """A name, or an attribute of one, in one scope, whose collection is changed: the same collection each time."""

    def __init__(self, node: ast.expr, scope: Scope) -> None:
        self.node = node
        self.scope = scope
        self.nodes: set[int] = set()
        """The identities of the displays and calls that the name is bound to directly."""
        self.by_key: dict[Hashable, list[tuple[int, C]]] = {}

    def changes(self, key: Hashable) -> list[tuple[int, C]]:
        if key is ANY_KEY:
            return [change for changes in self.by_key.values() for change in changes]
        return [*self.by_key.get(key, ()), *self.by_key.get(ANY_KEY, ())]


class Changes(Generic[C]):
    """The changes of one module, grouped by target, so that each target is evaluated once for each query."""

    def __init__(self, evaluator: EvaluatorInterface) -> None:
        self._evaluator = evaluator
        self._targets: dict[Hashable, _Target[C]] = {}
        self._bound: dict[int, list[_Target[C]]] = {}
        self._evaluated: list[_Target[C]] = []
        self._number = 0

    def add(self, change: C, node: ast.expr, scope: Scope, key: Hashable = ANY_KEY) -> None:
        """Add the next change in the order of the source: of ``node[key]``, or of the whole ``node``."""
        self._number += 1
        target = self._target(node, scope)
        if target is not None:
            target.by_key.setdefault(key, []).append((self._number, change))

    def of(self, value: Collection, key: Hashable = ANY_KEY) -> list[C]:
        """Return the changes that may concern this collection, and the item with this key."""
        found: list[tuple[int, C]] = []
        for target in self._bound.get(id(value.node), ()):
            found.extend(target.changes(key))
        if self._evaluator.budget.follow(len(self._evaluated) + len(found)):
            for target in self._evaluated:
                changes = target.changes(key) if id(value.node) not in target.nodes else ()
                if changes and self._is_same(target, value):
                    found.extend(changes)
        return [change for _, change in sorted(found, key=lambda numbered: numbered[0])]

    def _is_same(self, target: _Target[C], value: Collection) -> bool:
        values = self._evaluator.values(target.node, target.scope)
        return any(isinstance(v, Collection) and v.node is value.node for v in values)

    def _target(self, node: ast.expr, scope: Scope) -> _Target[C] | None:
        from flake8_training.engine.values.values import DISPLAYS

        if isinstance(node, ast.Name):
            found = scope.lookup(node.id)
            if found is None:
                return None
            place: Hashable = id(found[1])
            known = self._targets.get(place)
            if known is None:
                known = self._targets[place] = _Target(node, scope)
                for binding in found[1]:
                    if (
                        binding.value is not None
                        and not binding.steps
                        and id(binding.value) not in known.nodes
                    ):
                        known.nodes.add(id(binding.value))
                        self._bound.setdefault(id(binding.value), []).append(known)
                if not all(isinstance(b.value, DISPLAYS) and not b.steps for b in found[1]):
                    self._evaluated.append(known)
            return known
        if not isinstance(node, ast.Attribute | ast.Subscript):
            return None
        place = id(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            place = id(scope), node.value.id, node.attr
        known = self._targets.get(place)
        if known is None:
            known = self._targets[place] = _Target(node, scope)
            self._evaluated.append(known)
        return known
