"""Callbacks that watch a metric of held-out data which the training certainly does not evaluate.

Keras 2.13 and 3.15 only warn, and the callback does nothing: ``EarlyStopping`` never stops, ``ModelCheckpoint`` with
``save_best_only`` never saves. transformers 4.30 and 5.23 end at the start of the training, Lightning 2.4 and lightgbm
4.7 after the first epoch or round.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.values.values import Collection, Constant, Instance, LibraryObject, Value
from flake8_training.libraries.rows import Arguments, Trains
from flake8_training.record import Record
from flake8_training.script.trainer_arguments import (
    arguments_of,
    asks_for_evaluation,
    is_trainer,
    may_be_altered,
)

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_CALLBACKS: Arguments = ("callbacks", 5)
_KERAS_STOPPING = "keras.callbacks.EarlyStopping()"
_KERAS_CALLBACKS = "keras.callbacks."
_KERAS_FUNCTIONS = "keras.callbacks.LambdaCallback()"
"""It runs functions of the program, which may add a metric."""
_CHECKPOINT = "keras.callbacks.ModelCheckpoint"
_MONITOR: Arguments = ("monitor", 0)
_LIGHTNING_STOPPING = "lightning.pytorch.callbacks.EarlyStopping()"
_LIGHTNING_FIT = "lightning.pytorch.Trainer().fit"
_LIGHTNING_MODULE = ".LightningModule"
_VALIDATION: Arguments = (2, "val_dataloaders", "val_dataloader", "datamodule", 3)
_LIGHTGBM_STOPPING = "lightgbm.early_stopping()"
_TRANSFORMERS_STOPPING = "transformers.EarlyStoppingCallback()"


class Unwatched(Record):
    """A training whose early stopping has no data, the argument that is missing, and the consequence."""

    call: Call
    missing: str
    consequence: str


def unwatched(analysis: Analysis) -> Iterator[Unwatched]:
    """Yield the trainings, and constructions of trainers, whose early stopping certainly has no held-out data."""
    for call in analysis.calls.all:
        if not call.names or call.unknown or analysis.calls.spreads(call):
            continue
        if is_keras_fit(call):
            if not _is_validated(analysis, call) and _watches_validation(analysis, call):
                yield Unwatched(call, "validation_data=", "Keras only warns, and never stops the training")
        elif is_trainer(call) and not call.local:
            missing = _missing_of_trainer(analysis, call)
            if missing:
                yield Unwatched(call, missing, "the training ends with an error at its start")
        elif set(call.names) == {_LIGHTNING_FIT}:
            if _lightning_stops_unfed(analysis, call):
                yield Unwatched(call, "val_dataloaders=", "Lightning raises an error after the first epoch")
        elif all(_is_lightgbm(name) for name in call.names):
            argument = "valid_sets" if call.names == ("lightgbm.train",) else "eval_set"
            places: Arguments = ("valid_sets", 3) if argument == "valid_sets" else ("eval_set", "eval_X", 3)
            passed = analysis.calls.is_passed(call, places)
            if passed is False and _LIGHTGBM_STOPPING in _names(_callbacks(analysis, call, ("callbacks",))):
                yield Unwatched(call, f"{argument}=", "the training ends with an error without it")


def never_saves(analysis: Analysis, checkpoint: Call) -> bool:
    """Return whether a Keras checkpoint waits for a metric of held-out data that no training computes."""
    if checkpoint.names != (_CHECKPOINT,) or analysis.calls.spreads(checkpoint):
        return False
    if analysis.calls.constant(checkpoint, ("save_best_only", 3)) is not True:
        return False
    if not _is_of_validation(analysis, checkpoint, ("monitor", 1)):
        return False
    fits = [call for call, row in analysis.calls.having(Trains) if not row.step]
    return bool(fits) and all(
        is_keras_fit(call)
        and not call.unknown
        and not analysis.calls.spreads(call)
        and not _is_validated(analysis, call)
        and _has_library_model(analysis, call)
        for call in fits
    )


def is_fed(analysis: Analysis, validates: str) -> bool:
    """Return whether Lightning may run ``validation_step`` or ``test_step``: a trainer receives data for it."""
    fits = [call for call in analysis.calls.all if set(call.names) == {_LIGHTNING_FIT}]
    others = [
        call
        for call in analysis.calls.all
        if any(name.startswith("lightning.") and name.endswith((".validate", ".test")) for name in call.names)
    ]
    if others or not fits or validates == "test_step":
        return bool(others) or not fits
    return not all(is_unfed(analysis, call) for call in fits)


def is_keras_fit(call: Call) -> bool:
    """Return whether a call is certainly ``fit`` of a Keras model."""
    return bool(call.names) and set(call.names) <= {"keras.Model().fit", "keras.Model().fit_generator"}


def _is_validated(analysis: Analysis, call: Call) -> bool:
    """Return whether a ``fit`` of Keras may evaluate on held-out data."""
    return any(
        row.held_out and analysis.calls.is_passed(call, row.held_out) is not False
        for row in call.having(Trains)
    )


def _has_library_model(analysis: Analysis, call: Call) -> bool:
    """Return whether a model is one of Keras itself: a class of the program may report metrics of its own."""
    receiver = analysis.calls.receiver(call)
    values = analysis.calls.values(call, receiver) if receiver is not None else ()
    return bool(values) and all(isinstance(value, LibraryObject) for value in values)


def _watches_validation(analysis: Analysis, call: Call) -> bool:
    """Return whether a callback stops by a metric of held-out data, and every callback is one of Keras itself."""
    found = _callbacks(analysis, call, _CALLBACKS)
    if not found or not _has_library_model(analysis, call):
        return False
    if not all(
        isinstance(one, LibraryObject)
        and one.name.startswith(_KERAS_CALLBACKS)
        and one.name != _KERAS_FUNCTIONS
        for one in found
    ):
        return False
    return any(
        isinstance(one, LibraryObject)
        and one.name == _KERAS_STOPPING
        and one.site is not None
        and (built := analysis.by_node.get(one.site.node)) is not None
        and not analysis.calls.spreads(built)
        and _is_of_validation(analysis, built, _MONITOR)
        for one in found
    )


def _is_of_validation(analysis: Analysis, built: Call, places: Arguments) -> bool:
    """Return whether a callback of Keras watches a metric of held-out data; the default is ``val_loss``."""
    node = analysis.calls.argument(built, places)
    values = analysis.calls.values(built, node) if node is not None else ()
    return node is None or (
        bool(values)
        and all(
            isinstance(one, Constant) and isinstance(one.value, str) and one.value.startswith("val_")
            for one in values
        )
    )


def _callbacks(analysis: Analysis, call: Call, places: Arguments) -> list[Value]:
    """Return the values of the callbacks that a call receives in a list that nothing changes; empty if unknown."""
    node = analysis.calls.argument(call, places)
    if node is None:
        return []
    if not isinstance(node, ast.List | ast.Tuple):
        values = analysis.calls.values(call, node)
        if len(values) != 1:
            return []
        (value,) = values
        if isinstance(value, LibraryObject):
            return [value]
        if not isinstance(value, Collection) or not isinstance(value.node, ast.List | ast.Tuple):
            return []
        if isinstance(node, ast.Name) and any(
            isinstance(site.node.func, ast.Attribute)
            and isinstance(site.node.func.value, ast.Name)
            and site.node.func.value.id == node.id
            for site in analysis.live_calls("append", "extend", "insert", "clear", "remove", "pop")
        ):
            return []
        return [
            one
            for item in value.node.elts
            for one in analysis.evaluator.values(item, value.scope, value.frame)
        ]
    return [one for item in node.elts for one in analysis.calls.values(call, item)]


def _names(values: list[Value]) -> set[str]:
    return {value.name for value in values if isinstance(value, LibraryObject)}


def _missing_of_trainer(analysis: Analysis, trainer: Call) -> str:
    """Return the argument without which a trainer's early stopping fails; "" if nothing is certainly missing."""
    if _TRANSFORMERS_STOPPING not in _names(_callbacks(analysis, trainer, ("callbacks",))):
        return ""
    built = arguments_of(analysis, trainer)
    if built is None or may_be_altered(analysis):
        return ""
    if not asks_for_evaluation(analysis, built):
        return "eval_strategy="
    if any(analysis.program.attribute_stores("eval_dataset")):
        return ""
    return "eval_dataset=" if analysis.calls.is_passed(trainer, ("eval_dataset", 4)) is False else ""


