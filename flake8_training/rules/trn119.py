"""TRN119: a value of hyperparameters.json is used without conversion."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.raw_hyperparameters import raw_uses


class UnconvertedHyperparameter(Rule[Script]):
    """Reports a text of hyperparameters.json that is used as if it were a number or a truth value."""

    code = "TRN119"
    severity = Severity.WARNING
    summary = "hyperparameters.json values are strings in a training job"
    why = """
        A training job's hyperparameters are texts, and `/opt/ml/input/config/hyperparameters.json` holds them so:
        `{"epochs": "10", "shuffle": "false"}`. `range("10")` fails, `"10" * 2` is `"1010"`, and `if "false":` is true.
        A file that a developer wrote for a run at home holds numbers, which hides it.

        `int(...)`, `float(...)` or `json.loads(...)` at the reading does it. The variables `SM_HPS` and `SM_HP_*` and
        the command line are another matter: there the values have been converted, or `argparse` converts them. XGBoost
        takes texts for its `params`, but not for `num_boost_round`.
    """
    bad = Example("""
        import json
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            with open("/opt/ml/input/config/hyperparameters.json") as file:
                hyperparameters = json.load(file)

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": hyperparameters["max_depth"]}
            rounds = hyperparameters.get("num_round", 100)
            model = xgb.train(params, train, rounds, evals=[(test, "test")])  # TRN119
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    good = Example("""
        import json
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            with open("/opt/ml/input/config/hyperparameters.json") as file:
                hyperparameters = json.load(file)

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": hyperparameters["max_depth"]}
            rounds = int(hyperparameters.get("num_round", 100))
            model = xgb.train(params, train, rounds, evals=[(test, "test")])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first such use of each hyperparameter."""
        for use in raw_uses(subject.analysis):
            remedy = "int(...) or float(...)" if use.how == "number" else 'a comparison such as == "true"'
            yield self.finding(
                subject, use.node, f"{use.key} is used as a {use.how} without conversion; use {remedy}"
            )
