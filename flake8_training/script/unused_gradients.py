"""Gradients of TensorFlow's tape that a script computes for its model's weights and never uses.

Certain only if nothing but a print or a log receives the gradients, and nothing else in the program trains: a tape is
also used for the gradients of an input, and beside another training for an inspection.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.syntax import parents
from flake8_training.engine.values.values import LibraryObject, Reference
from flake8_training.libraries.rows import Trains
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope

_GRADIENT = "tensorflow.GradientTape().gradient"
_WEIGHTS = (".trainable_variables", ".trainable_weights", ".variables", ".weights")
_VARIABLE = "tensorflow.Variable()"


def unused_gradients(analysis: Analysis) -> Call | None:
    """Return the first computation of the weights' gradients, if certainly no gradient of the program is used."""
    trainings = [call for call, _ in analysis.calls.having(Trains)]
    computed = [call for call in trainings if set(call.names) == {_GRADIENT} and not call.unknown]
    if not computed or analysis.is_dynamic:
        return None
    steps = [call.site.scope.function for call in computed]
    if any(
        call not in computed and not all(_runs_train_step(call, step) for step in steps) for call in trainings
    ):
        return None
    if analysis.calls.first_opaque_call("trains") is not None:
        return None
    if not all(_is_of_weights(analysis, call) and _is_unused(analysis, call) for call in computed):
        return None
    return computed[0]


def _runs_train_step(call: Call, step: Scope | None) -> bool:
    """Return whether a call is the ``fit`` of a Keras model whose ``train_step`` computes the gradients."""
    return (
        step is not None
        and step.name == "train_step"
        and step.owner is not None
        and set(call.names) == {"keras.Model().fit"}
    )


def _is_of_weights(analysis: Analysis, call: Call) -> bool:
    """Return whether the gradients are those of a model's weights or of variables."""
    sources = analysis.calls.argument(call, (1, "sources"))
    parts = sources.elts if isinstance(sources, ast.List | ast.Tuple) else [sources]
    values = [v for part in parts if part is not None for v in analysis.calls.values(call, part)]
    return bool(values) and all(
        (isinstance(value, Reference) and value.name.endswith(_WEIGHTS) and value.name.startswith("keras."))
        or (isinstance(value, LibraryObject) and value.name == _VARIABLE)
        for value in values
    )


def _is_unused(analysis: Analysis, call: Call) -> bool:
    """Return whether only prints and logs receive the result of a call."""
    scope = call.site.scope
    around = parents.parent(scope.module.tree, call.node)
    if isinstance(around, ast.Expr):
        return True
    if not isinstance(around, ast.Assign):
        return False
    for target in around.targets:
        names = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        for name in names:
            if not isinstance(name, ast.Name) or not all(
                _is_logged(analysis, load, place) for load, place in _loads(scope, name.id)
            ):
                return False
    return True


def _loads(scope: Scope, name: str) -> list[tuple[ast.Name, Scope]]:
    """Return the loads of the binding that ``name`` has in a scope, with their scopes."""
    holder = scope.lookup(name)
    return [
        (node, place)
        for node, place in scope.module.name_loads.get(name, ())
        if holder is not None and (found := place.lookup(name)) is not None and found[0] is holder[0]
    ]


def _is_logged(analysis: Analysis, load: ast.Name, scope: Scope) -> bool:
    around = parents.parent(scope.module.tree, load)
    return isinstance(around, ast.Call) and (
        table().logs(*analysis.evaluator.names_or_method(around, scope)) is not None
    )
