"""Models and trainers of a framework that the script constructs but never trains, while it trains something else.

Not in scope: scripts that fit nothing at all, which have another rule. In scope: scripts in which the training of
another model, or the fitting of a preprocessing step, hides that the main training never runs.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.ledger import Reason, unknown_if
from flake8_training.libraries.rows import Prepares, Reads, Trains
from flake8_training.libraries.table import table
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

# What is made in order to be trained, by the beginning of its canonical name. A network of PyTorch and a model that
# is not compiled may be there to compute features: an optimizer and compile() are there to train.
_LEARNERS = (
    "xgboost.XGB",
    "lightgbm.LGBM",
    "catboost.CatBoost",
    "torch.optim.",
    "keras.Model",
    "transformers.Trainer",
    "transformers.Seq2SeqTrainer",
    "trl.SFTTrainer",
    "lightning.pytorch.Trainer",
    "mxnet.gluon.Trainer",
    "mxnet.mod.Module",
)
_DATA = "xgboost.DMatrix"
_NO_LEARNERS = ("torch.optim.lr_scheduler.", "torch.optim.swa_utils.", "keras.Model.")
_COMPILED = "keras.Model"
_READY = ("transformers.", "trl.", "lightning.")
"""Trainers that evaluate and predict as well."""
_COMPUTED = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.JoinedStr, ast.Constant)
"""Expressions whose value is never a trainable object."""


class Untrained(Record):
    """The construction of an untrained object, its canonical name, and the first call that trains or fits another."""

    call: Call
    name: str
    instead: Call


def untrained(analysis: Analysis) -> list[Untrained]:
    """Return the objects that are certainly never trained in a script that trains something else."""
    trainings = list(analysis.calls.having(Trains))
    instead = [call for call, _ in trainings] or [call for call, _ in analysis.calls.having(Prepares)]
    if not instead:
        return []
    if any(row.name.startswith("?") for _, row in trainings):
        return _unused_data(analysis, trainings, instead[0])
    if analysis.calls.first_opaque_call("trains") is not None:
        return []
    if unknown_if(analysis.is_dynamic, Reason.DYNAMIC, 1):
        return []
    found: list[Untrained] = []
    for call in analysis.calls.all:
        if len(call.names) != 1 or call.unknown or call.local:
            continue
        name = call.names[0]
        if not name.startswith(_LEARNERS) or name.startswith(_NO_LEARNERS) or "()" in name:
            continue
        library = table().library(name)
        framework = library.framework if library is not None else ""
        if any(
            row.framework == framework or n.startswith(_root(name))
            for trains, row in trainings
            for n in trains.names
        ):
            continue
        if _is_built_to_be_trained(analysis, call, name) and not _may_be_trained(analysis, call):
            found.append(Untrained(call, name, instead[0]))
    return found


def _unused_data(analysis: Analysis, trainings: list[tuple[Call, Trains]], instead: Call) -> list[Untrained]:
    """Return the XGBoost data that no training receives, in a script whose fitted objects are all unknown.

    One finding is enough: it is at the first labelled data.
    """
    if any(not row.name.startswith("?") for _, row in trainings):
        return []
    loads = any(
        name.startswith("xgboost.") and "load" in name for c in analysis.calls.all for name in c.names
    )
    built = [call for call in analysis.calls.all if call.names == (_DATA,)]
    labelled = [call for call in built if _has_label(analysis, call)]
    if loads or not labelled or any(call.names == ("xgboost.Booster",) for call in analysis.calls.all):
        return []
    if analysis.is_dynamic:
        return []
    if any(_may_be_trained(analysis, call) for call in built):
        return []
    return [Untrained(labelled[0], _DATA, instead)]


def _has_label(analysis: Analysis, call: Call) -> bool:
    return analysis.calls.argument(call, (1, "label")) is not None


def _root(name: str) -> str:
    """Return the library of a name, with the dot."""
    return name.partition(".")[0] + "."


def _is_built_to_be_trained(analysis: Analysis, call: Call, name: str) -> bool:
    if name == _COMPILED:
        return any(n == f"{_COMPILED}().compile" for other in analysis.calls.all for n in other.names)
    if name.startswith(_READY):
        methods = ("evaluate", "predict", "validate", "test")
        return not any(
            n == f"{name}().{m}" for other in analysis.calls.all for n in other.names for m in methods
        )
    return True


def _may_be_trained(analysis: Analysis, built: Call) -> bool:
    """Return whether a training, a reading call or an unknown call receives an object."""
    for call in analysis.calls.all:
        # Known library calls without a row do not train; only an unknown call may.
        if call.node is built.node or call.names == built.names:
            continue
        if not (call.unknown or any(isinstance(row, Trains | Reads) for row in call.rows)):
            continue
        receiver = analysis.calls.receiver(call)
        nodes = [*arguments(call.node), *([receiver] if receiver is not None else [])]
        for node in nodes:
            if isinstance(node, _COMPUTED):
                continue
            for origin in analysis.calls.origins(call, node):
                if isinstance(origin, Result) and origin.node is built.node:
                    return True
    return False
