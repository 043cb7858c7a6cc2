"""Loops that train in one phase and evaluate in another: ``for phase in ("train", "val")``.

What such a loop does when it does not train is what it does without the branches that train. It evaluates where its
function turns training off: by ``model.eval()``, ``model.train(flag)`` or ``torch.set_grad_enabled(flag)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.script.apis.rows import Trains

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis
    from flake8_training.script.names import Scope


def without_training(analysis: Analysis, scope: Scope, body: list[ast.stmt]) -> list[ast.AST]:
    """What the body of a loop in ``scope`` does in the phase in which it does not train; nothing without phases."""
    if not _trains(analysis, body) or not _turns_off(analysis, scope):
        return []
    rest = list(_rest(analysis, body))
    return [] if _trains(analysis, rest) else rest


def _rest(analysis: Analysis, body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The statements of a body, those inside others too, but for the branches that alone train."""
    for statement in body:
        blocks = [
            block
            for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(statement, name, None), list) and block
        ]
        if not blocks or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement
            continue
        yield from (node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr))
        if isinstance(statement, ast.With | ast.AsyncWith):
            yield from (item.context_expr for item in statement.items)
        if isinstance(statement, ast.If):
            training = [_trains(analysis, block) for block in (statement.body, statement.orelse)]
            if training[0] != training[1]:
                blocks = [statement.orelse if training[0] else statement.body]
        for block in blocks:
            yield from _rest(analysis, block)


def _trains(analysis: Analysis, nodes: Iterable[ast.AST]) -> bool:
    return any(call.has(Trains) for node in nodes for call in analysis.inside(node))


def _turns_off(analysis: Analysis, scope: Scope) -> bool:
    """Whether a function of the program has a phase in which gradients or training are off."""
    for call in analysis.calls.all:
        if call.site.scope is scope:
            last = getattr(call.node.func, "attr", "")
            if last in ("eval", "set_grad_enabled") or (last == "train" and call.node.args):
                return True
    return False


__all__ = ["without_training"]
