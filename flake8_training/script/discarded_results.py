"""Training calls whose result is discarded.

Some functions train a model and only return it: ``xgboost.train`` (xgboost 2.1), ``lightgbm.train`` (lightgbm 4.7),
``catboost.train`` (catboost 1.2), ``fit`` of Spark's estimators and ``train`` of GluonTS's. Without the result there is
no model, and nothing saved afterwards can be it. Calls that train an object in place (``model.fit``,
``Trainer.train``) are not in scope, unless the object is constructed for this one call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.syntax.parents import parent, stands_in
from flake8_training.engine.values.values import (
    Collection,
    Constant,
    Function,
    Instance,
    LibraryObject,
    Value,
)
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import Saves
from flake8_training.record import Record
from flake8_training.script.training import ESTIMATORS, trainings
from flake8_training.script.verdict import State, Verdict

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

_RETURNING = frozenset(
    {"xgboost.train", "xgboost.dask.train", "lightgbm.train", "catboost.train", "pmdarima.auto_arima"}
)
_RETURNING_METHODS = (("gluonts.", ".train"), ("pyspark.ml.", ".fit"))
# Arguments that hold functions, which receive the model, or a dict that receives its metrics.
_OUTLETS = ("callbacks", "evals_result", "feval", "custom_metric")
_SNAPSHOTS = ("save_snapshot", "snapshot_file")
"""Arguments of CatBoost that write the state of the training to a file."""
_KEEPING_NOTHING = frozenset(
    {
        *("xgboost.EarlyStopping()", "xgboost.EvaluationMonitor()", "xgboost.LearningRateScheduler()"),
        *("lightgbm.early_stopping()", "lightgbm.log_evaluation()", "lightgbm.reset_parameter()"),
    }
)
"""Callbacks that stop a training or print, and keep nothing of the model (xgboost 2.1, lightgbm 4.7)."""


class Discarded(Record):
    """A training whose result is discarded: the call, and the name that a message shows."""

    node: ast.Call
    name: str
    function: bool
    """Whether the call is to a function of the program that trains and returns the model."""


def discarded_trainings(analysis: Analysis, saving: Verdict) -> Iterator[Discarded]:
    """Yield the trainings in the script's own file whose result is certainly lost, in the order of their lines."""
    tree = analysis.program.entry.tree
    found: list[Discarded] = []
    for call, row in trainings(analysis):
        if row.step or not stands_in(tree, call.node):
            continue
        dropped = isinstance(parent(tree, call.node), ast.Expr)
        if _has_outlet(analysis, call):
            if dropped and returns_the_model(call):
                reason = Reason.MAPPING if analysis.calls.spreads(call) else Reason.CODE
                note_unknown(reason, call.node, weak=True)
            continue
        if returns_the_model(call):
            # If the script saves nothing at all, the missing save is reported instead for a result with a name.
            if dropped or (saving.state is not State.ABSENT and is_never_read(analysis, call)):
                found.append(Discarded(call.node, call.names[0], function=False))
        elif dropped and _trains_a_nameless_object(analysis, call):
            found.append(Discarded(call.node, ast.unparse(call.node.func), function=False))
    found.extend(_dropped_results_of_functions(analysis))
    yield from sorted(found, key=lambda one: one.node.lineno)


def returns_the_model(call: Call) -> bool:
    """Return whether a call trains a model and only returns it."""
    return bool(call.names) and all(
        name in _RETURNING
        or any(name.startswith(first) and name.endswith(last) for first, last in _RETURNING_METHODS)
        for name in call.names
    )


def _has_outlet(analysis: Analysis, call: Call) -> bool:
    """Return whether the model, or a part of it, may leave a training through one of its arguments."""
    if analysis.calls.spreads(call):
        return True
    if any(analysis.calls.is_passed(call, (name,)) is not False for name in _SNAPSHOTS):
        return True
    return any(
        keyword.arg in _OUTLETS and not _keeps_nothing(analysis, keyword.value, call.site.scope)
        for keyword in call.node.keywords
    )


