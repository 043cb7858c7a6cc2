"""Attributes of the program's classes and instances.

Bases are followed across the program's modules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.excluded_values import replaced
from flake8_training.engine.syntax.method_kinds import is_class_method, is_field, is_property, receiver_name
from flake8_training.engine.values.values import (
    FROM_OUTSIDE,
    MAX_FRAMES,
    OF_UNKNOWN_CODE,
    UNKNOWN,
    Class,
    Frame,
    Function,
    Instance,
    Module,
    Reference,
    Value,
    Values,
    distinct,
    is_empty,
    without,
)

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import Binding, Scope, Store
    from flake8_training.engine.values.interface import EvaluatorInterface


class Objects:
    """The classes of one program and their instances."""

    def __init__(self, evaluator: EvaluatorInterface) -> None:
        self._evaluator = evaluator

    def ancestry(self, owner: Scope) -> tuple[list[Scope], list[str]]:
        """Return a class with its local bases, itself first, and the names of its library bases ("" if unknown)."""
        local: list[Scope] = []
        foreign: list[str] = []
        todo = [owner]
        while todo and len(local) < 30:
            scope = todo.pop(0)
            if scope in local:
                continue
            local.append(scope)
            assert isinstance(scope.node, ast.ClassDef)
            for base in scope.node.bases:
                for value in self._evaluator.values(base, scope.parent or scope):
                    if isinstance(value, Class):
                        todo.append(value.scope)
                    elif isinstance(value, Reference):
                        foreign.append(value.name)
                    else:
                        foreign.append("")
        return local, foreign

    def method(self, owner: Scope, name: str) -> Scope | None:
        """Return the function that a method name resolves to in a class or its local bases, or None."""
        for scope in self.ancestry(owner)[0]:
            for binding in scope.bindings.get(name, ()):
                if binding.target is not None and binding.target.kind == "function":
                    return binding.target
        return None

    def class_attribute(self, value: Class, name: str) -> Values:
        """Return the values of an attribute of a class, with what other code stores in it."""
        local, foreign = self.ancestry(value.scope)
        for scope in local:
            bindings = scope.bindings.get(name)
            if bindings:
                found = self._evaluator.bound_once(bindings, scope)
                return (
                    *(
                        Function(v.scope, Instance(value.scope))
                        if isinstance(v, Function) and is_class_method(v.scope)
                        else v
                        for v in found
                    ),
                    *self.stored_from_outside(local, name),
                )
        stored = tuple(self.stored_from_outside(local, name))
        if stored:
            return stored
        return tuple(Reference(f"{base}.{name}") if base else OF_UNKNOWN_CODE for base in foreign) or (
            UNKNOWN,
        )

    def stored_from_outside(self, owners: Sequence[Scope | str], name: str) -> Iterator[Value]:
        """Yield the values of ``X.name = ...``, where X is one of these classes or modules."""
        for store in self._evaluator.program.attribute_stores(name):
            function = store.scope.function
            own = function is not None and is_class_method(function) and function.owner in owners
            targets = self._evaluator.values(store.target, store.scope)
            if own or any(
                (isinstance(v, Class) and v.scope in owners) or (isinstance(v, Module) and v.name in owners)
                for v in targets
            ):
                values = self._evaluator.values(store.value, store.scope)
                yield from self._evaluator.stepped(values, store.steps)

    def inherited(self, scope: Scope, name: str) -> Values:
        """Return the values of ``super().name`` in ``scope``."""
        owner: Scope | None = scope
        while owner is not None and owner.kind != "class":
            owner = owner.parent
        if owner is None:
            return (UNKNOWN,)
        local, foreign = self.ancestry(owner)
        for base in local[1:]:
            for binding in base.bindings.get(name, ()):
                if binding.target is not None and binding.target.kind == "function":
                    return (Function(binding.target, Instance(owner)),)
        return tuple(
            Reference(f"{base}().{name}", Instance(owner)) if base else OF_UNKNOWN_CODE for base in foreign
        ) or (Reference(f"builtins.object().{name}"),)

    def instance_attribute(self, value: Instance, name: str) -> Values:
        """Return the values of an attribute of an instance: bindings of its class, fields, options and stores."""
        if name == "__dict__":
            return (value,)
        local, foreign = self.ancestry(value.scope)
        found: list[Value] = []
        for scope in local:
            bindings = scope.bindings.get(name)
            if not bindings:
                continue
            target = bindings[-1].target
            if target is not None and target.kind == "function":
                if is_property(target):
                    return self._evaluator.returned(target, None)
                return (Function(target, value),)
            if is_field(bindings[-1]):
                found.extend(self._field(value, scope, bindings[-1], name))
            else:
                found.extend(self._evaluator.bound_once(bindings, scope))
            break
        if self._evaluator.options is not None and value.site is None:
            # If no call builds the object visibly, a parser may fill it: options know the classes that one fills.
            found = list(self._evaluator.options.field_value(local, name)) or found
        found.extend(self._stored_attribute(value, local, name))
        if not found and value.site is None:
            # A method's receiver may be an instance of a class that derives from the method's class.
            for heir in self._evaluator.heirs(value.scope)[1:]:
                target = next((b.target for b in heir.bindings.get(name, ()) if b.target is not None), None)
                if target is not None and target.kind == "function" and not is_property(target):
                    found.append(Function(target, Instance(heir)))
        if found:
            return distinct(self._without_replaced(found, value, local, name))
        if any(base.startswith("lightning.pytorch.") for base in foreign):
            kept = self._kept_by_lightning(value, local, name)
            if kept:
                return kept
        return tuple(
            Reference(f"{base}().{name}", value) if base else OF_UNKNOWN_CODE for base in foreign
        ) or (UNKNOWN,)

    def _kept_by_lightning(self, value: Instance, local: list[Scope], name: str) -> Values:
        """Return ``self.hparams.x``, where Lightning's ``save_hyperparameters`` keeps the constructor's arguments."""
        if name == "hparams":
            return (value,)
        constructor = self.method(value.scope, "__init__")
        parameter = constructor.bindings.get(name) if constructor is not None else None
        if constructor is None or not parameter or parameter[0].kind != "parameter":
            return ()
        return tuple(
            self._evaluator.bound(
                parameter[:1], constructor, self._constructed(value, constructor, value.frame)
            )
        )

    def _stored_attribute(self, value: Instance, local: list[Scope], name: str) -> Iterator[Value]:
        """Yield the values of ``self.name = ...`` and ``obj.name = ...``."""
        for store, inner in self._stores(value, local, name):
            yield from self._evaluator.stepped(
                self._evaluator.values(store.value, store.scope, inner), store.steps
            )

    def _stores(self, value: Instance, local: list[Scope], name: str) -> Iterator[tuple[Store, Frame | None]]:
        """Yield the stores to an attribute of an instance, with the frame of the call that builds the instance."""
        for store in self._evaluator.program.attribute_stores(name):
            function = store.scope.function
            receiver = receiver_name(function) if function else None
            own = isinstance(store.target, ast.Name) and store.target.id == receiver
            if own:
                if function is not None and (
                    function.owner in local or value.scope in self._related(function.owner)
                ):
                    yield store, self._constructed(value, function, value.frame)
            elif any(
                isinstance(v, Instance | Class) and v.scope in local
                for v in self._evaluator.values(store.target, store.scope)
            ):
                yield store, None

    def _without_replaced(
        self, found: list[Value], value: Instance, local: list[Scope], name: str
    ) -> list[Value]:
        """Return the values of an attribute without the empty ones that a store replaces."""
        if len(found) > 1 and any(is_empty(one) for one in found):
            for store, _ in self._stores(value, local, name):
                if not store.steps:
                    found = without(found, replaced(store.scope.module.tree, store.value))
        return found

    def _related(self, owner: Scope | None) -> list[Scope]:
        return self.ancestry(owner)[0] if owner is not None else []

    def _constructed(self, value: Instance, function: Scope, frame: Frame | None) -> Frame | None:
        """Return the frame of ``__init__``, or of a function that it calls, in the call that builds an instance."""
        if value.site is None or function.name != "__init__":
            return None
        depth = frame.depth + 1 if frame else 0
        constructor = self.method(value.scope, "__init__")
        if depth >= MAX_FRAMES or constructor is None:
            return None
        construction = Frame(constructor, value.site, frame, None, depth)
        if constructor is function:
            return construction
        for site in self._evaluator.callers(function):
            if site.scope.function is constructor and depth + 1 < MAX_FRAMES:
                return Frame(function, site, construction, None, depth + 1)
        return None

    def _field(self, value: Instance, scope: Scope, binding: Binding, name: str) -> Iterable[Value]:
        """Return the values of a dataclass-like field: the argument of the constructor call, else its default."""
        if value.site is not None:
            for keyword in value.site.node.keywords:
                if keyword.arg == name:
                    return self._evaluator.values(keyword.value, value.site.scope, value.frame)
            order = [n for n, b in scope.bindings.items() if is_field(b[-1])]
            index = order.index(name)
            arguments = value.site.node.args
            if index < len(arguments) and not any(isinstance(a, ast.Starred) for a in arguments[: index + 1]):
                return self._evaluator.values(arguments[index], value.site.scope, value.frame)
        if binding.value is None:
            return (FROM_OUTSIDE,)
        if isinstance(binding.value, ast.Call):
            for keyword in binding.value.keywords:
                if keyword.arg == "default":
                    return self._evaluator.values(keyword.value, scope)
                if keyword.arg == "default_factory":
                    return [
                        r
                        for v in self._evaluator.values(keyword.value, scope)
                        for r in self._evaluator.result(v, None, None)
                    ]
        return self._evaluator.values(binding.value, scope)
