"""The training calls of a script, and the verdict on whether it trains a model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.values.values import LibraryObject
from flake8_training.libraries.rows import Prepares, Saves, Trains
from flake8_training.libraries.table import table
from flake8_training.script.graph_operations import is_never_run
from flake8_training.script.own_models import changed_and_saved
from flake8_training.script.untrained_models import untrained
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
    """Return the verdict on training a model.

    If only a transformation is fitted beside a model of a framework that is never trained, TRN121 reports that model.
    """
    present: list[ast.AST] = [
        call.node for call, row in trainings(analysis) if not (row.step and is_never_run(analysis, call))
    ]
    possible: list[ast.AST] = []
    if not present:
        possible = [
            call.node
            for call in analysis.calls.all
            if analysis.calls.may_do(call, "trains")
            or _is_of_unknown_object(analysis, call)
            or (call.has(Prepares) and (_is_the_product(analysis, call) or bool(untrained(analysis))))
        ] or changed_and_saved(analysis)
    return verdict_from(present, possible)


def _is_the_product(analysis: Analysis, prepared: Call) -> bool:
    """Return whether the script saves a fitted transformation and no untrained model: the job may be for that."""
    receiver = analysis.calls.receiver(prepared)
    if receiver is None:
        return True
    sites = {
        value.site.node
        for value in analysis.calls.values(prepared, receiver)
        if isinstance(value, LibraryObject) and value.site is not None
    }
    saved = [
        (call, node)
        for call, _ in analysis.calls.having(Saves)
        for node in (*arguments(call.node), *filter(None, [analysis.calls.receiver(call)]))
    ]
    if any(
        isinstance(value, LibraryObject) and _is_model(value.name) and _of_node(value) not in sites
        for call, node in saved
        for value in analysis.calls.values(call, node)
    ):
        return False
    return not sites or any(
        isinstance(origin, Result) and (origin.node in sites or origin.node is prepared.node)
        for call, node in saved
        for origin in analysis.calls.origins(call, node)
    )


def _of_node(value: LibraryObject) -> ast.Call | None:
    return value.site.node if value.site is not None else None


def _is_model(name: str) -> bool:
    """Return whether an object is an estimator whose ``fit`` trains a model."""
    return name.startswith(ESTIMATORS) and any(
        isinstance(row, Trains) for row in table().match(f"{name}.fit")
    )


def _is_of_unknown_object(analysis: Analysis, call: Call) -> bool:
    """Return whether a call is a method of an object that unknown code may have built."""
    if call.rows or not any(name.startswith("?.") for name in call.names):
        return False
    receiver = analysis.calls.receiver(call)
    origins = analysis.calls.origins(call, receiver) if receiver is not None else frozenset()
    for origin in origins:
        if isinstance(origin, Result):
            built = analysis.by_node.get(origin.node) if origin.node is not None else None
            if built is not None and analysis.calls.of_unknown_library(built):
                return True
    return False
