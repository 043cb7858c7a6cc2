"""TRN103: no model is trained."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State


class NothingTrained(Rule[Script]):
    """Reports a script that is named as a training script and trains nothing."""

    code = "TRN103"
    severity = Severity.ERROR
    summary = "no model is trained"
    why = """
        The script is the entry point of a training job, and nothing that it runs trains a model: no `fit`, no
        `train`, no optimizer step, no library or program that could do it out of sight. A training function that is
        defined and never called trains nothing either. The job ends green, with an artifact that holds no trained
        model.

        Said only of files that `--training-scripts` names (or that a contract or builder names as a step's script):
        a file that does not train is not taken for a training script by itself.
    """
    bad = Example(
        """
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier


        def train(data, trees):
            return RandomForestClassifier(n_estimators=trees).fit(data.drop(columns="y"), data["y"])


        if __name__ == "__main__":  # TRN103
            parser = argparse.ArgumentParser()
            parser.add_argument("--trees", type=int, default=100)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = RandomForestClassifier(n_estimators=args.trees)
            print("accuracy:", model.score(data.drop(columns="y"), data["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
        """,
        options=("--training-scripts=train.py",),
    )
    good = Example(
        """
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier


        def train(data, trees):
            return RandomForestClassifier(n_estimators=trees).fit(data.drop(columns="y"), data["y"])


        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--trees", type=int, default=100)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = train(data[:800], args.trees)
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
        """,
        options=("--training-scripts=train.py",),
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where nothing that runs trains."""
        if subject.training.state is State.ABSENT:
            yield self.finding(subject, subject.entry)
