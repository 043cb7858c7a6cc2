"""Builder classes that lack a method.

The method is an abstract method of a base class, or one of the builder methods. Python raises if a class that lacks an
abstract method is instantiated. A class without a base class counts as a builder of training steps if it has most of
the methods of one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.problem import Problem
from flake8_training.sagemaker.near import nearest
from flake8_training.script.methods import receiver_name
from flake8_training.script.names import Scope

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

REQUIRED_METHODS = (
    "_create_estimator",
    "_prepare_hyperparameters_file",
    "_prepare_training_inputs",
    "create_step",
)
"""The methods of a builder of training steps."""

_METHODS = frozenset(REQUIRED_METHODS)
_PREPARING = frozenset(name for name in REQUIRED_METHODS if name.startswith("_prepare"))
_BUILDING = frozenset({"create_step", "_create_estimator"})
_ABSTRACT = frozenset({"abc.ABC", "abc.ABCMeta", "typing.Protocol", "typing.Generic"})
_PLAIN = frozenset({"builtins.object", "abc.ABC", "typing.Generic"})


def missing_methods(launcher: Launcher) -> Iterator[Problem]:
    """Yield the builder classes of a file that lack a method."""
    for scope in launcher.module.scopes:
        if scope.kind != "class" or not isinstance(scope.node, ast.ClassDef):
            continue
        local, foreign = launcher.evaluator.ancestry(scope)
        missing = [
            *_abstract(launcher, scope, local, foreign),
            *_incomplete(local, foreign),
        ]
        for name, node in _called(launcher, scope, local, foreign):
            if name in missing:
                continue
            near = nearest(name, _names(local))
            hint = f", did you mean {near}?" if near else ""
            yield Problem(node, f"{scope.name} calls self.{name}, which it does not have{hint}", node)
        if missing:
            detail = f"{scope.name} has no {', '.join(missing)}"
            yield Problem(scope.node, detail, scope.node)


def _abstract(launcher: Launcher, scope: Scope, local: list[Scope], foreign: list[str]) -> Iterator[str]:
    """Yield the abstract methods of local base classes that a concrete builder class does not define."""
    bases = local[1:]
    if not bases or any(name == "" or name not in _PLAIN for name in foreign):
        return
    if not any(name in base.bindings for base in bases for name in _BUILDING):
        return
    if _is_abstract(launcher, scope) or _is_derived_from(launcher, scope):
        return
    for base in bases:
        for name, bindings in base.bindings.items():
            target = bindings[-1].target
            if target is not None and _is_abstract_method(target):
                defined = [one for one in local if name in one.bindings and not _is_abstract_in(one, name)]
                if not defined:
                    yield name


def _called(
    launcher: Launcher, scope: Scope, local: list[Scope], foreign: list[str]
) -> Iterator[tuple[str, ast.AST]]:
    """Yield the methods that a builder's own methods call and that neither it nor a base class defines."""
    if any(name not in _PLAIN for name in foreign) or not _METHODS.intersection(scope.bindings):
        return
    if launcher.module.dynamic or _is_derived_from(launcher, scope):
        return
    names = _names(local)
    if names & {"__getattr__", "__getattribute__"}:
        return
    seen: set[str] = set()
    for site in launcher.module.calls:
        function = site.scope.function
        called = site.node.func
        if function is None or function.owner is not scope or not isinstance(called, ast.Attribute):
            continue
        name = called.attr
        if not isinstance(called.value, ast.Name) or called.value.id != receiver_name(function):
            continue
        if name not in names and name not in seen and not name.startswith("__"):
            if not any(launcher.program.attribute_stores(name)):
                seen.add(name)
                yield name, called


def _names(local: list[Scope]) -> set[str]:
    return {name for scope in local for name in scope.bindings}


def _is_abstract(launcher: Launcher, scope: Scope) -> bool:
    """Return whether a class is abstract: it has an abstract method or derives from ``ABC`` or ``Protocol``."""
    assert isinstance(scope.node, ast.ClassDef)
    if any(_is_abstract_in(scope, name) for name in scope.bindings):
        return True
    bases = [*scope.node.bases, *(k.value for k in scope.node.keywords if k.arg == "metaclass")]
    outside = scope.parent or scope
    return any(
        getattr(value, "name", "") in _ABSTRACT
        for node in bases
        for value in launcher.evaluator.values(node, outside)
    )


def _is_abstract_in(scope: Scope, name: str) -> bool:
    target = scope.bindings[name][-1].target
    return target is not None and _is_abstract_method(target)


def _is_abstract_method(scope: Scope) -> bool:
    if not isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any(
        (d.attr if isinstance(d, ast.Attribute) else getattr(d, "id", ""))
        in ("abstractmethod", "abstractproperty")
        for d in scope.node.decorator_list
    )


def _is_derived_from(launcher: Launcher, scope: Scope) -> bool:
    return any(
        other is not scope and other.kind == "class" and scope in launcher.evaluator.ancestry(other)[0]
        for other in launcher.program.scopes
    )


def _incomplete(local: list[Scope], foreign: list[str]) -> Iterator[str]:
    """Yield the builder methods that a class without further base classes lacks if it has most of them."""
    if len(local) > 1 or any(name not in _PLAIN for name in foreign):
        return
    yield from left_out({name for scope in local for name in scope.bindings})


def left_out(own: set[str]) -> list[str]:
    """Return the builder methods that a class with these names lacks if it has most of them, else nothing."""
    has = [name for name in REQUIRED_METHODS if name in own]
    if len(has) >= 3 or (len(has) == 2 and _PREPARING.intersection(has) and _BUILDING.intersection(has)):
        return [name for name in REQUIRED_METHODS if name not in own]
    return []


def looks_like_builder(scope: Scope) -> bool:
    """Return whether a class has at least two of the builder methods."""
    return scope.kind == "class" and len(_METHODS.intersection(scope.bindings)) >= 2
