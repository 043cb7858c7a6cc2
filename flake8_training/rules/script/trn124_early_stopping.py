"""TRN124: early stopping of XGBoost has no evaluation set.

``EarlyStopping`` raises "Must have at least 1 validation dataset for early stopping" after the first round (xgboost
1.7.6 and 2.1.4, callback.py). ``train`` and ``fit`` ask for it only with a number other than 0 and None.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.values.values import (
    Constant,
    Frame,
    LibraryObject,
    OptionValue,
    Unknown,
    Value,
    Values,
)
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import Arguments, Trains
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.watched_metrics import unwatched

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope


def _with_callbacks(callbacks: str, mark: str) -> Example:
    """Return a Keras script that trains without validation data and with these callbacks."""
    return Example(f"""
        import argparse
        import os

        import keras
        import numpy as np


        class Reporting(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                logs["val_loss"] = 1.0


        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=10)
            args = parser.parse_args()

            train = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npz"))
            model = keras.Sequential([keras.layers.Dense(1)])
            model.compile(optimizer="adam", loss="mse")
            callbacks = {callbacks}
            model.fit(train["x"], train["y"], epochs=args.epochs, callbacks=callbacks){mark}
            model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
    """)


class EarlyStoppingWithoutEvaluation(Rule[Script]):
    """Reports an XGBoost training with early stopping and without an evaluation set.

    Source: xgboost 1.7.6 and 2.1.4, callback.py, which raises after the first round.
    """

    code = "TRN124"
    severity = Severity.ERROR
    summary = "XGBoost early stopping has no evaluation set"
    other_summaries = ("early stopping has no evaluation set",)
    why = """
        Early stopping watches a metric on an evaluation set. Without one XGBoost raises "Must have at least 1
        validation dataset for early stopping" after the first round. The job fails after it has started and loaded its
        data. LightGBM, Lightning and the `Trainer` of transformers end with an error too. Keras only warns that the
        metric is not available, and never stops early.
    """
    fix = """
        Pass `evals=[(data, name)]` to `train`, or `eval_set=[(X, y)]` to `fit`. Pass `valid_sets=` to `lightgbm.train`,
        `validation_data=` to `fit` of Keras, `eval_dataset=` and `eval_strategy=` to a `Trainer`, and a second loader
        to `fit` of Lightning.
    """
    reported_when = (
        "`xgboost.train` has `early_stopping_rounds` or an `EarlyStopping` callback, and no `evals`",
        "`fit` of an XGBoost estimator that stops early has no `eval_set`, or an empty one",
        "a search or cross-validation of scikit-learn fits such an estimator, and passes no `eval_set`",
        "`fit` of a Keras model has an `EarlyStopping` callback on a `val_` metric, and no validation data",
        "a `Trainer` of transformers or trl has an `EarlyStoppingCallback`, and no `eval_strategy` or `eval_dataset`",
        "`lightgbm.train` or `fit` of a LightGBM estimator has the callback `early_stopping`, and no validation data",
        "`fit` of Lightning has an `EarlyStopping` callback on a metric that only `validation_step` logs, and no "
        "loader for it",
    )
    not_reported_when = (
        Condition(
            "the number of rounds is 0, `None` or unknown; an option counts with its default",
            suppressed={"args.patience)": "None)"},
            reported={"args.patience)": "args.patience, verbosity=None)"},
        ),
        Condition(
            "the call has `*args` or `**kwargs`, which may hold the evaluation set",
            suppressed={'train["y"])  # TRN124': 'train["y"], **vars(args))'},
            reported={
                '    model.fit(train.drop(columns="y"), train["y"])  # TRN124\n': (
                    "    settings = dict(**vars(args))\n"
                    '    model.fit(train.drop(columns="y"), train["y"])  # TRN124\n'
                )
            },
        ),
        Condition(
            "`set_params` or an assignment may change `early_stopping_rounds` of the estimator",
            suppressed={
                '    model.fit(train.drop(columns="y"), train["y"])  # TRN124\n': (
                    "    model.set_params(early_stopping_rounds=None)\n"
                    '    model.fit(train.drop(columns="y"), train["y"])  # TRN124\n'
                )
            },
            reported={
                "import xgboost as xgb\n": (
                    "import xgboost as xgb\nfrom sklearn.linear_model import Ridge\n"
                ),
                '    model.fit(train.drop(columns="y"), train["y"])  # TRN124\n': (
                    "    Ridge().set_params(early_stopping_rounds=2)\n"
                    '    model.fit(train.drop(columns="y"), train["y"])  # TRN124\n'
                ),
            },
        ),
        Condition(
            "the estimator is one for Spark, which marks its evaluation rows in a column",
            suppressed={
                "import xgboost as xgb\n": "from xgboost.spark import SparkXGBRegressor\n",
                "xgb.XGBRegressor(": "SparkXGBRegressor(",
                'model.fit(train.drop(columns="y"), train["y"])  # TRN124': "model = model.fit(train)",
            },
            reported={
                "import xgboost as xgb\n": "import xgboost as xgb\nfrom xgboost import spark\n\nprint(spark)\n"
            },
        ),
        Condition(
            "the Keras model, or a callback beside the `EarlyStopping`, is the project's own: it may report the metric",
            suppressed=_with_callbacks("[keras.callbacks.EarlyStopping(), Reporting()]", ""),
            reported=_with_callbacks("[keras.callbacks.EarlyStopping()]", "  # TRN124"),
        ),
    )
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--patience", type=int, default=10)
            args = parser.parse_args()

            train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            model = xgb.XGBRegressor(max_depth=args.max_depth, early_stopping_rounds=args.patience)
            model.fit(train.drop(columns="y"), train["y"])  # TRN124
            print("R2:", model.score(test.drop(columns="y"), test["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--patience", type=int, default=10)
            args = parser.parse_args()

            train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            model = xgb.XGBRegressor(max_depth=args.max_depth, early_stopping_rounds=args.patience)
            held_out = [(test.drop(columns="y"), test["y"])]
            model.fit(train.drop(columns="y"), train["y"], eval_set=held_out)
            print("R2:", model.score(test.drop(columns="y"), test["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    references = (
        "https://xgboost.readthedocs.io/en/stable/python/python_intro.html#early-stopping",
        "https://xgboost.readthedocs.io/en/stable/python/sklearn_estimator.html",
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each training with early stopping and without an evaluation set."""
        for call in unmeasured_early_stopping(subject.analysis):
            if subject.owns(call.node):
                argument = "evals=" if call.names[0].endswith(".train") else "eval_set="
                yield self.finding(
                    subject, call.node, f"pass {argument} (the training ends with an error without it)"
                )
        for found in unwatched(subject.analysis):
            if subject.owns(found.call.node):
                yield self.finding(
                    subject,
                    found.call.node,
                    f"pass {found.missing} ({found.consequence})",
                    summary="early stopping has no evaluation set",
                )


