"""TRN124: early stopping of XGBoost has no evaluation set."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.early_stopping import unmeasured_early_stopping


class EarlyStoppingWithoutEvaluation(Rule[Script]):
    """Reports an XGBoost training with early stopping and without an evaluation set.

    Source: xgboost 1.7.6 and 2.1.4, callback.py, which raises after the first round.
    """

    code = "TRN124"
    severity = Severity.ERROR
    summary = "XGBoost early stopping without an evaluation set"
    why = """
        Early stopping watches a metric on an evaluation set. Without one XGBoost raises "Must have at least 1
        validation dataset for early stopping" after the first round. The job fails after it has started and loaded its
        data.
    """
    fix = """
        Pass `evals=[(data, name)]` to `train`, or `eval_set=[(X, y)]` to `fit`.
    """
    reported_when = (
        "`xgboost.train` has `early_stopping_rounds` or an `EarlyStopping` callback, and no `evals`",
        "`fit` of an XGBoost estimator that stops early has no `eval_set`, or an empty one",
        "a search or cross-validation of scikit-learn fits such an estimator, and passes no `eval_set`",
    )
    not_reported_when = (
        "the number of rounds is 0, `None` or unknown; an option counts with its default",
        "the call has `*args` or `**kwargs`, which may hold the evaluation set",
        "the script calls `set_params`, or assigns `early_stopping_rounds` to an attribute",
        "the estimator is one for Spark, which marks its evaluation rows in a column",
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
                yield self.finding(subject, call.node, f"add {argument}")
