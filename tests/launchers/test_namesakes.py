"""A missing entry point with one namesake: the other mistakes of the job are reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launchers.pairs import findings

LAUNCHER = """
from sagemaker.pytorch import PyTorch

estimator = PyTorch(
    entry_point="train.py",
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    framework_version="2.1",
    py_version="py310",
    instance_count=1,
    instance_type="ml.m5.large",
    hyperparameters={"rates": 3},
)
estimator.fit({"train": "s3://bucket/train"})
"""
SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
print(parser.parse_args().rate)
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"code/a.py": "", "scripts/train.py": SCRIPT}, ["TRN406", "TRN410"]),
        ({"code/a.py": "", "scripts/train.py": SCRIPT, "old/train.py": SCRIPT}, ["TRN406"]),
        ({"code/a.py": "", "scripts/fit.py": SCRIPT}, ["TRN406"]),
        ({"code/train.py": SCRIPT, "scripts/train.py": ""}, ["TRN410"]),
    ],
)
def test_the_only_namesake_is_compared(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = findings(tmp_path, {"launch.py": LAUNCHER, **files}, "TRN406", "TRN410")
    assert [one.code for one in found] == expected


SAVING = """
import argparse
import os

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--rates", type=int)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--folder", default="weights")
args = parser.parse_args()
model = torch.nn.Linear(2, 2)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(args.epochs):
    loss = model(torch.load("x")).sum()
    loss.backward()
    optimizer.step()
    torch.save(model.state_dict(), {path})
"""


@pytest.mark.parametrize(
    ("path", "reports"),
    [
        ('"weights/model.pt"', True),
        ('f"weights/model_{epoch}.pt"', True),
        ('f"model_{epoch}.pt"', True),
        ('"epoch-%d.pt" % epoch', True),
        ('os.path.join("weights", f"{epoch}.pt")', True),
        ('os.path.join(args.folder, f"epoch_{epoch}")', True),
        ('os.path.join(args.folder, "epoch_" + str(epoch))', True),
        ('os.path.join(os.environ["SM_MODEL_DIR"], f"model_{epoch}.pt")', False),
        ('f"{epoch}.pt"', False),
        ('os.path.join(os.environ["FOLDER"], f"model_{epoch}.pt")', False),
        ('f"s3{epoch}/model.pt"', False),
    ],
)
def test_the_number_of_an_epoch_is_no_place(path: str, reports: bool, tmp_path: Path) -> None:
    files = {"launch.py": LAUNCHER, "code/train.py": SAVING.format(path=path)}
    assert bool(findings(tmp_path, files, "TRN104")) is reports
