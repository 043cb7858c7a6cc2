"""TRN110: unknown SageMaker environment variable."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.unknown_variables import UnknownVariable, unknown_variables


class UnknownSageMakerVariable(Rule[Script]):
    """Reports the read of an environment variable that looks like one of SageMaker and is never set."""

    code = "TRN110"
    severity = Severity.ERROR
    summary = "unknown SageMaker environment variable"
    why = """
        SageMaker sets a fixed list of variables, besides `SM_CHANNEL_<NAME>` and `SM_HP_<KEY>`, which end in the
        channel's name and the hyperparameter's key in capitals. A misspelled name ends the job with `KeyError`, after
        it has started and loaded its data. With a default the misspelling stays hidden:
        `os.environ.get("SM_HP_num_round", 100)` is always 100.

        No variable holds the folder of the checkpoints, such as `SM_CHECKPOINT_DIR`: it is the launcher's
        `checkpoint_local_path`, by default `/opt/ml/checkpoints`.
    """
    fix = """
        Use the name that the message suggests. If the launcher sets the variable with `environment=`, read it with a
        default: `os.environ.get("SM_STAGE", "test")`.
    """
    reported_when = (
        "the script reads a variable whose name, or prefix, is a misspelling of one that SageMaker sets",
        "the script reads a variable that begins with `SM_` without a default, and SageMaker never sets it",
    )
    not_reported_when = (
        'the script sets the variable itself, or tests for it: `if "SM_STAGE" in os.environ`',
        "an `SM_` name that is no misspelling has a default at one of its reads, or is read with "
        "`os.environ.get`",
        "a `try` around the read catches the `KeyError`",
        "the same statement reads the right name, so that the misspelling is only a second try",
        "an `SM_` name is no misspelling, and `dotenv` or `os.environ.update(settings)` may set it",
        "the name is no misspelling and does not begin with `SM_`",
    )
    missed = ("another module than the entry point names the variable",)
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--train", default=os.environ["SM_CHANEL_TRAIN"])  # TRN110
            args = parser.parse_args()

            rounds = int(os.environ.get("SM_HP_num_round", 100))  # TRN110
            checkpoints = os.environ["SM_CHECKPOINT_DIR"]  # TRN110
            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            model = xgb.train(
                {"max_depth": args.max_depth},
                train,
                rounds,
                evals=[(test, "test")],
                callbacks=[xgb.callback.TrainingCheckPoint(checkpoints)],
            )
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
            parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            args = parser.parse_args()

            rounds = int(os.environ.get("SM_HP_NUM_ROUND", 100))
            checkpoints = os.environ.get("SM_CHECKPOINT_DIR", "/opt/ml/checkpoints")
            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            model = xgb.train(
                {"max_depth": args.max_depth},
                train,
                rounds,
                evals=[(test, "test")],
                callbacks=[xgb.callback.TrainingCheckPoint(checkpoints)],
            )
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each read of a variable that SageMaker never sets."""
        for unknown in unknown_variables(subject.analysis):
            yield self.finding(subject, unknown.node, _detail(unknown))


def _detail(unknown: UnknownVariable) -> str:
    if unknown.meant is not None:
        outcome = (
            "reading it ends the job with a KeyError" if unknown.required else "its default is always used"
        )
        return f"{unknown.name}, did you mean {unknown.meant}? Nothing sets it, and {outcome}"
    return (
        f"SageMaker sets no {unknown.name}, and reading it without a default ends the job with a KeyError; "
        f'use os.environ.get("{unknown.name}", ...)'
    )
