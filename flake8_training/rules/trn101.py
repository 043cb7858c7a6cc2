"""TRN101: hyperparameters are never loaded."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State

_MENDING = "take them with argparse, or read /opt/ml/input/config/hyperparameters.json"


class HyperparametersNeverLoaded(Rule[Script]):
    """Reports a training script that takes no hyperparameter from SageMaker."""

    code = "TRN101"
    severity = Severity.ERROR
    summary = "hyperparameters are never loaded from SageMaker"
    why = """
        A launcher's `hyperparameters={"max_depth": 6}` reach a script as command-line options, in
        `/opt/ml/input/config/hyperparameters.json` and in the variables `SM_HPS` and `SM_HP_*`. A script that reads
        none of them trains with what stands in its source, whatever the launcher says: a tuning job then runs the
        same training again and again, and nothing fails.

        Options that only hold a directory, a file name or the cluster's hosts are no hyperparameters.
    """
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])  # TRN101
            parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=6)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(args.model_dir, "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
            parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(args.model_dir, "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where nothing loads a hyperparameter."""
        verdict = subject.hyperparameters
        if verdict.state is State.ABSENT:
            yield self.finding(subject, subject.place_for(verdict), verdict.detail or _MENDING)
