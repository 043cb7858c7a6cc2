"""TRN907: a long training has neither early stopping nor checkpoints."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import (
    Collection,
    Constant,
    LibraryObject,
    OptionValue,
    Unknown,
    Value,
    Values,
)
from flake8_training.finding import Finding, Severity
from flake8_training.libraries.rows import Carries, Saves, Trains
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script
from flake8_training.script.trainer_arguments import arguments_of, is_trainer, saves_nothing

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite, Scope


class LongTrainingUnguarded(Rule[Script]):
    """Reports a training of many epochs that never stops early and saves nothing on the way."""

    code = "TRN907"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "a long training has neither early stopping nor checkpoints"
    why = """
        Epochs after the model has stopped improving cost money. A job that is interrupted (a spot instance, the limit
        of its run time, an error in the last epoch) loses all its epochs. Early stopping prevents the first,
        checkpoints in `/opt/ml/checkpoints` the second.
    """
    fix = """
        Stop the loop when the metric no longer improves, or save a checkpoint to `/opt/ml/checkpoints` in each epoch.
    """
    reported_when = (
        "a hand-written loop of PyTorch, TensorFlow or MXNet runs `range(...)` of 10 or more epochs, and "
        "saves nothing on the way",
        "`fit` of a Keras model runs 10 or more epochs, without a callback that may stop it or save the "
        "model",
        "`train` of XGBoost or LightGBM runs 500 or more rounds, without early stopping and callbacks",
        "a Hugging Face trainer runs 10 or more epochs without callbacks, and its arguments turn saving off",
    )
    not_reported_when = (
        Condition(
            "the number of epochs is no literal and no option with a literal as its default",
            suppressed={
                "type=int, default=200": "type=int, required=True",
                "  # TRN907": "",
            },
            reported={
                "def main(args):\n": ('def main(args):\n    print("required=True")\n'),
            },
        ),
        Condition(
            "the loop contains a `break`, `return` or `raise`, a save, or a call of unknown code",
            suppressed={
                "            optimizer.step()\n": (
                    "            optimizer.step()\n            if optimizer is None:\n                break\n"
                ),
                "  # TRN907": "",
            },
            reported={
                "def main(args):\n": ("def main(args):\n    for _ in range(3):\n        break\n"),
            },
        ),
        Condition(
            "the script passes a folder to a callback or trainer that writes checkpoints",
            suppressed={
                "    model = nn.Linear(10, 1)\n": (
                    '    model = nn.Linear(10, 1)\n    ModelCheckpoint(dirpath="/opt/ml/checkpoints")\n'
                ),
                "import torch\n": ("import torch\nfrom pytorch_lightning.callbacks import ModelCheckpoint\n"),
                "  # TRN907": "",
            },
            reported={
                "import torch\n": ("import torch\nfrom pytorch_lightning.callbacks import ModelCheckpoint\n"),
                "def main(args):\n": ("def main(args):\n    print(ModelCheckpoint)\n"),
            },
        ),
        Condition(
            "a library or program that the script calls may train or save out of sight",
            suppressed={
                "import torch\n": ("import torch\nfrom company import toolbox\n"),
                "def main(args):\n": ("def main(args):\n    toolbox.run(args)\n"),
                "  # TRN907": "",
            },
            reported={
                "import torch\n": ("import torch\nfrom company import toolbox\n"),
                "def main(args):\n": ('def main(args):\n    toolbox.greet("hello")\n'),
            },
        ),
    )
    bad = careless(
        ("import joblib", "import torch"),
        ("import pandas as pd", ""),
        ("from sklearn.ensemble import RandomForestClassifier", "from torch import nn"),
        ('"data.csv"', '"data.pt"'),
        ("no data.csv in", "no data.pt in"),
        ("return pd.read_csv(path)", "return torch.load(path)"),
        ("model = RandomForestClassifier(n_estimators=args.trees)", "model = nn.Linear(10, 1)"),
        (
            '    try:\n        model.fit(train.drop(columns="y"), train["y"])',
            """    optimizer = torch.optim.Adam(model.parameters())
    try:
        for _ in range(args.epochs):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(train["x"]), train["y"]).backward()  # TRN907
            optimizer.step()""",
        ),
        (
            'accuracy = model.score(validation.drop(columns="y"), validation["y"])',
            'loss = nn.functional.mse_loss(model(validation["x"]), validation["y"]).item()',
        ),
        ('log.info("accuracy: %s", accuracy)', 'log.info("loss: %s", loss)'),
        ('"model.joblib"', '"model.pth"'),
        ("joblib.dump(model, path)", "torch.save(model.state_dict(), path)"),
        (
            'json.dump({"columns": list(train.columns), "accuracy": accuracy}, stream)',
            'json.dump({"epochs": args.epochs, "loss": loss}, stream)',
        ),
        (
            'joblib.load(path).predict(validation[:1].drop(columns="y"))',
            "model.load_state_dict(torch.load(path))",
        ),
        ('"--trees", type=int, default=100', '"--epochs", type=int, default=200'),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the training."""
        call = unguarded_training(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)