def is_unfed(analysis: Analysis, call: Call) -> bool:
    """Return whether ``fit`` of Lightning certainly receives no data to validate on."""
    if set(call.names) != {_LIGHTNING_FIT} or call.unknown or analysis.calls.spreads(call):
        return False
    if analysis.calls.is_passed(call, _VALIDATION) is not False:
        return False
    model = analysis.calls.argument(call, (0, "model"))
    train = analysis.calls.argument(call, (1, "train_dataloaders", "train_dataloader"))
    modules = analysis.calls.values(call, model) if model is not None else ()
    loaders = analysis.calls.values(call, train) if train is not None else ()
    return (
        bool(modules)
        and bool(loaders)
        and all(isinstance(one, Instance) and not _defines_loader(analysis, one) for one in modules)
        and all(isinstance(one, LibraryObject) and one.name.startswith("torch.") for one in loaders)
    )


def _defines_loader(analysis: Analysis, module: Instance) -> bool:
    local, foreign = analysis.evaluator.ancestry(module.scope)
    return any("val_dataloader" in owner.bindings for owner in local) or not all(
        base.endswith(_LIGHTNING_MODULE) for base in foreign
    )


def _lightning_stops_unfed(analysis: Analysis, call: Call) -> bool:
    """Return whether a trainer of Lightning stops by a metric that only ``validation_step`` logs, without data."""
    if not is_unfed(analysis, call):
        return False
    receiver = analysis.calls.receiver(call)
    values = analysis.calls.values(call, receiver) if receiver is not None else ()
    if len(values) != 1 or not isinstance(values[0], LibraryObject) or values[0].site is None:
        return False
    trainer = analysis.by_node.get(values[0].site.node)
    if trainer is None or analysis.calls.spreads(trainer):
        return False
    for one in _callbacks(analysis, trainer, ("callbacks",)):
        if isinstance(one, LibraryObject) and one.name == _LIGHTNING_STOPPING and one.site is not None:
            built = analysis.by_node.get(one.site.node)
            monitor = analysis.calls.constant(built, _MONITOR) if built is not None else None
            strict = analysis.calls.constant(built, ("strict",)) if built is not None else None
            if (
                isinstance(monitor, str)
                and strict is not False
                and _is_logged_in_validation(analysis, monitor)
            ):
                return True
    return False


def _is_logged_in_validation(analysis: Analysis, metric: str) -> bool:
    """Return whether ``validation_step`` logs a metric, and nothing else may."""
    found = False
    for site in analysis.live_calls("log", "log_dict"):
        function = site.scope.function
        in_validation = function is not None and function.name == "validation_step"
        name = site.node.args[0] if site.node.args else None
        values = analysis.evaluator.values(name, site.scope) if name is not None else ()
        if not values or not all(isinstance(one, Constant) for one in values):
            return False
        if any(isinstance(one, Constant) and one.value == metric for one in values):
            if not in_validation:
                return False
            found = True
    return found


def _is_lightgbm(name: str) -> bool:
    return name == "lightgbm.train" or (name.startswith("lightgbm.LGBM") and name.endswith("().fit"))
