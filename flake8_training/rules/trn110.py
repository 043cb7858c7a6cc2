"""TRN110: unknown SageMaker environment variable."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.unknown_variables import UnknownVariable, unknown_variables


class UnknownSageMakerVariable(Rule[Script]):
    """Reports a variable that looks like SageMaker's and that SageMaker never sets."""

    code = "TRN110"
    severity = Severity.ERROR
    summary = "unknown SageMaker environment variable"
    why = """
        The names of SageMaker's variables are fixed, `SM_CHANNEL_<NAME>` and `SM_HP_<KEY>` apart, and those end in the
        channel's name and the hyperparameter's key in capitals. A misspelt name raises `KeyError` when the job has been
        started and its data has been loaded; read with a default it is worse, because the default is always used and
        nothing says so: `os.environ.get("SM_HP_num_round", 100)` is always 100.

        There is no `SM_CHECKPOINT_DIR`: the checkpoints' folder is what `checkpoint_local_path` says, by default
        `/opt/ml/checkpoints`. A variable of one's own, given with `environment=`, is fine with a default, after a test
        (`if "SM_STAGE" in os.environ`), or under a name that does not begin with `SM_`.
    """
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
        """Yield one finding at each reading of a variable that SageMaker never sets."""
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
