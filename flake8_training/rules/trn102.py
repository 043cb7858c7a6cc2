"""TRN102: training data is never read from an input channel."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State

_MENDING = "read it from the folder that SM_CHANNEL_<CHANNEL> names"


class DataNeverRead(Rule[Script]):
    """Reports a training script that reads nothing from a channel."""

    code = "TRN102"
    severity = Severity.ERROR
    summary = "training data is never read from an input channel"
    why = """
        SageMaker brings the data of a job to `/opt/ml/input/data/<channel>` and names the folder in
        `SM_CHANNEL_<CHANNEL>`. A script that reads from elsewhere (a download, a folder beside the code) ignores
        the data that the launcher gives: the job ends green with a model of other data, and fails where the
        container has no network.

        An option that is declared for the channel and never used reads nothing.
    """
    bad = Example("""
        import argparse
        import os

        import joblib
        from sklearn.datasets import load_iris
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import cross_val_score

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--trees", type=int, default=100)
            args = parser.parse_args()

            X, y = load_iris(return_X_y=True)  # TRN102
            model = RandomForestClassifier(n_estimators=args.trees).fit(X, y)
            print("accuracy:", cross_val_score(model, X, y).mean())
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    good = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import cross_val_score

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--trees", type=int, default=100)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "iris.csv"))
            X, y = data.drop(columns="species"), data["species"]
            model = RandomForestClassifier(n_estimators=args.trees).fit(X, y)
            print("accuracy:", cross_val_score(model, X, y).mean())
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where no read comes from a channel."""
        verdict = subject.training_data
        if verdict.state is State.ABSENT:
            yield self.finding(subject, subject.place_for(verdict), verdict.detail or _MENDING)
