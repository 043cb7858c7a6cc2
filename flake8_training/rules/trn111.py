"""TRN111: unknown /opt/ml path."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.unknown_paths import unknown_paths


class UnknownPath(Rule[Script]):
    """Reports a misspelt path of SageMaker's."""

    code = "TRN111"
    severity = Severity.ERROR
    summary = "unknown /opt/ml path"
    why = """
        The folders below `/opt/ml` have fixed names: `input/data/<channel>`, `input/config`, `model`, `output/data`,
        `checkpoints`, `code`. Nothing else is mounted, filled or kept. Reading from `/opt/ml/inputs/data` fails after
        the job has been started; writing to `/opt/ml/models` works, and what was written is gone when the job ends.

        The variables say the same without a name to misspell: `SM_CHANNEL_<NAME>`, `SM_MODEL_DIR`,
        `SM_OUTPUT_DATA_DIR`.
    """
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        PREFIX = "/opt/ml"
        MODEL_DIR = "/opt/ml/models"  # TRN111

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.path.join(PREFIX, "inputs/data/train"))  # TRN111
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, n_jobs=int(os.environ["SM_NUM_CPUS"]))
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(MODEL_DIR, "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        PREFIX = "/opt/ml"
        MODEL_DIR = "/opt/ml/model"

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.path.join(PREFIX, "input/data/train"))
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, n_jobs=int(os.environ["SM_NUM_CPUS"]))
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(MODEL_DIR, "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each literal that makes a used path a wrong one."""
        for unknown in unknown_paths(subject.analysis):
            yield self.finding(subject, unknown.node, f"{unknown.path}, did you mean {unknown.meant}?")
