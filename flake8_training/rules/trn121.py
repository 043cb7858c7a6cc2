"""TRN121: the script imports its framework but trains with none of its training calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.untrained import untrained


class FrameworkNeverTrains(Rule[Script]):
    """Reports a model or an optimizer that is made and never trained, in a script that fits something else.

    A script that fits nothing at all is TRN103's: one fault gives one finding.
    """

    code = "TRN121"
    severity = Severity.ERROR
    summary = "the script imports its framework but trains with none of its training calls"
    why = """
        A model is made (`XGBClassifier(...)`, a compiled Keras model, a PyTorch optimizer, a `Trainer`) and none of
        its framework's training calls ever runs: the call was forgotten, or lost in a change. What the script does
        train, a baseline or a preprocessing model, hides it: the job ends green, and the model it was written for
        is missing or untrained.

        An import alone says nothing, nor does a network without an optimizer, which may compute features. An object
        that goes into another call that could train it counts as trained.
    """
    bad = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        import xgboost as xgb
        from sklearn.linear_model import LogisticRegression

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            baseline = LogisticRegression().fit(train.drop(columns="y"), train["y"])
            print("baseline:", baseline.score(test.drop(columns="y"), test["y"]))
            model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    good = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        import xgboost as xgb
        from sklearn.linear_model import LogisticRegression

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            baseline = LogisticRegression().fit(train.drop(columns="y"), train["y"])
            print("baseline:", baseline.score(test.drop(columns="y"), test["y"]))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(train.drop(columns="y"), train["y"])
            print("accuracy:", model.score(test.drop(columns="y"), test["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first object that is never trained."""
        for found in untrained(subject.analysis):
            if subject.owns(found.call.node):
                other = found.instead.names[0]
                called = ast.unparse(found.instead.node.func) if other.startswith("?") else other
                detail = f"{found.name} is made and never trained; only {called} is called"
                yield self.finding(subject, found.call.node, detail)
                return
