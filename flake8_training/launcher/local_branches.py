"""Branches of a launcher that run only if the job runs in local mode (``instance_type="local"``)."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_training.engine.syntax.parents import enclosing
from flake8_training.launcher.sdk_objects import SdkObject

_LOCAL = ("local", "local_gpu")


def is_on_local_branch(sdk_object: SdkObject, node: ast.AST) -> bool:
    """Return whether a node is on a branch on which the object's instance type is certainly a local one.

    The branch compares the instance type with a local one, or sets it.
    """
    instance = sdk_object.get("instance_type")
    if instance is None:
        return False
    launcher = sdk_object.launcher
    written = ast.dump(instance.expression.node)
    below = node
    for around in enclosing(launcher.module.tree, node):
        if isinstance(around, ast.If):
            branch = around.body if any(below is one for one in around.body) else around.orelse
            if any(below is one for one in branch):
                if _is_local(around.test, written, branch is around.body):
                    return True
                set_here = [
                    launcher.literal(instance.expression, kind, sdk_object.node)
                    for kind in _LOCAL
                    if kind in instance.expression.constants
                ]
                if any(_is_in(one, branch) for one in set_here):
                    return True
        below = around
    return False


def _is_local(test: ast.expr, written: str, holds: bool) -> bool:
    """Return whether a test, or its contrary if not ``holds``, makes the instance type a local one."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or ast.dump(test.left) != written:
        return False
    kinds = _constants(test.comparators[0])
    wanted = (ast.Eq, ast.In) if holds else (ast.NotEq, ast.NotIn)
    return isinstance(test.ops[0], wanted) and bool(kinds) and all(kind in _LOCAL for kind in kinds)


def _constants(node: ast.expr) -> list[object]:
    nodes = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [one.value if isinstance(one, ast.Constant) else None for one in nodes]


def _is_in(node: ast.AST, branch: Sequence[ast.stmt]) -> bool:
    return any(one is node for statement in branch for one in ast.walk(statement))
