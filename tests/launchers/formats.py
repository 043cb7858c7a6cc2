"""One job in every format that starts it, and ten mistakes that each format can have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.alignment import check
from tests.harness import write

SCRIPT = """import argparse
import os

import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--solver", choices=["lbfgs", "saga"], default="lbfgs")
parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
args = parser.parse_args()
data = pd.read_csv(os.path.join(args.train, "train.csv"))
held_out = pd.read_csv(os.path.join(args.train, "test.csv"))
model = LogisticRegression(max_iter=args.epochs, solver=args.solver).fit(data[["a"]], data["b"])
print(f"accuracy: {model.score(held_out[['a']], held_out['b'])}")
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
REQUEST: Mapping[str, Any] = {
    "TrainingJobName": "churn",
    "RoleArn": "arn:aws:iam::123456789012:role/Training",
    "AlgorithmSpecification": {
        "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "accuracy", "Regex": "accuracy: ([0-9.]+)"}],
    },
    "HyperParameters": {
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory": "s3://churn/code/sourcedir.tar.gz",
        "epochs": "3",
        "solver": "saga",
    },
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://churn/data/"}},
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://churn/output/"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}


class Fault(NamedTuple):
    """A mistake: a pattern that occurs once in the file, what replaces it, the code and where it is reported.

    ``at`` is a pattern of the line; empty for the changed line.
    """

    pattern: str
    replacement: str
    code: str
    at: str = ""


_IS = r"[\"']?[:=] *"
_VOLUME = r"(?:VolumeSizeInGB|volume_size(?:_in_gb)?)"
_SECONDS = r"(?:MaxRuntimeInSeconds|max_run(?:time_in_seconds)?)"
_CHANNEL = r"(?:ChannelName|channel_name)"
FAULTS = {
    "an instance type that does not exist": Fault(r"ml\.m5\.xlarge", "ml.m5.xlagre", "TRN211"),
    "no instances": Fault(rf"((?:Instance|instance_)[Cc]ount{_IS})1", r"\g<1>0", "TRN211"),
    "a volume that is too large": Fault(rf"({_VOLUME}{_IS})30\b", r"\g<1>30000", "TRN211"),
    "a run that is too long": Fault(rf"({_SECONDS}{_IS})3600\b", r"\g<1>36000000", "TRN211"),
    "a role that is no role": Fault("role/Training", "rolle/Training", "TRN416"),
    "a hyperparameter of another name": Fault(r"\bepochs\b", "epoch_s", "TRN410"),
    "a value of another type": Fault(rf"(epochs{_IS}[\"']?)3", r"\g<1>3.5", "TRN411"),
    "a value that is no choice": Fault(r"\bsaga\b", "sagas", "TRN411"),
    "a metric that captures nothing": Fault(r"\(\[0-9\.\]\+\)", "[0-9.]+", "TRN413"),
    "a channel of another name": Fault(
        rf"({_CHANNEL}{_IS}[\"']?)train\b", r"\g<1>tran", "TRN408", "InputDataConfig|input_data_config"
    ),
}


def line_of(text: str, pattern: str) -> int:
    """The only line of a text in which a pattern occurs."""
    lines = [number for number, one in enumerate(text.splitlines(), 1) if re.search(pattern, one)]
    assert len(lines) == 1, (pattern, lines)
    return lines[0]


def assert_aligned(folder: Path, files: Mapping[str, str]) -> None:
    """Assert that the project has no finding, and that its launcher starts the script."""
    from training_alignment.launches.search import Search
    from training_alignment.repository.repository import Repository

    write(folder, {"code/train.py": SCRIPT, **files})
    found = [
        launch.script_path for _, started in Search(Repository.open(folder)).found() for launch in started
    ]
    assert found == ["code/train.py"]
    assert check(folder=folder).places == []


def assert_fault(folder: Path, files: Mapping[str, str], path: str, name: str) -> None:
    """Assert that a fault in one of the files is found at its line.

    The first fault is found as well if the commit holds that file alone, or the script.
    """
    fault, text = FAULTS[name], files[path]
    faulty, count = re.subn(fault.pattern, fault.replacement, text)
    assert count == 1, (fault, count)
    pairs = zip(text.splitlines(), faulty.splitlines(), strict=True)
    changed = next(number for number, (old, new) in enumerate(pairs, 1) if old != new)
    line = line_of(text, fault.at) if fault.at else changed
    write(folder, {"code/train.py": SCRIPT, **files, path: faulty})
    for arguments in ((), (path,), ("code/train.py",))[: 3 if name == next(iter(FAULTS)) else 1]:
        run = check(*arguments, folder=folder)
        found = [one for one in run.places if one[2] == fault.code]
        assert found == [(path, line, fault.code)], (arguments, run.output)
        assert run.exit_code == 1
