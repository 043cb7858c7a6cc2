"""TRN105: the model is never evaluated on held-out data."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State

_MENDING = "measure it on data that it was not trained on"


class ModelNeverEvaluated(Rule[Script]):
    """Reports a training script that computes no measure of its model."""

    code = "TRN105"
    severity = Severity.WARNING
    summary = "the model is never evaluated on held-out data"
    why = """
        Without a measure on data that the model was not trained on, nobody can tell from the job's log whether the
        model is worth anything, and a tuning job has no metric to look for.

        A prediction from which nothing is computed is no evaluation, and neither is a data loader that nothing
        iterates over, or an evaluation set that is the training set.
    """
    bad = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.svm import SVC

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--C", type=float, default=1.0)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            model = SVC(C=args.C).fit(data.drop(columns="y"), data["y"])
            predictions = model.predict(test.drop(columns="y"))  # TRN105
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    good = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.metrics import accuracy_score
        from sklearn.svm import SVC

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--C", type=float, default=1.0)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            model = SVC(C=args.C).fit(data.drop(columns="y"), data["y"])
            predictions = model.predict(test.drop(columns="y"))
            print("accuracy:", accuracy_score(test["y"], predictions))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where nothing measures the model."""
        verdict = subject.evaluation
        if verdict.state is State.ABSENT:
            yield self.finding(subject, subject.place_for(verdict), verdict.detail or _MENDING)
