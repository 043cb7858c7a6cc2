"""Aliases of the outputs that a specification declares.

Example: ``OutputSpec(logical_name=..., aliases=[...])``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.problem import Problem
from flake8_training.script.enclosing import parent
from flake8_training.script.values import Collection

if TYPE_CHECKING:
    from flake8_training.builder.given import Given
    from flake8_training.builder.launcher import Launcher
    from flake8_training.builder.made import LauncherInterface

OUTPUT_CLASS = "OutputSpec"


def declares_outputs(launcher: LauncherInterface) -> bool:
    """Return whether a file declares outputs of a specification."""
    return bool(launcher.module.calls_by_name.get(OUTPUT_CLASS))


def aliases_that_are_names(launcher: Launcher) -> Iterator[Problem]:
    """Yield the aliases that repeat, ignoring case, the logical name of their own or a neighbouring output."""
    tree = launcher.module.tree
    outputs: list[tuple[ast.AST | None, str, ast.Call, Given | None]] = []
    for site in launcher.module.calls_by_name.get(OUTPUT_CLASS, ()):
        arguments = launcher.reader.arguments(site.node, site.scope, None, ())
        name, aliases = arguments.only("logical_name"), arguments.only("aliases")
        if name is not None and name.text is not None:
            of = aliases.given if aliases is not None else None
            outputs.append((parent(tree, site.node), name.text, site.node, of))
    for around, name_text, call, aliases_given in outputs:
        beside = {other.lower(): other for place, other, _, _ in outputs if place is around}
        for node, alias in _literal_strings(launcher, aliases_given):
            named = beside.get(alias.lower())
            if alias.lower() == name_text.lower():
                yield Problem(node, f"{alias} is the name of its own output, take it out", call)
            elif named is not None and isinstance(around, ast.List | ast.Tuple):
                yield Problem(node, f"{alias} is the name of the output {named}, take it out", call)


def _literal_strings(launcher: Launcher, expression: Given | None) -> Iterator[tuple[ast.expr, str]]:
    """Yield the literal strings of a list, each with its node."""
    for value in expression.values if expression is not None else ():
        if isinstance(value, Collection) and isinstance(value.node, ast.List | ast.Tuple | ast.Set):
            for item in value.node.elts:
                literal = item.value if isinstance(item, ast.Constant) else None
                if isinstance(literal, str):
                    yield item, literal
