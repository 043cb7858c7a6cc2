"""Failures of training jobs that were reported in public, each as it was and as it was mended."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.launchers.pairs import findings, launcher, options

CHANNELS = ("TRN406", "TRN407", "TRN408", "TRN410", "TRN411", "TRN413", "TRN414", "TRN421")
READS = "parser.add_argument('--train', default=os.environ['SM_CHANNEL_{name}'])\n"
TUNER = """
from sagemaker.tuner import HyperparameterTuner, IntegerParameter

HyperparameterTuner(estimator, "loss", {{"epochs": IntegerParameter(1, 3)}}, {more}).fit()
"""
METRICS = 'metric_definitions=[{"Name": "loss", "Regex": "loss: ([0-9.]+)"}]'


class Failure(NamedTuple):
    """What was reported, the rule that says so, and the files that fail and that do not."""

    address: str
    code: str
    failing: dict[str, str]
    mended: dict[str, str]


def pair(launch: str, script: str, **more: str) -> dict[str, str]:
    """A launcher and its script."""
    return {"launch.py": launch, "code/train.py": script, **more}


def reading(name: str) -> str:
    """A script that reads a channel."""
    return options().replace("args =", READS.format(name=name) + "args =")


def hyperparameters(given: str) -> str:
    """A launcher with hyperparameters."""
    return launcher(more=f"hyperparameters={given},")


WITHOUT_FOLDER = launcher().replace('source_dir="code",', "").replace('"train.py"', '"code/train.py"')
IMPORTING = {"code/train.py": "import source\n", "code/source.py": "SIZE = 1\n"}

FAILURES = [
    Failure(
        "https://github.com/awsdocs/amazon-sagemaker-developer-guide/issues/251",
        "TRN408",
        pair(launcher(inputs="{'train': 's3://bucket/x'}"), reading("TRAINING")),
        pair(launcher(inputs="{'training': 's3://bucket/x'}"), reading("TRAINING")),
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/964",
        "TRN408",
        pair(launcher(inputs="'s3://bucket/x'"), reading("TRAIN")),
        pair(launcher(inputs="'s3://bucket/x'"), reading("TRAINING")),
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/332",
        "TRN408",
        pair(launcher(inputs="inputs='s3://bucket/x'"), reading("TRAIN")),
        pair(launcher(inputs="inputs={'train': 's3://bucket/x'}"), reading("TRAIN")),
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/1720",
        "TRN414",
        pair(launcher("TensorFlow"), options("'--epochs'")),
        pair(launcher("TensorFlow"), options("'--epochs'", "'--model_dir'")),
    ),
    Failure(
        "https://github.com/aws/sagemaker-tensorflow-training-toolkit/issues/340",
        "TRN414",
        pair(launcher("TensorFlow"), options("'--model-dir'")),
        pair(launcher("TensorFlow", "model_dir=False,"), options("'--model-dir'")),
    ),
    Failure(
        "https://github.com/huggingface/accelerate/issues/980",
        "TRN411",
        pair(hyperparameters("{'fp16': True}"), options("'--fp16', action='store_true'")),
        pair(hyperparameters("{'fp16': True}"), options("'--fp16', type=lambda text: text == 'True'")),
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/613",
        "TRN411",
        pair(hyperparameters("{'layers': [64, 32]}"), options("'--layers', type=int, nargs='+'")),
        pair(hyperparameters("{'layers': '64'}"), options("'--layers', type=int, nargs='+'")),
    ),
    Failure(
        "https://github.com/huggingface/notebooks/issues/52",
        "TRN410",
        pair(
            hyperparameters("{'train_batch_size': 8}"),
            options("'--train-batch-size'", parse="parser.parse_known_args()[0]"),
        ),
        pair(
            hyperparameters("{'train-batch-size': 8}"),
            options("'--train-batch-size'", parse="parser.parse_known_args()[0]"),
        ),
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/3932",
        "TRN421",
        pair(launcher(more=f"{METRICS},") + TUNER.format(more=""), options("'--epochs'")),
        pair(launcher() + TUNER.format(more=METRICS), options("'--epochs'")),
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/312",
        "TRN406",
        {"launch.py": launcher(), "code/training.py": options()},
        {"launch.py": launcher(), "code/train.py": options()},
    ),
    Failure(
        "https://github.com/aws/sagemaker-python-sdk/issues/471",
        "TRN406",
        pair(WITHOUT_FOLDER.replace('"code/train.py"', '"s3://bucket/train.py"'), options()),
        pair(WITHOUT_FOLDER, options()),
    ),
    Failure(
        "https://github.com/aws/sagemaker-pytorch-training-toolkit/issues/255",
        "TRN407",
        {"launch.py": WITHOUT_FOLDER, **IMPORTING},
        {"launch.py": launcher(), **IMPORTING},
    ),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.address.partition(".com/")[2])
def test_failure(failure: Failure, tmp_path: Path) -> None:
    assert {f.code for f in findings(tmp_path / "failing", failure.failing, *CHANNELS)} == {failure.code}
    assert findings(tmp_path / "mended", failure.mended, *CHANNELS) == []
