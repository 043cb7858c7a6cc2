"""TRN104: the trained model is never saved to the model directory."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.lost_outputs import lost_outputs
from flake8_training.script.verdict import State

_MENDING = "save it into the folder that SM_MODEL_DIR names"


class ModelNeverSaved(Rule[Script]):
    """Reports a training script whose model does not outlive the job."""

    code = "TRN104"
    severity = Severity.ERROR
    summary = "the trained model is never saved to the model directory"
    why = """
        SageMaker packs `/opt/ml/model` (`SM_MODEL_DIR`) into `model.tar.gz` when the job ends; everything else on the
        container's disk is gone. A model that is not saved there, or is saved to `/tmp` or `./checkpoints`, is lost:
        the job ends green, and the artifact is empty.

        A file of metrics or settings in the model directory is no model, and neither is a tokenizer. The finding stands
        at the training; TRN112 stands at a call that saves the model where it is lost. `training-alignment check`
        says it also where a launcher gives the option of the folder another path: the TensorFlow estimator gives
        `--model_dir` an S3 address, whatever default it has.
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
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])  # TRN104
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
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
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where no model reaches the model directory."""
        verdict = subject.model_saving
        if verdict.state is State.ABSENT:
            lost = {one.node for one in lost_outputs(subject.analysis, verdict)}
            at_training = subject.training_call or subject.entry
            place = at_training if verdict.decoy in lost else subject.place_for(verdict)
            yield self.finding(subject, place, verdict.detail or _MENDING)
