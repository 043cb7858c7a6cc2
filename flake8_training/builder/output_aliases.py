"""Aliases of the outputs that a specification declares: ``OutputSpec(logical_name=..., aliases=[...])``."""

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
    """Whether a file declares outputs of a specification."""
    return bool(launcher.module.calls_by_name.get(OUTPUT_CLASS))


def aliases_that_are_names(launcher: Launcher) -> Iterator[Problem]:
    """Yield the aliases that are, capitals aside, the logical name of their own output or of another beside it."""
    tree = launcher.module.tree
    outputs: list[tuple[ast.AST | None, str, ast.Call, Given | None]] = []
    for site in launcher.module.calls_by_name.get(OUTPUT_CLASS, ()):
        given = launcher.reader.arguments(site.node, site.scope, None, ())
        name, aliases = given.only("logical_name"), given.only("aliases")
        if name is not None and name.text is not None:
            of = aliases.given if aliases is not None else None
            outputs.append((parent(tree, site.node), name.text, site.node, of))
    for around, name_text, call, aliases_given in outputs:
        beside = {other.lower(): other for place, other, _, _ in outputs if place is around}
        for node, alias in _listed(launcher, aliases_given):
            meant = beside.get(alias.lower())
            if alias.lower() == name_text.lower():
                yield Problem(node, f"{alias} is the name of its own output, take it out", call)
            elif meant is not None and isinstance(around, ast.List | ast.Tuple):
                yield Problem(node, f"{alias} is the name of the output {meant}, take it out", call)


def _listed(launcher: Launcher, given: Given | None) -> Iterator[tuple[ast.expr, str]]:
    """The literal texts of a list, each with the node that stands for it in this file."""
    for value in given.values if given is not None else ():
        if isinstance(value, Collection) and isinstance(value.node, ast.List | ast.Tuple | ast.Set):
            for item in value.node.elts:
                text = item.value if isinstance(item, ast.Constant) else None
                if isinstance(text, str):
                    yield item, text
