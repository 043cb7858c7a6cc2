"""TRN119: a value of hyperparameters.json is used without conversion."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.raw_hyperparameters import raw_uses


class UnconvertedHyperparameter(Rule[Script]):
    """Reports a string of hyperparameters.json that is used as a number or a truth value."""

    code = "TRN119"
    severity = Severity.WARNING
    summary = "hyperparameters.json values are strings in a training job"
    why = """
        SageMaker stores every hyperparameter of a training job as a string in
        `/opt/ml/input/config/hyperparameters.json`: `{"epochs": "10", "shuffle": "false"}`. `range("10")` raises
        `TypeError`, `"10" * 2` is `"1010"`, and `if "false":` is true. A file that a developer wrote for a local run
        holds numbers, which hides the mistake.
    """
    fix = """
        Convert the value where it is read: `int(...)`, `float(...)`, or for a truth value
        `== "true"`.
    """
    reported_when = (
        "a value read by its key from `hyperparameters.json` is used as a number: in arithmetic, in a "
        "comparison with a number, in `range`",
        "such a value is passed to a parameter of XGBoost, LightGBM, scikit-learn, PyTorch, Keras or numpy "
        "that fails on strings",
        'such a value is used as a truth value: `if hyperparameters["shuffle"]:`',
    )
    not_reported_when = (
        "the value is converted, or the script writes to its key or calls `update` on the dict",
        "the value comes from `SM_HPS`, `SM_HP_*` or the command line: there SageMaker or the parser has "
        "converted it",
        "the library reads the string: `params` of XGBoost and LightGBM",
        'the test may ask whether the hyperparameter is set, `if hyperparameters.get("resume"):`, or the '
        "string is also passed to a call",
    )
    missed = (
        "the values pass through a comprehension: `{key: value for key, value in hyperparameters.items()}`",
        "another module than the entry point uses the value",
    )
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
        """Yield one finding at the first use of each hyperparameter as a number or a truth value."""
        for use in raw_uses(subject.analysis):
            remedy = "int(...) or float(...)" if use.how == "number" else 'a comparison such as == "true"'
            yield self.finding(
                subject, use.node, f"{use.key} is used as a {use.how} without conversion; use {remedy}"
            )
