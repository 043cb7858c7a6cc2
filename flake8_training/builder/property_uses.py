"""Where a launcher takes something from the properties of its steps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.made import PropertyUse, Step
from flake8_training.script.names import Scope

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher


def property_uses(launcher: Launcher) -> Iterator[PropertyUse]:
    """Yield the whole chains (``step.properties.A.B["c"]``) whose object is a step that the file makes."""
    module = launcher.module
    loads = [(node, scope) for scope in module.scopes for node, _ in scope.attribute_loads]
    if not any(node.attr == "properties" for node, _ in loads):
        return
    chains: list[tuple[ast.Attribute | ast.Subscript, Scope]] = [*loads, *module.subscript_loads]
    inner = {id(link.value) for link, _ in chains}
    for outermost, scope in chains:
        if id(outermost) in inner:
            continue
        path: list[ast.Attribute | ast.Subscript] = []
        node: ast.expr = outermost
        while isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Attribute) and node.attr == "properties":
                held = launcher.constructions_in(launcher.reader.given(node.value, scope))
                steps = tuple(made for made in held if isinstance(made, Step))
                if steps and len(steps) == len(held):
                    yield PropertyUse(outermost, steps, tuple(reversed(path)), scope)
                break
            path.append(node)
            node = node.value
