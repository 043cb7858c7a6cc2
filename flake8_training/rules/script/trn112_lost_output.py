"""TRN112: output is written where SageMaker does not keep it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.precedence import MODEL_IS_LOST
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.lost_outputs import lost_outputs


class LostOutput(Rule[Script]):
    """Reports a call that writes a file where SageMaker does not keep it."""

    code = "TRN112"
    severity = Severity.ERROR
    summary = "SageMaker does not keep the output"
    why = """
        When a training job ends, SageMaker uploads `/opt/ml/model` and `/opt/ml/output/data`. It copies
        `/opt/ml/checkpoints` during the job if the launcher passes `checkpoint_s3_uri`. The rest of the container's
        disk is deleted: `/tmp`, the working directory, `/opt/ml/output` itself and every other folder below `/opt/ml`.
        Writing there raises no error.
    """
    fix = """
        Write the model to `SM_MODEL_DIR` (`/opt/ml/model`), other output to `SM_OUTPUT_DATA_DIR`
        (`/opt/ml/output/data`).
    """
    reported_when = (
        "no model reaches the model directory (TRN104), and the call saves the model to `/tmp`, the working "
        "directory or another lost path",
        "the call writes a file to a folder below `/opt/ml` that SageMaker does not keep, and nothing else "
        "uses the file or its folder",
        "commit hook: a training job certainly starts the script, which writes a file below `/opt/ml/processing` on "
        "every path, and nothing else uses it",
        "commit hook: a callback or trainer writes checkpoints to another folder than the one that "
        "`checkpoint_s3_uri` copies",
    )
    not_reported_when = (
        Condition(
            "a file other than the model is written outside `/opt/ml`: it may be a scratch file",
            suppressed={"/opt/ml/output/metrics.json": "/tmp/metrics.json"},
            reported={"/opt/ml/output/metrics.json": "/opt/ml/tmp/metrics.json"},
        ),
        Condition(
            "an upload, a copy or another call receives the path or its folder",
            suppressed={
                "import os\n": "import os\nimport shutil\n",
                (
                    '    with open("/opt/ml/output/metrics.json", "w") as file:\n'
                    '        json.dump({"accuracy": accuracy}, file)  # TRN112\n'
                ): (
                    '    with open("/opt/ml/output/metrics.json", "w") as file:\n'
                    '        json.dump({"accuracy": accuracy}, file)  # TRN112\n'
                    '    shutil.copy("/opt/ml/output/metrics.json", os.environ["SM_MODEL_DIR"])\n'
                ),
            },
            reported={
                "import os\n": "import os\nimport shutil\n",
                (
                    '    with open("/opt/ml/output/metrics.json", "w") as file:\n'
                    '        json.dump({"accuracy": accuracy}, file)  # TRN112\n'
                ): (
                    '    with open("/opt/ml/output/metrics.json", "w") as file:\n'
                    '        json.dump({"accuracy": accuracy}, file)  # TRN112\n'
                    '    shutil.copy("/opt/ml/output/other.json", os.environ["SM_MODEL_DIR"])\n'
                ),
            },
        ),
        Condition(
            "a part of the path is unknown",
            suppressed={'"/opt/ml/output/metrics.json"': 'f"/opt/ml/{os.uname().nodename}/metrics.json"'},
            reported={'"/opt/ml/output/metrics.json"': 'f"/opt/ml/output/{os.uname().nodename}.json"'},
        ),
        Condition(
            "the model goes to a mounted file system: `/mnt`, `/fsx`, `/efs`, `/lustre`, `/nfs`",
            suppressed={
                'os.path.join(os.environ["SM_MODEL_DIR"], "model.json")': '"/fsx/model.json"',
                (
                    '    with open("/opt/ml/output/metrics.json", "w") as file:\n'
                    '        json.dump({"accuracy": accuracy}, file)  # TRN112\n'
                ): "",
            },
            reported={
                'os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))': '"/tmp/fsx/model.json")  # TRN112',
                (
                    '    with open("/opt/ml/output/metrics.json", "w") as file:\n'
                    '        json.dump({"accuracy": accuracy}, file)  # TRN112\n'
                ): "",
            },
        ),
    )
    missed = (
        "another path of the script is built from the literal `/opt/ml`: every folder below it then counts "
        "as used",
    )
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
        """Yield one finding at each call that writes a file which is lost."""
        for lost in lost_outputs(
            subject.analysis, subject.model_saving, in_training_job=subject.is_entry_point
        ):
            better = "SM_MODEL_DIR" if lost.model else "SM_OUTPUT_DATA_DIR"
            what = "the model in " if lost.model else ""
            yield self.finding(
                subject,
                lost.node,
                f"{what}{lost.path} (lost when the job ends); use {better}",
                cause=MODEL_IS_LOST if lost.model else "",
            )
