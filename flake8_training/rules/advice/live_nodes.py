"""The check on whether a program catches the failure of a call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.parents import enclosing

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite

_MAX_CALLS = 7


def is_tried(analysis: Analysis, site: CallSite) -> bool:
    """Return whether a call, or a call that leads to it, is in a ``try`` with handlers, or may be."""
    evaluator = analysis.evaluator
    return any(_in_try(one) for one in evaluator.leading(site, _MAX_CALLS)) or evaluator.is_exhausted


def _in_try(site: CallSite) -> bool:
    below: ast.AST = site.node
    for around in enclosing(site.scope.module.tree, site.node):
        if isinstance(around, ast.Try | ast.TryStar) and around.handlers:
            if any(below is statement for statement in around.body):
                return True
        elif isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        below = around
    return False
