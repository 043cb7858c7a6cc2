"""Long trainings that nothing ends early, and of which nothing is left when they are interrupted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.script.apis.rows import Carries, Saves, Trains
from flake8_training.script.calls import Call
from flake8_training.script.enclosing import enclosing
from flake8_training.script.values import Collection, Constant, Made, OptionValue, Value, Values

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis
    from flake8_training.script.names import CallSite, Scope

LONG = 10
"""Epochs from which a training counts as long."""

_LOOPS = frozenset({"pytorch", "tensorflow", "mxnet"})
_FITS = ("keras.Model().fit", "keras.Model().fit_generator")
# Callbacks that neither stop nor save: whatever else is given may do either.
_OTHER_CALLBACKS = (
    "keras.callbacks.TensorBoard",
    "keras.callbacks.CSVLogger",
    "keras.callbacks.LearningRateScheduler",
    "keras.callbacks.ReduceLROnPlateau",
    "keras.callbacks.ProgbarLogger",
    "keras.callbacks.History",
    "horovod.",
    "tensorboard.",
)


def unguarded_training(analysis: Analysis) -> Call | None:
    """Return the training of many epochs that certainly neither stops early nor leaves checkpoints, or None."""
    if analysis.calls.opaque("saves") is not None or analysis.calls.opaque("trains") is not None:
        return None
    if any(True for _ in analysis.calls.having(Carries)):
        return None
    for call, row in analysis.calls.having(Trains):
        if row.step and row.framework in _LOOPS:
            loop = _outermost_loop(call.site)
            if loop is not None and _is_long_loop(analysis, loop, call.site.scope):
                return None if _is_guarded(analysis, loop) else call
        elif any(name in _FITS for name in call.names):
            epochs = analysis.calls.argument(call, ("epochs", 3))
            if epochs is not None and _is_long(analysis, analysis.calls.values(call, epochs)):
                return call if not _has_callbacks(analysis, call) else None
    return None


def _outermost_loop(site: CallSite) -> ast.For | None:
    """The outermost counting loop of the function that a call stands in."""
    found = None
    for around in enclosing(site.scope.module.tree, site.node):
        if isinstance(around, ast.For):
            found = around
        elif isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.While):
            break
    return found


def _is_long_loop(analysis: Analysis, loop: ast.For, scope: Scope) -> bool:
    node = loop.iter
    if not (isinstance(node, ast.Call) and "builtins.range" in analysis.evaluator.names(node, scope)):
        return False
    end = node.args[0] if len(node.args) == 1 else node.args[1] if len(node.args) > 1 else None
    if isinstance(end, ast.BinOp) and isinstance(end.op, ast.Add):
        end = end.left  # range(1, epochs + 1)
    return end is not None and _is_long(analysis, analysis.evaluator.values(end, scope))


def _is_guarded(analysis: Analysis, loop: ast.For) -> bool:
    """Whether a loop can be left early, or saves something in each round."""
    if any(isinstance(node, ast.Break | ast.Return | ast.Raise) for node in ast.walk(loop)):
        return True
    for call in analysis.inside(loop):
        if call.unknown or any(isinstance(row, Saves) and row.what != "part" for row in call.rows):
            return True
    return False


def _has_callbacks(analysis: Analysis, call: Call) -> bool:
    """Whether callbacks may be given that stop or save."""
    if analysis.calls.spreads(call):
        return True
    node = analysis.calls.argument(call, ("callbacks", 5))
    if node is None:
        return False
    given = [
        item
        for value in analysis.calls.values(call, node)
        for item in (analysis.evaluator.element(value) if isinstance(value, Collection) else (value,))
    ]
    return not given or any(
        not (isinstance(item, Made) and item.name.startswith(_OTHER_CALLBACKS)) for item in given
    )


def _is_long(analysis: Analysis, values: Values, depth: int = 0) -> bool:
    """Whether every value is a number of epochs that is long; an option counts with its default."""
    return bool(values) and all(_is_long_value(analysis, value, depth) for value in values)


def _is_long_value(analysis: Analysis, value: Value, depth: int) -> bool:
    if isinstance(value, Constant):
        return isinstance(value.value, int) and value.value >= LONG
    if isinstance(value, OptionValue) and value.option.default is not None and depth < 3:
        default = analysis.evaluator.values(value.option.default, value.option.scope)
        return _is_long(analysis, default, depth + 1)
    return False
