"""Trainings whose failure nothing in the script catches, and of which it leaves no reason."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.script.calls import Call
from flake8_training.script.practice.nodes import is_tried
from flake8_training.script.training import trainings

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis

FAILURE_FILE = "/opt/ml/output/failure"

_HOOKS = frozenset({"excepthook", "register"})
_DECORATORS = ("torch.distributed.elastic.", "click.", "hydra.")


def unhandled_training(analysis: Analysis) -> Call | None:
    """Return the first training in a program that handles no error around any of them, or None."""
    found = [call for call, _ in trainings(analysis)]
    if not found or any(is_tried(analysis, call.site) for call in found):
        return None
    for node, scope in analysis.live_nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and FAILURE_FILE in node.value:
            return None
        if isinstance(node, ast.Constant) and node.value in ("SM_OUTPUT_FAILURE", "failure"):
            return None
        if isinstance(node, ast.Attribute) and node.attr in _HOOKS:
            return None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            # A decorator may catch what its function raises.
            outside = scope.parent or scope
            for decorator in node.decorator_list:
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                values = analysis.evaluator.values(target, outside)
                names = [getattr(value, "name", "") for value in values]
                if not names or any(not name or name.startswith(_DECORATORS) for name in names):
                    return None
    return found[0]
