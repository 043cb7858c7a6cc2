"""TRN111: an unknown path below /opt/ml."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.unknown_paths import unknown_paths


class UnknownPath(Rule[Script]):
    """Reports a misspelling of a path that SageMaker knows."""

    code = "TRN111"
    severity = Severity.ERROR
    summary = "unknown /opt/ml path"
    why = """
        The folders below `/opt/ml` have fixed names: `input/data/<channel>`, `input/config`, `model`, `output/data`,
        `checkpoints`, `code`. SageMaker mounts, fills and keeps no others. Reading from `/opt/ml/inputs/data` fails
        after the job has started. Writing to `/opt/ml/models` raises no error, and the files are gone when the job
        ends.
    """
    fix = """
        Use the path that the message suggests, or read it from `SM_CHANNEL_<NAME>`, `SM_MODEL_DIR` or
        `SM_OUTPUT_DATA_DIR`.
    """
    reported_when = (
        "a call, the default of an option or the default of a variable uses a path below `/opt/ml` with a "
        "misspelled folder or file name",
        "a channel is expected beside `data` instead of below it: `/opt/ml/input/train`",
        "a path lacks its leading slash, `opt/ml/model`, in a script that reads `SM_` variables and never "
        "calls `os.chdir`",
    )
    not_reported_when = (
        "the folder has a name of the project that is no misspelling, such as `/opt/ml/artifacts` or "
        "`/opt/ml/checkpoint`; TRN112 reports files lost there",
        "the path is only joined, printed, logged, or never used",
    )
    missed = ("another module than the entry point contains the literal",)
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
        """Yield one finding at each literal that misspells a path which the script uses."""
        for unknown in unknown_paths(subject.analysis):
            yield self.finding(subject, unknown.node, f"{unknown.path}, did you mean {unknown.meant}?")
