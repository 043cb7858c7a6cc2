"""Kinds of methods: static, class method, property; receivers and rest parameters."""

from __future__ import annotations

import ast

from flake8_training.engine.syntax.scopes import Binding, Scope


def _decorators(scope: Scope) -> list[str]:
    node = scope.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    return [
        d.attr if isinstance(d, ast.Attribute) else d.id if isinstance(d, ast.Name) else ""
        for d in node.decorator_list
    ]


def is_static(scope: Scope) -> bool:
    """Return whether a method takes no receiver."""
    return "staticmethod" in _decorators(scope)


def is_class_method(scope: Scope) -> bool:
    """Return whether a method takes its class as receiver."""
    return "classmethod" in _decorators(scope)


def is_property(scope: Scope) -> bool:
    """Return whether a method is read as an attribute."""
    return any(name in ("property", "cached_property") for name in _decorators(scope))


def is_rest(node: ast.AST, scope: Scope) -> bool:
    """Return whether a parameter is ``*args`` or ``**kwargs``."""
    arguments = getattr(scope.node, "args", None)
    return isinstance(arguments, ast.arguments) and node in (arguments.vararg, arguments.kwarg)


def receiver_name(scope: Scope) -> str | None:
    """Return the receiver's name in a method or in a function nested in it; None outside methods."""
    while scope.owner is None and scope.parent is not None and scope.kind in ("function", "lambda"):
        outer = scope.parent.function
        if outer is None:
            return None
        scope = outer
    node = scope.node
    if (
        scope.owner is None
        or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or is_static(scope)
    ):
        return None
    positional = [*node.args.posonlyargs, *node.args.args]
    return positional[0].arg if positional else None


def is_receiver(node: ast.arg, scope: Scope) -> bool:
    """Return whether a parameter is the receiver of a method."""
    return receiver_name(scope) == node.arg


def is_field(binding: Binding) -> bool:
    """Return whether a binding is an annotated assignment, such as a field of a class."""
    return isinstance(binding.node, ast.AnnAssign)