LONG = 10

"""Epochs from which a training counts as long."""

LONG_BOOSTING = 500

"""Boosting rounds from which a training counts as long: each takes a fraction of an epoch's time."""

_BOOSTING = frozenset({"xgboost.train", "lightgbm.train"})

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
    if (
        analysis.calls.first_opaque_call("saves") is not None
        or analysis.calls.first_opaque_call("trains") is not None
    ):
        return None
    if any(not saves_nothing(analysis, call) for call, _ in analysis.calls.having(Carries)):
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
        elif _BOOSTING.intersection(call.names) and _is_long_boosting(analysis, call):
            return call
        elif row.framework == "huggingface" and _is_long_trainer(analysis, call):
            return call
    return None


def _is_long_boosting(analysis: Analysis, call: Call) -> bool:
    """Return whether ``train`` of a boosting library runs many rounds, and certainly nothing stops or saves it."""
    rounds = analysis.calls.argument(call, ("num_boost_round", 2))
    if rounds is None or not _is_long(analysis, analysis.calls.values(call, rounds), least=LONG_BOOSTING):
        return False
    if any(
        analysis.calls.is_passed(call, (name,)) is not False
        for name in ("callbacks", "early_stopping_rounds")
    ):
        return False
    parameters = analysis.calls.argument(call, ("params", 0))
    found = analysis.evaluator.dicts.of(parameters, call.site.scope) if parameters is not None else None
    return (
        found is not None
        and found.is_closed
        and not any("stopping" in str(entry.key) or "snapshot" in str(entry.key) for entry in found.entries)
    )


def _is_long_trainer(analysis: Analysis, call: Call) -> bool:
    """Return whether a trainer of Hugging Face trains many epochs without callbacks; its arguments save nothing."""
    receiver = analysis.calls.receiver(call)
    built = [
        analysis.by_node.get(value.site.node)
        for value in (analysis.calls.values(call, receiver) if receiver is not None else ())
        if isinstance(value, LibraryObject) and value.site is not None
    ]
    trainer = built[0] if len(built) == 1 else None
    if trainer is None or not is_trainer(trainer):
        return False
    arguments = arguments_of(analysis, trainer)
    if arguments is None or analysis.calls.is_passed(trainer, ("callbacks",)) is not False:
        return False
    epochs = analysis.calls.argument(arguments, ("num_train_epochs",))
    if epochs is None or _gets_callbacks(analysis, trainer):
        return False
    return _is_long(analysis, analysis.calls.values(arguments, epochs))


def _gets_callbacks(analysis: Analysis, trainer: Call) -> bool:
    """Return whether the trainer may get a callback later: ``trainer.add_callback(...)``."""
    for call in analysis.calls.all:
        receiver = analysis.calls.receiver(call)
        if receiver is None or last_name(call.node.func) != "add_callback":
            continue
        values = analysis.calls.values(call, receiver)
        if not values or any(
            isinstance(one, Unknown)
            or (isinstance(one, LibraryObject) and (one.site is None or one.site.node is trainer.node))
            for one in values
        ):
            return True
    return False


def _outermost_loop(site: CallSite) -> ast.For | None:
    """Return the outermost counting loop of the function that a call stands in."""
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
    """Return whether a loop can be left early, or saves something in each round."""
    if any(isinstance(node, ast.Break | ast.Return | ast.Raise) for node in ast.walk(loop)):
        return True
    for call in analysis.inside(loop):
        if call.unknown or any(isinstance(row, Saves) and row.what != "part" for row in call.rows):
            return True
    return False


def _has_callbacks(analysis: Analysis, call: Call) -> bool:
    """Return whether a call may receive callbacks that stop or save."""
    if analysis.calls.spreads(call):
        return True
    node = analysis.calls.argument(call, ("callbacks", 5))
    if node is None:
        return False
    passed = [
        item
        for value in analysis.calls.values(call, node)
        for item in (analysis.evaluator.element(value) if isinstance(value, Collection) else (value,))
    ]
    return not passed or any(
        not (isinstance(item, LibraryObject) and item.name.startswith(_OTHER_CALLBACKS)) for item in passed
    )


def _is_long(analysis: Analysis, values: Values, depth: int = 0, least: int = LONG) -> bool:
    """Return whether every value is a number of epochs that is long; an option counts with its default."""
    return bool(values) and all(_is_long_value(analysis, value, depth, least) for value in values)


def _is_long_value(analysis: Analysis, value: Value, depth: int, least: int) -> bool:
    if isinstance(value, Constant):
        return isinstance(value.value, int) and value.value >= least
    if isinstance(value, OptionValue) and value.option.default is not None and depth < 3:
        default = analysis.evaluator.values(value.option.default, value.option.scope)
        return _is_long(analysis, default, depth + 1, least)
    return False