ROUNDS = "early_stopping_rounds"

_TRAIN = ("xgboost.train", "xgboost.dask.train")

# Before 1.6 the arguments of train() could be given by position.
_TRAIN_ROUNDS: Arguments = (ROUNDS, 7)

_TRAIN_SETS: Arguments = ("evals", 3)

_FIT_SETS: Arguments = ("eval_set",)

# The estimators for Spark mark the rows to validate on in a column of the data.
_OTHER_WAYS = ("xgboost.spark.", "xgboost.Spark")

_SEARCHES = "sklearn.model_selection."

_CROSS_VALIDATIONS = tuple(
    f"sklearn.model_selection.{name}" for name in ("cross_val_score", "cross_validate", "cross_val_predict")
)

_FIT_ARGUMENTS: Arguments = ("fit_params", "params")


def unmeasured_early_stopping(analysis: Analysis) -> Iterator[Call]:
    """Yield each training by XGBoost that certainly stops early by an evaluation set that it is not given."""
    changed = _changed_objects(analysis)
    for call in analysis.calls.all:
        if not call.names or call.unknown:
            continue
        if all(name in _TRAIN for name in call.names):
            asked, sets = _asks(analysis, call.node, call.site.scope, None, _TRAIN_ROUNDS), _TRAIN_SETS
        elif all(_is_fit(name) for name in call.names):
            asked = _asks(analysis, call.node, call.site.scope, None, (ROUNDS,))
            asked, sets = asked or _all_ask(analysis, _receivers(analysis, call), changed), _FIT_SETS
        elif all(name.startswith(_SEARCHES) for name in call.names) and any(
            True for _ in call.having(Trains)
        ):
            asked, sets = _all_ask(analysis, _searched(analysis, call), changed), _FIT_SETS
        elif all(name in _CROSS_VALIDATIONS for name in call.names):
            node = analysis.calls.argument(call, (0, "estimator"))
            estimators = analysis.calls.values(call, node) if node is not None else ()
            asked = _all_ask(analysis, estimators, changed)
            sets = _FIT_ARGUMENTS
        else:
            continue
        if not asked:
            continue
        if analysis.calls.spreads(call):
            note_unknown(Reason.MAPPING, call.node, call.site.scope.module.path, str(sets[0]), weak=True)
        elif _is_missing(analysis, call, sets):
            yield call


def _is_fit(name: str) -> bool:
    return name.startswith("xgboost.") and name.endswith("().fit") and not name.startswith(_OTHER_WAYS)


