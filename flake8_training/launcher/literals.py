"""Search for the literal of an expression, and its evaluation to a Python value."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import (
    Class,
    Collection,
    Constant,
    Frame,
    Function,
    Instance,
    LibraryObject,
    OptionValue,
)
from flake8_training.launcher.located_expressions import LocatedExpression

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface

_MAX_STEPS = 80
_MAX_NESTING = 12
_MAX_ELEMENTS = 2000
_LocatedNode = tuple[ast.expr, Scope, Frame | None]


class Untold:
    """The Python value of an expression that cannot be evaluated."""

    def __repr__(self) -> str:
        return "?"


UNTOLD_VALUE: Final = Untold()


def literal(launcher: LauncherInterface, expression: LocatedExpression, value: object) -> ast.expr | None:
    """Return the literal, where a finding can stand, through which an expression has this value, or None."""
    todo: list[_LocatedNode] = [(expression.node, expression.scope, expression.frame)]
    wanted = Constant(value)
    seen: set[int] = set()
    while todo and len(seen) < _MAX_STEPS:
        node, scope, frame = todo.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ast.Constant):
            if Constant(node.value) == wanted and launcher.is_reported(scope.module):
                return node
            continue
        for inner in _sources(launcher, node, scope, frame):
            if isinstance(inner[0], ast.Constant) or _holds(launcher, inner, wanted):
                todo.append(inner)
    return None


def _holds(launcher: LauncherInterface, place: _LocatedNode, wanted: Constant) -> bool:
    """Return whether the value can come from this expression. A non-constant value may hide it in a default."""
    values = launcher.evaluator.values(*place)
    return any(value == wanted or not isinstance(value, Constant) for value in values)


def _sources(
    launcher: LauncherInterface, node: ast.expr, scope: Scope, frame: Frame | None
) -> Iterator[_LocatedNode]:
    """Yield the expressions from which an expression takes its values."""
    for value in launcher.evaluator.undecided(node, scope, frame):
        if isinstance(value, OptionValue) and value.option.default is not None:
            yield value.option.default, value.option.scope, None
    if isinstance(node, ast.Name):
        yield from _of_name(launcher, node, scope, frame)
    elif isinstance(node, ast.Attribute):
        yield from _of_attribute(launcher, node, scope, frame)
    elif isinstance(node, ast.IfExp):
        yield from ((node.body, scope, frame), (node.orelse, scope, frame))
    elif isinstance(node, ast.BoolOp):
        yield from ((part, scope, frame) for part in node.values)
    elif isinstance(node, ast.NamedExpr | ast.Starred):
        yield node.value, scope, frame
    elif isinstance(node, ast.Subscript):
        yield from _of_item(launcher, node, scope, frame)
    elif isinstance(node, ast.Call):
        for value in launcher.evaluator.values(node.func, scope, frame):
            if isinstance(value, Function):
                yield from ((result, value.scope, None) for result in value.scope.returns)
        yield from ((argument, scope, frame) for argument in node.args)
        yield from ((keyword.value, scope, frame) for keyword in node.keywords if keyword.arg)


def _of_name(
    launcher: LauncherInterface, node: ast.Name, scope: Scope, frame: Frame | None
) -> Iterator[_LocatedNode]:
    found = scope.lookup(node.id)
    if found is None:
        return
    owner, bindings = found
    for binding in launcher.evaluator.order(scope.module).reaching(bindings, owner, node, scope):
        if binding.value is not None:
            yield binding.value, binding.scope, frame
        elif isinstance(binding.node, ast.arg):
            function = binding.scope
            for site in launcher.evaluator.callers(function):
                passed = launcher.evaluator.argument_node(binding.node, function, site)
                if passed is not None:
                    yield passed, site.scope, None
            arguments = getattr(function.node, "args", None)
            if isinstance(arguments, ast.arguments):
                defaults = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
                yield from ((default, function.parent or function, None) for default in defaults)


def _of_attribute(
    launcher: LauncherInterface, node: ast.Attribute, scope: Scope, frame: Frame | None
) -> Iterator[_LocatedNode]:
    for value in launcher.evaluator.values(node.value, scope, frame):
        if isinstance(value, Instance | Class):
            for owner in launcher.evaluator.ancestry(value.scope)[0]:
                for binding in owner.bindings.get(node.attr, ()):
                    if binding.value is not None:
                        yield binding.value, owner, None
    for store in launcher.module.attribute_stores.get(node.attr, ()):
        yield store.value, store.scope, None


def _of_item(
    launcher: LauncherInterface, node: ast.Subscript, scope: Scope, frame: Frame | None
) -> Iterator[_LocatedNode]:
    keys = launcher.evaluator.values(node.slice, scope, frame)
    if len(keys) == 1 and isinstance(keys[0], Constant):
        entries = launcher.reader.entries(LocatedExpression(node.value, scope, frame, launcher.evaluator))
        for entry in entries.all(str(keys[0].value)):
            yield entry.expression.node, entry.expression.scope, entry.expression.frame


def plain(launcher: LauncherInterface, expression: LocatedExpression, depth: int = 0) -> object:
    """Return the Python value of an expression, or ``UNTOLD_VALUE`` if it is not certain.

    Evaluated are constants, dicts, lists and tuples of them, and ``json.dumps`` of these.
    """
    values = expression.values
    if len(values) != 1 or depth > _MAX_NESTING:
        return UNTOLD_VALUE
    value = values[0]
    if isinstance(value, Constant):
        return value.value
    if isinstance(value, LibraryObject) and value.name == "json.dumps()" and value.site is not None:
        return _dumped(launcher, value, depth)
    if not isinstance(value, Collection):
        return UNTOLD_VALUE
    if isinstance(value.node, ast.List | ast.Tuple):
        elements = launcher.elements(value)
        if elements is None or len(elements) > _MAX_ELEMENTS:
            return UNTOLD_VALUE
        items = [plain(launcher, element, depth + 1) for element in elements]
        return UNTOLD_VALUE if any(isinstance(item, Untold) for item in items) else items
    entries = launcher.reader.entries_of(values)
    if entries.open_ended or not all(e.certain and not e.encoding for e in entries):
        return UNTOLD_VALUE
    found = {entry.name: plain(launcher, entry.expression, depth + 1) for entry in entries}
    return UNTOLD_VALUE if any(isinstance(item, Untold) for item in found.values()) else found


def _dumped(launcher: LauncherInterface, value: LibraryObject, depth: int) -> object:
    assert value.site is not None
    call = value.site.node
    if len(call.args) != 1 or call.keywords:
        return UNTOLD_VALUE
    inner = plain(
        launcher, launcher.reader.expression(call.args[0], value.site.scope, value.frame), depth + 1
    )
    if isinstance(inner, Untold):
        return inner
    try:
        return json.dumps(inner)
    except (TypeError, ValueError, RecursionError):
        return UNTOLD_VALUE
