"""The training arguments of Hugging Face trainers: what they decide about evaluation and saving.

Source: transformers 4.57, training_args.py: ``eval_strategy`` (before 4.41 ``evaluation_strategy``) is "no" by default,
and ``save_strategy`` is "steps".
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Constant, LibraryObject
from flake8_training.libraries.rows import Arguments, Carries, Saves
from flake8_training.script.training_data_metrics import stable_name

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

_TRAINER = "Trainer"
_EVALUATES = ("eval_strategy", "evaluation_strategy", "evaluate_during_training", "eval_on_start")
_ALTERS = (*_EVALUATES, "save_strategy", "output_dir")
_SAVES = ("save_strategy",)
_TRAINED: Arguments = ("train_dataset", 3)
_HELD_OUT: Arguments = ("eval_dataset", 4)


def is_trainer(call: Call) -> bool:
    """Return whether a call constructs a trainer of Hugging Face, whose arguments this module knows."""
    return bool(call.names) and all(
        name.startswith(("transformers.", "trl.")) and name.endswith(_TRAINER) for name in call.names
    )


def evaluates_while_training(analysis: Analysis, trainer: Call) -> bool | None:
    """Return whether a trainer evaluates while it trains; None if its arguments are unknown."""
    built = arguments_of(analysis, trainer)
    if built is None or any(analysis.program.attribute_stores(*_ALTERS)):
        return None
    if analysis.calls.argument(trainer, ("callbacks",)) is not None:
        return None  # a callback may ask for an evaluation
    return asks_for_evaluation(analysis, built)


def asks_for_evaluation(analysis: Analysis, built: Call) -> bool:
    """Return whether training arguments may ask for evaluation while training."""
    node = analysis.calls.argument(built, _EVALUATES)
    return node is not None and not _is_off(analysis, built, node)


def may_be_altered(analysis: Analysis) -> bool:
    """Return whether the program sets an attribute that training arguments have."""
    return any(analysis.program.attribute_stores(*_ALTERS))


def pushes(analysis: Analysis, call: Call) -> bool:
    """Return whether a constructor of training arguments lets the trainer push what it saves to the hub."""
    return analysis.calls.constant(call, ("push_to_hub",)) is True


def saves_nothing(analysis: Analysis, call: Call) -> bool:
    """Return whether training arguments turn off the saving of checkpoints (``save_strategy="no"``)."""
    node = analysis.calls.argument(call, _SAVES)
    return (
        node is not None
        and _is_off(analysis, call, node)
        and not any(analysis.program.attribute_stores(*_ALTERS))
    )


def output_directory(analysis: Analysis, save: Call) -> tuple[Call, ast.expr] | None:
    """Return where ``trainer.save_model()`` saves: the call of the training arguments and its ``output_dir``."""
    receiver = analysis.calls.receiver(save)
    if receiver is None or any(analysis.program.attribute_stores(*_ALTERS)):
        return None
    trainers = [_constructed(analysis, value) for value in analysis.calls.values(save, receiver)]
    if len(trainers) != 1 or trainers[0] is None or not is_trainer(trainers[0]):
        return None
    built = arguments_of(analysis, trainers[0])
    row = next(iter(built.having(Carries)), None) if built is not None else None
    node = analysis.calls.argument(built, row.path) if built is not None and row is not None else None
    return (built, node) if built is not None and node is not None else None


def is_saved_into(analysis: Analysis, built: Call) -> bool:
    """Return whether a ``save_model()`` without a path may save into the ``output_dir`` of these training arguments."""
    for call, row in analysis.calls.having(Saves):
        if row.what == "model" and analysis.calls.argument(call, row.path) is None:
            found = output_directory(analysis, call)
            if found is None or found[0].node is built.node:
                return True
    return False


def data_of(analysis: Analysis, trainer: Call, places: Arguments) -> str:
    """Return the data that a trainer is constructed with, as the script names it; "" for an expression without name."""
    node = analysis.calls.argument(trainer, places)
    return stable_name(analysis, trainer, node) if node is not None else ""


def measures_training_data(analysis: Analysis, call: Call) -> bool:
    """Return whether a trainer is constructed with, or ``evaluate`` receives, the training data as held-out data."""
    if is_trainer(call):
        if call.local:
            return False  # a class of the program may choose its data itself
        held_out = data_of(analysis, call, _HELD_OUT)
        return bool(held_out) and held_out == data_of(analysis, call, _TRAINED)
    if getattr(call.node.func, "attr", "") != "evaluate":
        return False
    receiver = analysis.calls.receiver(call)
    values = analysis.calls.values(call, receiver) if receiver is not None else ()
    trainer = _constructed(analysis, values[0]) if len(values) == 1 else None
    if trainer is None or not is_trainer(trainer) or analysis.calls.spreads(trainer):
        return False
    if any(analysis.program.attribute_stores("eval_dataset", "train_dataset")) or analysis.calls.spreads(
        call
    ):
        return False
    node = analysis.calls.argument(call, (0, "eval_dataset"))
    if node is None:
        return measures_training_data(analysis, trainer)
    held_out = stable_name(analysis, call, node)
    return bool(held_out) and held_out == data_of(analysis, trainer, _TRAINED)


def arguments_of(analysis: Analysis, trainer: Call) -> Call | None:
    """Return the call that constructs a trainer's training arguments, if it is the only one and spreads nothing."""
    node = analysis.calls.argument(trainer, ("args", 1))
    if node is None or analysis.calls.spreads(trainer):
        return None
    values = analysis.calls.values(trainer, node)
    built = _constructed(analysis, values[0]) if len(values) == 1 else None
    if built is None or not built.has(Carries) or analysis.calls.spreads(built):
        return None
    return built


def _constructed(analysis: Analysis, value: object) -> Call | None:
    if not isinstance(value, LibraryObject) or value.site is None:
        return None
    return analysis.by_node.get(value.site.node)


def _is_off(analysis: Analysis, call: Call, node: ast.expr) -> bool:
    values = analysis.calls.values(call, node)
    return bool(values) and all(
        isinstance(value, Constant) and value.value in ("no", False, None) for value in values
    )