def _changed_objects(analysis: Analysis) -> frozenset[Value] | None:
    """Return the objects whose settings may change after their construction; None if it may be any object."""
    changed: set[Value] = set()
    owners = [
        (site.node.func.value, site.scope)
        for site in analysis.live_calls("set_params")
        if isinstance(site.node.func, ast.Attribute) and _may_set_rounds(site.node)
    ]
    owners += [
        (store.target, store.scope)
        for store in analysis.program.attribute_stores(ROUNDS)
        if analysis.reach.scope_runs(store.scope)
    ]
    for owner, scope in owners:
        values = analysis.evaluator.values(owner, scope)
        if not values or any(isinstance(value, Unknown) for value in values):
            return None
        changed.update(values)
    return frozenset(changed)


def _may_set_rounds(node: ast.Call) -> bool:
    """Return whether a call of ``set_params`` may set the number of rounds, of the object or of one inside it."""
    return any(keyword.arg is None or keyword.arg.endswith(ROUNDS) for keyword in node.keywords)


def _receivers(analysis: Analysis, call: Call) -> Values:
    receiver = analysis.calls.receiver(call)
    return analysis.calls.values(call, receiver) if receiver is not None else ()


def _searched(analysis: Analysis, call: Call) -> Values:
    """Return the estimators in the searches that a call fits."""
    found: list[Value] = []
    for value in _receivers(analysis, call):
        node = (
            _argument(value.site.node, (0, "estimator"))
            if isinstance(value, LibraryObject) and value.site
            else None
        )
        if not isinstance(value, LibraryObject) or value.site is None or node is None:
            return ()
        found.extend(analysis.evaluator.values(node, value.site.scope, value.frame))
    return tuple(found)


def _all_ask(analysis: Analysis, values: Values, changed: frozenset[Value] | None) -> bool:
    """Return whether values are estimators of XGBoost, each constructed with early stopping and never changed."""
    if changed is None or not changed.isdisjoint(values):
        if any(isinstance(value, LibraryObject) and _is_fit(f"{value.name}.fit") for value in values):
            note_unknown(Reason.BRANCH, 1, what=ROUNDS, weak=True)
        return False
    return bool(values) and all(
        isinstance(value, LibraryObject)
        and value.site is not None
        and _is_fit(f"{value.name}.fit")
        and _asks(analysis, value.site.node, value.site.scope, value.frame, (ROUNDS,))
        for value in values
    )


def _asks(analysis: Analysis, node: ast.Call, scope: Scope, frame: Frame | None, places: Arguments) -> bool:
    """Return whether a call certainly asks for early stopping, by a number or by a callback."""
    rounds = _argument(node, places)
    if isinstance(rounds, ast.Call) and isinstance(rounds.func, ast.Attribute) and rounds.func.attr == "get":
        # A setting that is looked up has its default until somebody gives another, as an option has.
        default = _argument(rounds, (1, "default"))
        return default is not None and _is_a_number(
            analysis, analysis.evaluator.values(default, scope, frame)
        )
    if rounds is not None:
        return _is_a_number(analysis, analysis.evaluator.values(rounds, scope, frame))
    callbacks = _argument(node, ("callbacks",))
    if not isinstance(callbacks, ast.List | ast.Tuple):
        return False
    return any(
        isinstance(value, LibraryObject) and value.name == "xgboost.EarlyStopping()"
        for item in callbacks.elts
        for value in analysis.evaluator.values(item, scope, frame)
    )


def _is_a_number(analysis: Analysis, values: Values, depth: int = 0) -> bool:
    """Return whether every value is a number other than 0; an option has its default until a launcher gives another."""
    if not values or depth > 2:
        return False
    for value in values:
        if isinstance(value, OptionValue):
            option = value.option
            if option.default is None:
                return False
            if not _is_a_number(analysis, analysis.evaluator.values(option.default, option.scope), depth + 1):
                return False
        elif not (isinstance(value, Constant) and isinstance(value.value, int | float) and value.value):
            if not isinstance(value, Constant):
                note_unknown(Reason.COMPUTED, 1, what=ROUNDS, weak=True)
            return False
    return True


def _is_missing(analysis: Analysis, call: Call, places: Arguments) -> bool:
    """Return whether an argument is not given, or is None or an empty list."""
    node = analysis.calls.argument(call, places)
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return True
    return analysis.calls.is_passed(call, places) is False


def _argument(node: ast.Call, places: Arguments) -> ast.expr | None:
    """Return the expression given for the first of several argument positions or keywords; None for none."""
    for place in places:
        if isinstance(place, str):
            for keyword in node.keywords:
                if keyword.arg == place:
                    return keyword.value
        elif len(node.args) > place and not any(isinstance(a, ast.Starred) for a in node.args[: place + 1]):
            return node.args[place]
    return None
