"""TRN102: training data is never read from an input channel."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.data import fetches_data
from flake8_training.script.verdict import State

_FIX = "read it from the folder that SM_CHANNEL_<CHANNEL> names"


class DataNeverRead(Rule[Script]):
    """Reports a training script that reads no data from a channel."""

    code = "TRN102"
    severity = Severity.ERROR
    summary = "training data is never read from an input channel"
    why = """
        SageMaker copies the data of a job to `/opt/ml/input/data/<channel>` and names the folder in
        `SM_CHANNEL_<CHANNEL>`. A script that reads from elsewhere (a download, a folder beside the code) ignores the
        data that the launcher passes. The job succeeds with a model of other data, or fails because the container has
        no network.
    """
    fix = """
        Read the data from the folder that `SM_CHANNEL_<CHANNEL>` names.
    """
    warning_when = (
        "the script downloads its data itself, from S3, from a hub or as a data set of a library",
        "every launcher of the script is known, and its jobs have no channel",
    )
    reported_when = (
        "no call reads data from a channel: from `SM_CHANNEL_*`, `/opt/ml/input/data`, or an option with "
        "either as default",
        "all data comes from a download, a library's own dataset, S3, or a file beside the code",
        "an option is declared for the channel, and no read uses it",
    )
    not_reported_when = (
        Condition(
            "the path of one read is unknown, such as an option without a channel as default, or a value of a "
            "configuration file",
            suppressed={
                "    args = parser.parse_args()\n": (
                    '    parser.add_argument("--more")\n    args = parser.parse_args()\n'
                ),
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    "    X, y = load_iris(return_X_y=True)  # TRN102\n    more = joblib.load(args.more)\n"
                ),
            },
            reported={
                "    args = parser.parse_args()\n": (
                    '    parser.add_argument("--more")\n    args = parser.parse_args()\n'
                ),
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    "    X, y = load_iris(return_X_y=True)  # TRN102\n    print(args.more)\n"
                ),
            },
        ),
        Condition(
            "the script passes a channel's path to code that is not available, which may read it",
            suppressed={
                "import joblib\n": "import joblib\nimport tables\n",
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    "    X, y = load_iris(return_X_y=True)  # TRN102\n"
                    '    tables.show(os.environ["SM_CHANNEL_TRAIN"])\n'
                ),
            },
            reported={
                "import joblib\n": "import joblib\nimport tables\n",
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    '    X, y = load_iris(return_X_y=True)  # TRN102\n    tables.show("train")\n'
                ),
            },
        ),
        Condition(
            "a library or program that the script calls may read data out of sight",
            suppressed={
                "import joblib\n": "import joblib\nimport ourdata\n",
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": "    X, y = ourdata.load()\n",
            },
            reported={
                "import joblib\n": "import joblib\nimport ourdata\n",
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    '    X, y = load_iris(return_X_y=True)  # TRN102\n    ourdata.show("loaded")\n'
                ),
            },
        ),
        Condition(
            "a relative path is read, and the script changes its working directory or creates links",
            suppressed={
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    '    os.chdir(os.environ["SM_CHANNEL_TRAIN"])\n    X, y = joblib.load("data.joblib")\n'
                )
            },
            reported={
                "    X, y = load_iris(return_X_y=True)  # TRN102\n": (
                    '    print(os.getcwd())\n    X, y = joblib.load("data.joblib")\n'
                ),
                "fit(X, y)": "fit(X, y)  # TRN102",
            },
        ),
        Condition(
            "the file is not recognised as a training script, and neither `--training-scripts` nor a step names "
            "it",
            suppressed={'os.environ["SM_MODEL_DIR"]': '"models"'},
            reported={"    joblib.dump(": '    print("models")\n    joblib.dump('},
        ),
    )
    missed = (
        "a call of an unknown library that receives an object of the script, or whose result reaches the "
        "training, hides the fault",
    )
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
        """Yield one finding if the script certainly reads no data from a channel."""
        verdict = subject.training_data
        if verdict.state is State.ABSENT:
            severity = Severity.WARNING if fetches_data(subject.analysis) else None
            yield self.finding(subject, subject.place_for(verdict), verdict.detail or _FIX, severity=severity)
