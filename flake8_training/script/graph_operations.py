"""Training operations of a TensorFlow 1 graph that nothing runs.

``optimizer.minimize(loss)`` only adds an operation to the graph. A session that runs it trains; an estimator runs the
operation of its ``model_fn`` in ``train`` and ``train_and_evaluate``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.syntax import parents
from flake8_training.engine.values.values import Function
from flake8_training.libraries.rows import Trains

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

_OPTIMIZERS = "tensorflow.train."
_ADDING = (".minimize", ".apply_gradients")
_ESTIMATOR = "tensorflow.estimator.Estimator"
_TRAINS = "tensorflow.estimator."
_SESSION = "tensorflow.Session"


def is_never_run(analysis: Analysis, call: Call) -> bool:
    """Return whether a call only adds a training operation to a graph, and certainly nothing runs it."""
    if not call.names or not all(
        name.startswith(_OPTIMIZERS) and name.endswith(_ADDING) for name in call.names
    ):
        return False
    function = call.site.scope.function
    if function is not None and _is_model_function(analysis, function):
        return not any(
            name.startswith(_TRAINS) for other, _ in analysis.calls.having(Trains) for name in other.names
        )
    has_session = any(other.names == (_SESSION,) for other in analysis.calls.all)
    return has_session and _is_never_read(call)


def _is_model_function(analysis: Analysis, function: Scope) -> bool:
    """Return whether only estimators receive a function, as their ``model_fn``, and nothing calls it."""
    if analysis.evaluator.callers(function):
        return False
    return any(
        isinstance(value, Function) and value.scope is function
        for call in analysis.calls.all
        if call.names == (_ESTIMATOR,)
        for node in [analysis.calls.argument(call, (0, "model_fn"))]
        if node is not None
        for value in analysis.calls.values(call, node)
    )


def _is_never_read(call: Call) -> bool:
    """Return whether nothing reads the result of a call, which is dropped or bound to a name."""
    scope = call.site.scope
    around = parents.parent(scope.module.tree, call.node)
    if isinstance(around, ast.Expr):
        return True
    if not isinstance(around, ast.Assign) or not all(isinstance(one, ast.Name) for one in around.targets):
        return False
    return not any(
        isinstance(target, ast.Name) and target.id in scope.module.name_loads for target in around.targets
    )
