"""``SourceCode(command=...)`` of SDK v3: the script that it starts, and the arguments that the script gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import said

TRAINER = """
import sys

from sagemaker.train import ModelTrainer
from sagemaker.core.training.configs import SourceCode

word = sys.argv[1]
ModelTrainer(
    training_image="image",
    source_code=SourceCode(source_dir="code", command={command}),
).train()
"""
SCRIPT = """
import argparse

from sklearn.linear_model import LogisticRegression

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int{required})
args = parser.parse_args()
model = LogisticRegression(max_iter=args.epochs or 1).fit([[0], [1]], [0, 1])
print(model.score([[0], [1]], [0, 1]))
"""
STARTING = [
    "python train.py",
    "python3 -u train.py",
    "torchrun --nproc_per_node=2 train.py",
    "accelerate launch --num_processes 2 train.py",
    "python -m torch.distributed.run --nproc_per_node=2 train.py",
    "pip install -r requirements.txt && python train.py",
    "python /opt/ml/input/data/code/train.py",
    "LEVEL=1 exec python train.py",
    "mpirun -np 2 python train.py",
    "uv run train.py",
    "deepspeed --num_gpus=2 train.py",
]
ELSEWHERE = [
    ("python -m pack.train", "pack/train.py"),
    ("python -m torch.distributed.run -m pack.train", "pack/train.py"),
    ("cd pack && python train.py", "pack/train.py"),
    ("python pack/train.py", "pack/train.py"),
]
SAVES = "the training job does not save a model"


def found(tmp_path: Path, command: str, files: dict[str, str], *codes: str, required: str = "") -> list[str]:
    script = SCRIPT.format(required=required)
    sources = {f"code/{path}": text.replace("SCRIPT", script) for path, text in files.items()}
    return said(tmp_path, {"launch.py": TRAINER.format(command=command), **sources}, *codes)


@pytest.mark.parametrize(
    ("command", "path"), [*((one, "train.py") for one in STARTING), *ELSEWHERE], ids=lambda one: one
)
def test_the_script_of_a_command(command: str, path: str, tmp_path: Path) -> None:
    files = {path: "SCRIPT"}
    assert [one[:6] for one in found(tmp_path / "saves", repr(command), files, "TRN104")] == ["TRN104"]
    refused = found(tmp_path / "refused", repr(f"{command} --epoch-s 3"), files, "TRN410", "TRN426")
    assert refused == [f"TRN410 code/{path} has no --epoch-s (exit code 2), did you mean --epochs?"]
    taken = f"{command} --epochs 3"
    assert found(tmp_path / "taken", repr(taken), files, "TRN410", "TRN426", required=", required=True") == []
    lacking = found(
        tmp_path / "lacking", repr(command), files, "TRN410", "TRN426", required=", required=True"
    )
    assert lacking == ["TRN426 --epochs (argparse exits with code 2)"]


@pytest.mark.parametrize(
    ("shell", "is_known"),
    [
        ("#!/bin/bash\npip install -r requirements.txt\nexec python train.py\n", True),
        ("set -e\nif true; then\n  torchrun train.py $@\nfi\n", True),
        ("# python train.py\necho start\n", False),
        ("python train.py\npython second.py\n", False),
        ("python $SCRIPT\n", False),
    ],
)
@pytest.mark.parametrize("command", ["bash start.sh", "./start.sh --rate 3", "sh -e start.sh"])
def test_a_shell_script_starts_the_script(shell: str, is_known: bool, command: str, tmp_path: Path) -> None:
    files = {"train.py": "SCRIPT", "second.py": "print(1)\n", "start.sh": shell}
    codes = [one[:6] for one in found(tmp_path, repr(command), files, "TRN104", "TRN410", "TRN426")]
    assert codes == ["TRN104"] * is_known


@pytest.mark.parametrize(
    "command",
    [
        "f'python train.py {word}'",
        "f'python train.py --epochs {word}'",
        "'python train.py $OPTIONS'",
        "'python train.py --epochs=$EPOCHS'",
        "'python other.py --epoch-s 3'",
        "'cd $FOLDER && python train.py --epoch-s 3'",
        "'python prepare.py && python train.py --epoch-s 3'",
        "'echo train.py --epoch-s 3'",
        "'echo python train.py --epoch-s 3'",
        "'python train.py --epochs 3 > log.txt --epochs 3'",
    ],
)
def test_unknown_commands(command: str, tmp_path: Path) -> None:
    files = {"train.py": "SCRIPT", "prepare.py": "print(1)\n"}
    assert found(tmp_path, command, files, "TRN410", "TRN426", required=", required=True") == []
