"""TRN126: S3 addresses that a launcher passes to a script that takes them for local paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings, launcher, notebook, said

HEAD = """
import argparse
import os
import joblib
import torch
parser = argparse.ArgumentParser()
parser.add_argument("--data", {more})
args = parser.parse_args()
"""
ADDRESS = 'hyperparameters={"data": "s3://bucket/x"},'
VARIABLE = 'environment={"DATA": "s3://bucket/x"},'
V3 = """
from sagemaker.core.training.configs import SourceCode
from sagemaker.train import ModelTrainer
ModelTrainer(
    training_image="i",
    source_code=SourceCode(source_dir="code", entry_script="train.py"),
    hyperparameters={"data": "s3://bucket/x"},
).train()
"""
WRONG = {
    "open": (launcher(more=ADDRESS), "open(args.data)"),
    "a folder": (launcher(more=ADDRESS), "os.listdir(args.data)"),
    "below it": (launcher(more=ADDRESS), "torch.save({}, os.path.join(args.data, 'm.pt'))"),
    "an f-string": (launcher(more=ADDRESS), "joblib.load(f'{args.data}/m.joblib')"),
    "an unknown end": (
        launcher(more='hyperparameters={"data": f"s3://{read()}/x"},'),
        "open(args.data)",
    ),
    "a variable": (launcher(more=VARIABLE), "open(os.environ['DATA'])"),
    "a variable with a default": (launcher(more=VARIABLE), "open(os.environ.get('DATA', '/opt/ml/x'))"),
    "v3": (V3, "open(args.data)"),
    "in a function": (launcher(more=ADDRESS), "def main(args):\n    open(args.data)\nmain(args)"),
    "through a name": (launcher(more=ADDRESS), "data = args.data\nopen(data)"),
}
RIGHT = {
    "a local path": (launcher(more='hyperparameters={"data": "/opt/ml/x"},'), "open(args.data)"),
    "nothing is passed": (launcher(), "open(args.data)"),
    "another option": (launcher(more='hyperparameters={"date": "s3://bucket/x"},'), "open(args.data)"),
    "an unknown value": (launcher(more='hyperparameters={"data": read()},'), "open(args.data)"),
    "one of two values": (
        launcher(more='hyperparameters={"data": "s3://b/x" if read() else "/opt/x"},'),
        "open(args.data)",
    ),
    "pandas": (launcher(more=ADDRESS), "import pandas\npandas.read_csv(args.data)"),
    "a test": (launcher(more=ADDRESS), "if not args.data.startswith('s3://'):\n    open(args.data)"),
    "a test before": (
        launcher(more=ADDRESS),
        "if args.data.startswith('s3://'):\n    read(args.data)\n    args.data = '/tmp/x'\nopen(args.data)",
    ),
    "a conversion": (launcher(more=ADDRESS), "open(args.data.replace('s3://', '/mnt/'))"),
    "caught": (launcher(more=ADDRESS), "try:\n    open(args.data)\nexcept OSError:\n    pass"),
    "another variable": (launcher(more=VARIABLE), "open(os.environ['DATE'])"),
    "the end of a path": (launcher(more=ADDRESS), "open('/opt/ml/' + args.data)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(tmp_path: Path, name: str) -> None:
    text, line = WRONG[name]
    script = f"{HEAD.format(more='default=None')}{line}\n"
    (found,) = findings(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN126")
    assert found.path == "code/train.py"
    assert "s3://" in found.message
    assert [one.path for one in found.related] == ["launch.py"]


@pytest.mark.parametrize("name", RIGHT)
def test_right(tmp_path: Path, name: str) -> None:
    text, line = RIGHT[name]
    script = f"{HEAD.format(more='default=None')}{line}\n"
    assert said(tmp_path, {"launch.py": text, "code/train.py": script}, "TRN126") == []


def test_a_converted_option(tmp_path: Path) -> None:
    script = f"{HEAD.format(more='type=fetch')}open(args.data)\n"
    assert said(tmp_path, {"launch.py": launcher(more=ADDRESS), "code/train.py": script}, "TRN126") == []


def test_in_a_notebook(tmp_path: Path) -> None:
    script = f"%%writefile code/train.py\n{HEAD.format(more='default=None')}open(args.data)\n"
    files = {"launch.ipynb": notebook(script, launcher(more=ADDRESS))}
    assert len(said(tmp_path, files, "TRN126")) == 1
