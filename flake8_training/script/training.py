"""The training calls of a script, and the verdict on whether it trains a model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result
from flake8_training.libraries.rows import Prepares, Trains
from flake8_training.script.verdict import Verdict, verdict_from

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

ESTIMATORS = ("sklearn.", "xgboost.", "lightgbm.", "catboost.")
"""Libraries whose estimators hold the whole trained model: without the object the model is lost."""


def trainings(analysis: Analysis) -> list[tuple[Call, Trains]]:
    """Return every call that trains, whole trainings before the steps of a loop."""
    found = list(analysis.calls.having(Trains))
    return sorted(found, key=lambda pair: pair[1].step)


def training(analysis: Analysis) -> Verdict:
    """Return the verdict on training a model."""
    present: list[ast.AST] = [call.node for call, _ in trainings(analysis)]
    possible: list[ast.AST] = []
    if not present:
        possible = [
            call.node
            for call in analysis.calls.all
            if analysis.calls.may_do(call, "trains")
            or _is_of_unknown_object(analysis, call)
            or call.has(Prepares)
        ]
    return verdict_from(present, possible)


def _is_of_unknown_object(analysis: Analysis, call: Call) -> bool:
    """Return whether a call is a method of an object that unknown code may have built."""
    if call.rows or not any(name.startswith("?.") for name in call.names):
        return False
    receiver = analysis.calls.receiver(call)
    origins = analysis.calls.origins(call, receiver) if receiver is not None else frozenset()
    for origin in origins:
        if isinstance(origin, Result):
            made = analysis.by_node.get(origin.node) if origin.node is not None else None
            if made is not None and analysis.calls.of_unknown_library(made):
                return True
    return False
