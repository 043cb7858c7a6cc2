"""TRN126: an S3 address is passed to what takes local paths only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.libraries.local_paths import Outcome
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.remote_addresses import RemoteAddress, remote_addresses

_SCRIPT = """
    import os

    import joblib
    import pandas as pd
    from sklearn.linear_model import SGDClassifier

    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
    model = SGDClassifier()
    model.fit(data.drop(columns="y"), data["y"])
"""
_BRANCHED = (
    _SCRIPT
    + """
    MODEL = "s3://bucket/model.joblib"
    KIND = "s3://"
    if {test}:
        print("not here")
    else:
        joblib.dump(model, MODEL)  # TRN126
"""
)


class RemoteAddressAsPath(Rule[Script]):
    """Reports S3 addresses that a call takes for local paths."""

    code = "TRN126"
    severity = Severity.ERROR
    summary = "an S3 address is passed to what takes local paths only"
    why = """
        `open`, `os`, `joblib`, `torch.save` and HDF5 know local files only. `torch.save(model, "s3://bucket/m.pth")`
        ends the job with `RuntimeError: Parent directory s3://bucket does not exist`, after the training.
        `os.makedirs` and `save_pretrained` create a local folder named `s3:`, and what is in it is gone when the job
        ends.
    """
    fix = """
        Read data from a channel and write the model to `SM_MODEL_DIR`: SageMaker copies both. Otherwise upload the
        file with boto3.
    """
    reported_when = (
        "the path of `open`, of functions of `os` and `shutil`, of `joblib`, `torch.save`, `torch.load`, `numpy`, "
        "`ImageFolder`, `flow_from_directory`, an HDF5 file or `save_pretrained` begins with `s3://` in every case",
        "such a path is an option or a variable for which the launcher passes an address, or begins with it (in the "
        "command and its hook)",
    )
    warning_when = ("`os.makedirs` creates a folder of that name, and another call may write to the address",)
    not_reported_when = (
        Condition(
            (
                "another library's function opens the address, such as `pandas.read_csv`, "
                "`smart_open.open` or `fsspec.open`"
            ),
            suppressed={
                'joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126': (
                    "from smart_open import open\n"
                    "\n"
                    'with open("s3://bucket/models/model.joblib", "wb") as file:\n'
                    "    joblib.dump(model, file)"
                )
            },
            reported={
                'joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126': (
                    'with open("s3://bucket/models/model.joblib", "wb") as file:  # TRN126\n'
                    "    joblib.dump(model, file)"
                )
            },
        ),
        Condition(
            "a branch asks for the address",
            suppressed=Example(
                _BRANCHED.format(test='MODEL.startswith("s3://")'), options=("--select=TRN126",)
            ),
            reported=Example(
                _BRANCHED.format(test="os.environ['KIND'] == KIND"), options=("--select=TRN126",)
            ),
        ),
        Condition(
            "an `except` catches the failure",
            suppressed={
                'joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126': (
                    "try:\n"
                    '    joblib.dump(model, "s3://bucket/models/model.joblib")\n'
                    "except OSError:\n"
                    '    print("not saved")'
                )
            },
            reported={
                'joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126': (
                    "try:\n"
                    '    joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126\n'
                    "except KeyError:\n"
                    '    print("not saved")'
                )
            },
        ),
        Condition(
            "one of several values is a local path, or is unknown",
            suppressed={
                'joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126': (
                    'target = "s3://bucket/m" if len(data) > 9 else "/opt/ml/model/m"\n'
                    "joblib.dump(model, target)"
                )
            },
            reported={
                'joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126': (
                    'target = "s3://bucket/m" if len(data) > 9 else "s3://bucket/n"\n'
                    "joblib.dump(model, target)  # TRN126"
                )
            },
        ),
    )
    missed = (
        "an option or a variable of a script of which no launcher is known",
        "a `pathlib.Path` of the address",
        "a call in a local module",
    )
    bad = Example(
        _SCRIPT + '    joblib.dump(model, "s3://bucket/models/model.joblib")  # TRN126\n',
        options=("--select=TRN126",),
    )
    good = Example(
        _SCRIPT + '    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n',
        options=("--select=TRN126",),
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each call of the script's own file."""
        for one in remote_addresses(subject.analysis):
            if subject.owns(one.call.node):
                yield self.of_call(subject, one)

    def of_call(self, subject: Script, one: RemoteAddress) -> Finding:
        """Return the finding of one call."""
        severity = Severity.WARNING if one.outcome is Outcome.CREATES else None
        detail = f"{ast.unparse(one.call.node.func)} gets {one.address} ({one.outcome.value})"
        return self.finding(subject, one.call.node, detail, severity=severity)