def _keeps_nothing(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether an argument is certainly None, empty, or made of callbacks that keep nothing of the model."""
    if isinstance(node, ast.List | ast.Tuple):
        return all(_keeps_nothing(analysis, one, scope) for one in node.elts)
    if isinstance(node, ast.Dict) and not node.keys:
        return True  # nothing else holds this dict
    values = analysis.evaluator.values(node, scope)
    return bool(values) and all(_is_no_outlet(analysis, value) for value in values)


def _is_no_outlet(analysis: Analysis, value: Value) -> bool:
    if isinstance(value, Constant):
        return value.value is None
    if isinstance(value, LibraryObject):
        return value.name in _KEEPING_NOTHING
    return (
        isinstance(value, Collection)
        and isinstance(value.node, ast.List | ast.Tuple)
        and all(_keeps_nothing(analysis, one, value.scope) for one in value.node.elts)
    )


def is_never_read(analysis: Analysis, call: Call) -> bool:
    """Return whether the result is only bound to names that the program never reads."""
    entry = analysis.program.entry
    statement = parent(entry.tree, call.node)
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is not call.node:
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    if len(names) < len(targets):
        return False
    if analysis.program.imports_from_entry(names):
        return False
    reading = names | {"locals", "globals", "vars"}
    return not any(reading & (scope.loads | scope.guarded_loads) for scope in entry.scopes)


def _trains_a_nameless_object(analysis: Analysis, call: Call) -> bool:
    """Return whether a call trains an estimator constructed in place, ``SVC().fit(X, y)``, that no other name holds."""
    function = call.node.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Call) or not call.names:
        return False
    if not all(name.startswith(ESTIMATORS) and name.endswith("().fit") for name in call.names):
        return False
    built = function.value
    for argument in (*built.args, *(keyword.value for keyword in built.keywords)):
        values = analysis.evaluator.values(argument, call.site.scope)
        if any(isinstance(value, LibraryObject | Instance | Collection) for value in values):
            note_unknown(Reason.COMPUTED, argument, weak=True)
            return False  # constructed from other estimators, which may be trained in place
    return True


def _dropped_results_of_functions(analysis: Analysis) -> Iterator[Discarded]:
    """Yield the calls to the program's own training functions that discard the only reference to the model."""
    tree = analysis.program.entry.tree
    for call in analysis.calls.all:
        if not call.local or call.unknown or not stands_in(tree, call.node):
            continue
        if not isinstance(parent(tree, call.node), ast.Expr):
            continue
        values = analysis.evaluator.values(call.node.func, call.site.scope)
        functions = [value.scope for value in values if isinstance(value, Function)]
        if (
            functions
            and len(functions) == len(values)
            and all(_only_returns_a_model(analysis, f) for f in functions)
        ):
            yield Discarded(call.node, ast.unparse(call.node.func), function=True)


def _only_returns_a_model(analysis: Analysis, function: Scope) -> bool:
    """Return whether a function trains a local model, returns it, and keeps nothing else of it."""
    if function.yields or len(function.returns) != 1:
        return False
    result = function.returns[0]
    if not isinstance(result, ast.Name | ast.Call):
        return False
    trained = [
        call
        for call, row in trainings(analysis)
        if not row.step and call.site.scope.function is function and not _has_outlet(analysis, call)
    ]
    if not trained or not all(
        returns_the_model(call) or _is_own_estimator(analysis, call, function) for call in trained
    ):
        return False
    built = {
        site.node
        for v in analysis.evaluator.values(result, function)
        if isinstance(v, LibraryObject) and (site := v.site)
    }
    if not built or not built <= {call.node for call in trained} | _receivers(analysis, trained):
        return False
    inside = analysis.inside(function.node)
    return not any(call.has(Saves) or analysis.calls.may_do(call, "saves") or call.unknown for call in inside)


def _is_own_estimator(analysis: Analysis, call: Call, function: Scope) -> bool:
    """Return whether a call trains an estimator that the same function constructs and that nothing else holds."""
    receiver = analysis.calls.receiver(call)
    if receiver is None or not all(name.startswith(ESTIMATORS) for name in call.names):
        return False
    values = analysis.evaluator.values(receiver, call.site.scope)
    return bool(values) and all(
        isinstance(v, LibraryObject) and v.site is not None and v.site.scope.function is function
        for v in values
    )


def _receivers(analysis: Analysis, trained: list[Call]) -> set[ast.Call]:
    return {
        value.site.node
        for call in trained
        if (receiver := analysis.calls.receiver(call)) is not None
        for value in analysis.evaluator.values(receiver, call.site.scope)
        if isinstance(value, LibraryObject) and value.site is not None
    }
