"""TRN112: output is written where SageMaker does not keep it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.lost_outputs import lost_outputs


class LostOutput(Rule[Script]):
    """Reports a file that is written and gone when the job ends."""

    code = "TRN112"
    severity = Severity.ERROR
    summary = "output written where SageMaker does not keep it"
    why = """
        When a training job ends, SageMaker uploads `/opt/ml/model` and `/opt/ml/output/data`, and copies
        `/opt/ml/checkpoints` all along where the launcher gives `checkpoint_s3_uri`. The rest of the container's disk
        goes with the container: `/tmp`, the working directory, `/opt/ml/output` itself, and any folder of one's own
        below `/opt/ml`. Writing there raises no error.

        Two things are reported: the call that saves the model, where no model reaches the model directory (TRN104 says
        so at the training), and a file below `/opt/ml` that nothing keeps and nothing in the script uses again. Scratch
        files are no finding. With the launcher at hand, `training-alignment check` reports checkpoints that are written
        elsewhere than to the folder which `checkpoint_s3_uri` keeps.
    """
    bad = Example("""
        import argparse
        import json
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
            accuracy = model.score(data[800:].drop(columns="y"), data[800:]["y"])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
            with open("/opt/ml/output/metrics.json", "w") as file:
                json.dump({"accuracy": accuracy}, file)  # TRN112
    """)
    good = Example("""
        import argparse
        import json
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
            accuracy = model.score(data[800:].drop(columns="y"), data[800:]["y"])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
            with open(os.path.join(os.environ["SM_OUTPUT_DATA_DIR"], "metrics.json"), "w") as file:
                json.dump({"accuracy": accuracy}, file)
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each call that writes what is lost."""
        for lost in lost_outputs(subject.analysis, subject.model_saving):
            better = (
                "SM_MODEL_DIR (/opt/ml/model)" if lost.model else "SM_OUTPUT_DATA_DIR (/opt/ml/output/data)"
            )
            what = "the model is" if lost.model else "the file is"
            yield self.finding(
                subject, lost.node, f"{what} written to {lost.path} and gone with the job; use {better}"
            )
