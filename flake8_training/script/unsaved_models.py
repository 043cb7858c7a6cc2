"""Dumps of objects (``pickle.dump``) that are certainly not the trained model.

A script that trains by ``xgboost.train`` and dumps only the tables of its preprocessing into the model directory saves
no model. This is certain only if no unavailable code receives the model.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.values.values import LibraryObject
from flake8_training.libraries.rows import Saves
from flake8_training.script.discarded_results import is_never_read, returns_the_model
from flake8_training.script.training import ESTIMATORS, trainings
from flake8_training.script.untrained_models import untrained

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

DUMPS = frozenset(
    f"{module}.dump" for module in ("pickle", "joblib", "cloudpickle", "dill", "compress_pickle")
)
_HIDING = frozenset({"builtins.setattr", "builtins.globals", "builtins.locals", "builtins.vars"})


def saves_something_else(analysis: Analysis, saving: list[ast.AST]) -> bool:
    """Return whether certainly neither the dumps in ``saving`` nor any other call receives and keeps the model."""
    calls = [analysis.by_node.get(node) for node in saving if isinstance(node, ast.Call)]
    dumps = [call for call in calls if call is not None and call.names and set(call.names) <= DUMPS]
    if len(dumps) != len(saving) or analysis.is_dynamic:
        return False
    models = _models(analysis)
    if not models or any(not analysis.evaluator.callers(f) for f in _functions(dumps)):
        return False
    if _is_in_an_object(analysis, models) or any(_may_be_a_model(analysis, dump) for dump in dumps):
        return False
    return not any(_may_keep(analysis, call, models) for call in analysis.calls.all)


def _is_in_an_object(analysis: Analysis, models: set[ast.Call]) -> bool:
    """Return whether an attribute holds a model: the object that has it may be dumped whole."""
    return any(
        isinstance(origin, Result) and origin.node in models
        for store in analysis.program.attribute_stores()
        for origin in analysis.flow.origins(store.value, store.scope)
    )


def _functions(dumps: list[Call]) -> list[Scope]:
    return [call.site.scope.function for call in dumps if call.site.scope.function is not None]


def _models(analysis: Analysis) -> set[ast.Call]:
    """Return the calls that certainly return the script's models; none if there may be others."""
    found: set[ast.Call] = set()
    for call, row in trainings(analysis):
        if row.step:
            return set()
        if returns_the_model(call):
            if is_never_read(analysis, call):
                return set()  # another rule reports it
            found.add(call.node)
        elif call.names and all(name.startswith(ESTIMATORS) for name in call.names):
            receiver = analysis.calls.receiver(call)
            built = analysis.calls.values(call, receiver) if receiver is not None else ()
            sites = [v.site.node for v in built if isinstance(v, LibraryObject) and v.site is not None]
            if not sites or len(sites) != len(built):
                return set()
            found.update(sites)
        elif not row.name.startswith("?."):
            return set()
    return found


def _may_be_a_model(analysis: Analysis, dump: Call) -> bool:
    """Return whether the dumped object is a model that is never trained, or a fitted object of an unknown class.

    Another rule reports a model that is never trained. Results of an unknown object count as tables of preprocessing.
    """
    fitted = {
        value.site.node
        for call, row in trainings(analysis)
        if row.name.startswith("?.") and (receiver := analysis.calls.receiver(call)) is not None
        for value in analysis.calls.values(call, receiver)
        if isinstance(value, LibraryObject) and value.site is not None
    }
    fitted.update(found.call.node for found in untrained(analysis))
    what = analysis.calls.argument(dump, (0, "obj", "value"))
    return what is None or any(
        isinstance(value, LibraryObject) and value.site is not None and value.site.node in fitted
        for value in analysis.calls.values(dump, what)
    )


def _may_keep(analysis: Analysis, call: Call, models: set[ast.Call]) -> bool:
    """Return whether a call receives a model and may keep it, or saves a value computed from one."""
    if call.local and not call.unknown:
        return False
    receiver = analysis.calls.receiver(call)
    passed = [*arguments(call.node), *([receiver] if receiver is not None else [])]
    saves = any(row.what in ("model", "copy", "part") for row in call.having(Saves))
    if saves or analysis.calls.may_do(call, "saves") or analysis.calls.of_unknown_library(call):
        return any(
            isinstance(origin, Result) and origin.node in models
            for node in passed
            for origin in analysis.calls.origins(call, node)
        )
    # A method of an unknown object uses predictions more often than it saves, so only the model itself counts.
    hides = call.unknown or bool(_HIDING.intersection(call.names))
    return hides and any(
        isinstance(value, LibraryObject) and value.site is not None and value.site.node in models
        for node in passed
        for value in analysis.calls.values(call, node)
    )
