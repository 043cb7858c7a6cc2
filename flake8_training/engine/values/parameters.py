"""Values of parameters: the arguments of a function's calls, and defaults.

The calls of a function are found by its name, then confirmed by resolving the name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.method_kinds import is_receiver, is_rest, is_static
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import (
    FROM_OUTSIDE,
    OF_OPEN_MAPPING,
    Class,
    Frame,
    Function,
    Instance,
    LibraryObject,
    Reference,
    Value,
    Values,
)

if TYPE_CHECKING:
    from flake8_training.engine.syntax.scopes import CallSite, Scope
    from flake8_training.engine.values.interface import EvaluatorInterface


class Parameters:
    """The parameters of one program's functions."""

    def __init__(self, evaluator: EvaluatorInterface) -> None:
        self._evaluator = evaluator
        self._callers: dict[Scope, list[CallSite]] = {}
        self._escapes: dict[str, bool] | None = None

    def values(self, node: ast.arg, scope: Scope, frame: Frame | None) -> Iterable[Value]:
        """Return the values of a parameter: in the call ``frame`` if it is one of this function, else in all calls."""
        owner = scope.owner
        if owner is not None and is_receiver(node, scope):
            if frame is not None and frame.function is scope and frame.bound is not None:
                return (frame.bound,)
            return (Instance(owner),)
        if frame is not None and frame.function is scope:
            return self._argument(node, scope, frame.site, frame.caller)
        found: list[Value] = []
        if self._evaluator.options is not None:
            found.extend(self._evaluator.options.parameter_value(scope, node.arg))
        callers = self.callers(scope)
        if found and not callers:
            return found
        for site in callers:
            found.extend(self._argument(node, scope, site, None))
        if not callers or self.escapes(scope):
            found.extend(self._passed_on(node, scope))
            found.extend(self._default(node, scope))
            found.extend(self._annotated(node, scope))
        return found or (FROM_OUTSIDE,)

    def _annotated(self, node: ast.arg, scope: Scope) -> Values:
        """Return the values that a parameter's annotation allows, for an argument that no visible call passes."""
        if node.annotation is None or scope.parent is None or isinstance(node.annotation, ast.Constant):
            return (FROM_OUTSIDE,)
        for value in self._evaluator.values(node.annotation, scope.parent):
            if isinstance(value, Class):
                return (Instance(value.scope),)
            if isinstance(value, Reference) and not value.name.startswith(("builtins.", "typing.")):
                return (LibraryObject(f"{value.name}()"), FROM_OUTSIDE)
        return (FROM_OUTSIDE,)

    def _argument(self, node: ast.arg, scope: Scope, site: CallSite, caller: Frame | None) -> Iterable[Value]:
        """Return the values that one call passes for a parameter."""
        passed = self.argument_node(node, scope, site)
        if passed is not None:
            return self._evaluator.values(passed, site.scope, caller)
        if any(isinstance(a, ast.Starred) for a in site.node.args) or is_rest(node, scope):
            return (OF_OPEN_MAPPING,)
        spread: list[Value] = []
        for keyword in site.node.keywords:
            if keyword.arg is None:
                for value in self._evaluator.values(keyword.value, site.scope, caller):
                    spread.extend(self._evaluator.item(value, node.arg))
        return spread or self._default(node, scope)

    def argument_node(self, node: ast.arg, scope: Scope, site: CallSite) -> ast.expr | None:
        """Return the expression that a call passes for a parameter; None for a default, ``*args`` or ``**kwargs``."""
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for keyword in site.node.keywords:
            if keyword.arg == node.arg:
                return keyword.value
        positional = [*scope.node.args.posonlyargs, *scope.node.args.args]
        if scope.owner is not None and not is_static(scope) and not self._is_unbound(scope, site):
            positional = positional[1:]
        if node in positional:
            index = positional.index(node)
            passed = site.node.args[: index + 1]
            if len(passed) > index and not any(isinstance(a, ast.Starred) for a in passed):
                return passed[index]
        return None

    def _is_unbound(self, scope: Scope, site: CallSite) -> bool:
        """Return whether a method is called through its class, with its receiver as the first argument."""
        return isinstance(site.node.func, ast.Attribute) and any(
            isinstance(v, Function) and v.scope is scope and v.bound is None
            for v in self._evaluator.values(site.node.func, site.scope)
        )

    def _default(self, node: ast.arg, scope: Scope) -> Values:
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        arguments = scope.node.args
        outside = scope.parent or scope
        positional = [*arguments.posonlyargs, *arguments.args]
        if node in positional:
            index = positional.index(node) - (len(positional) - len(arguments.defaults))
            return self._evaluator.values(arguments.defaults[index], outside) if index >= 0 else ()
        if node in arguments.kwonlyargs:
            default = arguments.kw_defaults[arguments.kwonlyargs.index(node)]
            return self._evaluator.values(default, outside) if default is not None else ()
        return ()

    def callers(self, scope: Scope) -> list[CallSite]:
        """Return the calls of a function of the program, found by name and confirmed by resolving the name."""
        known = self._callers.get(scope)
        if known is not None:
            return known
        self._callers[scope] = []
        owner = scope.owner
        names = {scope.name} if scope.kind == "function" else _names_of(scope)
        if owner is not None and scope.name in ("__init__", "__call__", "__new__"):
            names = {"__init__"} | {s.name for s in self.heirs(owner)}
        names |= {other for name in names for other in self._other_names.get(name, ())}
        sites = self._evaluator.program.all_calls(*names) if names else ()
        found = [site for site in sites if self._is_call_of(site, scope)]
        self._callers[scope] = found
        return found

    @cached_property
    def _other_names(self) -> dict[str, set[str]]:
        """Other names that each name is bound to: ``from m import f as g``, ``g = f``, ``g = a.f``."""
        found: dict[str, set[str]] = {}
        for scope in self._evaluator.program.scopes:
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    own = binding.dotted.rpartition(".")[2]
                    if binding.value is not None and not binding.steps:
                        own = last_name(binding.value)
                    if own and own != name:
                        found.setdefault(own, set()).add(name)
        return found

    def heirs(self, owner: Scope) -> list[Scope]:
        """Return a class and the local classes that derive from it."""
        ancestry = self._evaluator.ancestry
        return [
            owner,
            *(
                scope
                for scope in self._evaluator.program.scopes
                if scope.kind == "class" and scope is not owner and owner in ancestry(scope)[0]
            ),
        ]

    def _is_call_of(self, site: CallSite, scope: Scope) -> bool:
        if scope.owner is None and isinstance(site.node.func, ast.Name):
            found = site.scope.lookup(site.node.func.id)
            if found is not None and any(b.target is scope for b in found[1]):
                return True
        for value in self._evaluator.values(site.node.func, site.scope):
            if isinstance(value, Function) and value.scope is scope:
                return True
            if isinstance(value, Class) and self._evaluator.method(value.scope, "__init__") is scope:
                return True
        return False

    def escapes(self, scope: Scope) -> bool:
        """Return whether a function is also used as an argument of a call (a callback, a target of a spawn)."""
        if self._escapes is None:
            self._escapes = {}
            for site in self._evaluator.program.all_calls():
                for argument in (*site.node.args, *(k.value for k in site.node.keywords)):
                    if isinstance(argument, ast.Name | ast.Attribute):
                        name = argument.id if isinstance(argument, ast.Name) else argument.attr
                        self._escapes[name] = True
        return scope.name in self._escapes

    @cached_property
    def _handing_on(self) -> dict[str, list[CallSite]]:
        """The calls with an argument that is a mere name, by that name."""
        found: dict[str, list[CallSite]] = {}
        for site in self._evaluator.program.all_calls():
            received = (*site.node.args, *(k.value for k in site.node.keywords))
            for name in {a.id for a in received if isinstance(a, ast.Name)}:
                found.setdefault(name, []).append(site)
        return found

    def _passed_on(self, node: ast.arg, scope: Scope) -> Iterable[Value]:
        """Return arguments passed next to a function: ``spawn(f, args=(a,))``, ``partial(f, a)``."""
        if not self.escapes(scope) or scope.owner is not None:
            return ()
        assert isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        names = [a.arg for a in (*scope.node.args.posonlyargs, *scope.node.args.args)]
        found: list[Value] = []
        for site in self._handing_on.get(scope.name, ()):
            position = next(
                (i for i, a in enumerate(site.node.args) if isinstance(a, ast.Name) and a.id == scope.name),
                None,
            )
            passed = [k.value for k in site.node.keywords if k.arg == "args"]
            targets = [
                k for k in site.node.keywords if isinstance(k.value, ast.Name) and k.value.id == scope.name
            ]
            if position is None and not targets:
                continue
            if not passed and position is not None:
                rest = site.node.args[position + 1 :]
                passed = list(rest[:1]) if rest and isinstance(rest[0], ast.Tuple) else []
                partial = isinstance(site.node.func, ast.Name | ast.Attribute) and (
                    (getattr(site.node.func, "attr", "") or getattr(site.node.func, "id", "")) == "partial"
                )
                if partial:
                    pairs = dict(zip(names, rest, strict=False))
                    pairs |= {k.arg: k.value for k in site.node.keywords if k.arg}
                    if node.arg in pairs:
                        found.extend(self._evaluator.values(pairs[node.arg], site.scope))
                    continue
            for tuple_ in passed:
                if isinstance(tuple_, ast.Tuple | ast.List) and node.arg in names:
                    # A spawn passes the process number first.
                    offset = len(names) - len(tuple_.elts)
                    index = names.index(node.arg) - max(offset, 0)
                    if 0 <= index < len(tuple_.elts):
                        found.extend(self._evaluator.values(tuple_.elts[index], site.scope))
        return found


def _names_of(scope: Scope) -> set[str]:
    """Return the names that a lambda is bound to in its parent scope."""
    outside = scope.parent.bindings if scope.parent else {}
    return {name for name, bindings in outside.items() if any(b.value is scope.node for b in bindings)}
