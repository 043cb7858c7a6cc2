"""Reads of step properties in a launcher."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.launcher.sdk_objects import PropertyUse, Step

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface


_MOST_NAMES = 4


def property_uses(launcher: LauncherInterface) -> Iterator[PropertyUse]:
    """Yield the whole chains (``step.properties.A.B["c"]``) on a step that the file constructs."""
    module = launcher.module
    loads = [(node, scope) for scope in module.scopes for node, _ in scope.attribute_loads]
    chains: list[tuple[ast.Attribute | ast.Subscript, Scope]] = [*loads, *module.subscript_loads]
    inner = {id(link.value) for link, _ in chains}
    for outermost, around in chains:
        if id(outermost) in inner:
            continue
        scope = around
        path: list[ast.Attribute | ast.Subscript] = []
        node: ast.expr = outermost
        steps_left = _MOST_NAMES
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Name):
            if isinstance(node, ast.Name):
                bound = _bound(launcher, node, scope)
                if bound is None or not path or not steps_left:
                    break
                steps_left -= 1
                node, scope = bound
                continue
            if isinstance(node, ast.Attribute) and node.attr == "properties":
                held = launcher.constructions_in(launcher.reader.expression(node.value, scope))
                steps = tuple(step for step in held if isinstance(step, Step))
                if steps and len(steps) == len(held):
                    yield PropertyUse(outermost, steps, tuple(reversed(path)), around)
                break
            path.append(node)
            node = node.value


def _bound(launcher: LauncherInterface, node: ast.Name, scope: Scope) -> tuple[ast.expr, Scope] | None:
    """Return the path that a name is bound to (``outputs = step.properties.A``); None for any other binding."""
    found = scope.lookup(node.id)
    if found is None:
        return None
    owner, bindings = found
    reaching = launcher.evaluator.order(scope.module).reaching(bindings, owner, node, scope)
    value = reaching[0].value if len(reaching) == 1 and not reaching[0].steps else None
    return (value, reaching[0].scope) if isinstance(value, ast.Attribute | ast.Subscript) else None
