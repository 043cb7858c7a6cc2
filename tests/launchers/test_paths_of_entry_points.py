"""The paths that launchers compute for entry points and source folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harness import write
from tests.in_process import run_command

ESTIMATOR = """
from pathlib import Path

from sagemaker.pytorch import PyTorch

PyTorch(entry_point={entry}, source_dir={folder}, role="arn:aws:iam::123456789012:role/Training",
        instance_count=1, instance_type="ml.m5.xlarge", framework_version="2.1", py_version="py310",
        hyperparameters={{"epocs": 3}}).fit("s3://bucket/train/")
"""
SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
print(parser.parse_args())
"""


def codes(folder: Path, files: dict[str, str], code: str) -> list[str]:
    write(folder, files)
    found = json.loads(run_command(["check", "--all", "--format=json", f"--select={code}"], folder).output)
    return [one["path"] for one in found]


@pytest.mark.parametrize(
    "folder",
    [
        "str(Path(__file__).parents[2])",
        "str(Path(__file__).resolve().parents[2])",
        "Path(__file__).parents[1].parent.as_posix()",
        '"/".join(["../..", ""])',
    ],
)
def test_a_folder_above_the_launcher(folder: str, tmp_path: Path) -> None:
    launching = ESTIMATOR.format(entry='"jobs/code/train.py"', folder=folder)
    files = {"jobs/a/launch.py": launching, "jobs/code/train.py": SCRIPT}
    assert codes(tmp_path, files, "TRN410") == ["jobs/a/launch.py"]


@pytest.mark.parametrize("folder", ["str(Path(__file__).parents[9])", "str(Path(__file__).parents[number])"])
def test_a_folder_that_is_unknown(folder: str, tmp_path: Path) -> None:
    launching = "from site import number\n" + ESTIMATOR.format(entry='"train.py"', folder=folder)
    files = {"launch.py": launching, "code/train.py": SCRIPT, "other/train.py": SCRIPT}
    assert codes(tmp_path, files, "TRN4") == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        # no folder is below scripts/, so that ".." is scripts/ from nowhere
        ("scripts/train.py", ["jobs/launch.py"]),
        ("scripts/local/train.py", ["jobs/launch.py"]),
        ("train.py", []),
    ],
)
def test_a_source_folder_above(script: str, found: list[str], tmp_path: Path) -> None:
    files = {"jobs/launch.py": ESTIMATOR.format(entry='"train.py"', folder='".."'), script: SCRIPT}
    assert codes(tmp_path, files, "TRN406") == found


def test_a_source_folder_above_another_folder(tmp_path: Path) -> None:
    # the launcher may run in scripts/configs/
    files = {
        "jobs/launch.py": ESTIMATOR.format(entry='"train.py"', folder='".."'),
        "scripts/train.py": SCRIPT,
        "scripts/configs/base.yaml": "a: 1\n",
    }
    assert codes(tmp_path, files, "TRN406") == []


TRAINER = """
import sys

from sagemaker.train.configs import Compute, InputData, SourceCode
from sagemaker.train.model_trainer import ModelTrainer

epochs = int(sys.argv[1])
command = {command}
ModelTrainer(
    training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/image:1",
    role="arn:aws:iam::123456789012:role/Training",
    source_code=SourceCode(source_dir="code", command=command),
    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
    hyperparameters={{"epochs": 3}},
    input_data_config=[InputData(channel_name="train", data_source="s3://bucket/train/")],
).train()
"""


@pytest.mark.parametrize(
    ("command", "is_known"),
    [
        ('f"python train.py --epochs {epochs}"', True),
        (
            '" ".join(["pip install -r requirements.txt &&", f"python train.py --epochs {epochs}"])',
            True,
        ),
        ('" && ".join(("ls", "python train.py"))', True),
        ('f"python {epochs}train.py"', False),
        ('f"python train.py && python {epochs}/other.py && python second.py"', False),
        ('" ".join(sys.argv)', False),
    ],
)
def test_a_command_with_unknown_parts(command: str, is_known: bool, tmp_path: Path) -> None:
    files = {"launch.py": TRAINER.format(command=command), "code/train.py": SCRIPT, "code/second.py": SCRIPT}
    write(tmp_path, files)
    shown = run_command(["facts", "launch.py"], tmp_path).output
    assert ("starts: code/train.py\n" in shown) is is_known


LAUNCH_OF_BOTH = "def launch(script):\n    {estimator}\n\nlaunch('train.py')\nlaunch('train_wide.py')\n"


@pytest.mark.parametrize(
    ("present", "found"),
    [
        ("code/other.py", ["launch.py"]),
        ("code/train.py", []),
        ("code/train_wide.py", []),
    ],
)
def test_each_entry_point_of_several_is_missing(present: str, found: list[str], tmp_path: Path) -> None:
    estimator = ESTIMATOR.format(entry="script", folder='"code"').replace("\n", "\n    ")
    files = {"launch.py": LAUNCH_OF_BOTH.format(estimator=estimator), present: SCRIPT}
    assert codes(tmp_path, files, "TRN406") == found


def test_an_entry_point_beside_an_unknown_one(tmp_path: Path) -> None:
    estimator = ESTIMATOR.format(entry="script", folder='"code"').replace("\n", "\n    ")
    launching = "from site import name\n" + LAUNCH_OF_BOTH.format(estimator=estimator)
    files = {"launch.py": launching.replace("launch('train.py')", "launch(name)"), "code/other.py": SCRIPT}
    assert codes(tmp_path, files, "TRN406") == []
