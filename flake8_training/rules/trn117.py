"""TRN117: the result of training is discarded."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.discarded import discarded_trainings


class DiscardedTraining(Rule[Script]):
    """Reports a training that leaves no model."""

    code = "TRN117"
    severity = Severity.WARNING
    summary = "the result of training is discarded"
    why = """
        `xgboost.train`, `lightgbm.train` and `catboost.train` return the model and keep none: without an assignment the
        trained model is gone, and what is saved afterwards is another object, untrained. The same goes for
        `SVC().fit(X, y)` as a statement of its own, for the estimators of Spark and GluonTS, whose `fit` and `train`
        return the model, and for a training function of the script whose result is not taken.

        `model.fit(...)` and `trainer.train()` train the object that they are called on; they are fine.
    """
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": args.max_depth}
            model = xgb.Booster(params, [train])
            xgb.train(params, train, evals=[(test, "test")])  # TRN117
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
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": args.max_depth}
            model = xgb.train(params, train, evals=[(test, "test")])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each training whose result nobody keeps."""
        for one in discarded_trainings(subject.analysis, subject.model_saving):
            what = (
                "trains a model and only returns it"
                if one.function
                else "leaves the model in its result alone"
            )
            yield self.finding(subject, one.node, f"{one.name} {what}, and nothing takes it")
