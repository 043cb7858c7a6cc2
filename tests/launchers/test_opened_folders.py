"""TRN431: channels whose folder the script opens as a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import said

LAUNCHER = """
from sagemaker.inputs import TrainingInput
from sagemaker.sklearn import SKLearn

estimator = SKLearn(entry_point="train.py", source_dir="code", role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge", framework_version="1.2-1"{more})
estimator.fit({{"train": {input}}})
"""
START = """
import argparse
import os

import joblib
import numpy as np
import pandas as pd
from rows import load

parser = argparse.ArgumentParser()
parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN", "data/train.csv"))
args = parser.parse_args()
folder = os.environ.get("SM_CHANNEL_TRAIN", "data/train.csv")
"""
ROWS = "import pandas as pd\n\ndef load(path):\n    return pd.read_csv(path)\n"
WRONG = {
    "the variable": "pd.read_csv(folder)",
    "the option": "pd.read_csv(args.train)",
    "open": "with open(folder) as file:\n    print(file.read())",
    "numpy": "np.loadtxt(folder, delimiter=',')",
    "joblib": "joblib.load('/opt/ml/input/data/train')",
    "a local module": "load(folder)",
    "another failure": "try:\n    pd.read_csv(folder)\nexcept KeyError:\n    pass",
}
RIGHT = {
    "a file in it": "pd.read_csv(os.path.join(folder, 'train.csv'))",
    "an unknown file in it": "pd.read_csv(os.path.join(folder, os.listdir(folder)[0]))",
    "a folder": "pd.read_parquet(folder)",
    "a test": "if os.path.isfile(folder):\n    pd.read_csv(folder)",
    "one of two": "path = folder\nif os.path.isdir(path):\n    path = os.path.join(path, 'a.csv')\npd.read_csv(path)",
    "caught": "try:\n    pd.read_csv(folder)\nexcept OSError:\n    pass",
    "another channel": "pd.read_csv(os.environ['SM_CHANNEL_TEST'])",
    "written": "open(folder, 'w')",
    "another method": "archive = load(folder)\narchive.read_csv(folder)",
}


def found(tmp_path: Path, script: str, channel: str = '"s3://b/train.csv"', more: str = "") -> list[str]:
    files = {
        "launch.py": LAUNCHER.format(input=channel, more=more),
        "code/train.py": f"{START}{script}\n",
        "code/rows.py": ROWS
        if "load(folder)\narchive" not in script
        else "def load(path):\n    return path\n",
    }
    return said(tmp_path, files, "TRN431")


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    (one,) = found(tmp_path, WRONG[name])
    assert "/opt/ml/input/data/train (IsADirectoryError)" in one


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, RIGHT[name]) == []


@pytest.mark.parametrize(
    ("channel", "more", "number"),
    [
        ('TrainingInput("s3://b/train.csv")', "", 1),
        ('TrainingInput("s3://b/train.csv", input_mode="FastFile")', "", 1),
        ('TrainingInput("s3://b/train.csv", input_mode="Pipe")', "", 0),
        ('"s3://b/train.csv"', ', input_mode="Pipe"', 0),
        ('"s3://b/train.csv"', ', hyperparameters={"epochs": 3}', 1),
        ('"s3://b/train.csv"', ', hyperparameters={"train": "/opt/ml/input/data/train/train.csv"}', 0),
        ('"s3://b/train.csv"', ', environment={"SM_CHANNEL_TRAIN": "/opt/ml/input/data/train/a.csv"}', 0),
    ],
)
def test_modes_and_settings(tmp_path: Path, channel: str, more: str, number: int) -> None:
    assert len(found(tmp_path, "pd.read_csv(args.train)", channel, more)) == number
