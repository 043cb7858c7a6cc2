"""The bound on the steps of one check: past it the rest is unknown, and the files are named once."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment.repository import programs

from tests.harness import write
from tests.in_process import run_command

LAUNCHER = """
from sagemaker.pytorch import PyTorch

estimator = PyTorch(entry_point="{script}", source_dir="code", role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge", instance_count=1, framework_version="2.1", py_version="py310",
    hyperparameters={{"rounds": 3}})
estimator.fit()
"""
SCRIPT = """
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
print(parser.parse_args().epochs)
"""


def launched(folder: Path, count: int) -> Path:
    """Write launchers of scripts, each with a hyperparameter that its script does not accept."""
    files = {f"launch_{n}.py": LAUNCHER.format(script=f"train_{n}.py") for n in range(count)}
    write(folder, files | {f"code/train_{n}.py": SCRIPT for n in range(count)})
    return folder


def test_the_files_that_no_steps_are_left_for_are_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = launched(tmp_path, 8)
    whole = run_command(["check", "--all"], folder)
    assert whole.errors == ""
    assert whole.output.count("rounds") >= 8
    monkeypatch.setattr(programs, "MAX_STEPS", 1)
    bounded = run_command(["check", "--all"], folder)
    assert bounded.errors.count("\n") == 1
    assert "not followed: the limit on steps for one check is reached" in bounded.errors
    assert 0 < bounded.output.count("rounds") < whole.output.count("rounds")
    assert set(bounded.output.splitlines()) <= set(whole.output.splitlines())


def test_an_unfollowed_script_of_a_step_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = "{{'entry_point': 'train_{n}.py', 'inputs': {{'train': '/opt/ml/input/data/train'}}}}"
    for n in range(8):
        text = f"TRAIN_{n}_CONTRACT = {contract.format(n=n)}\n"
        write(tmp_path, {f"train_{n}_contract.py": text, f"train_{n}.py": SCRIPT})
    whole = run_command(["check", "--all"], tmp_path)
    monkeypatch.setattr(programs, "MAX_STEPS", -1)
    bounded = run_command(["check", "--all"], tmp_path)
    assert "and 15 other files: not followed" in bounded.errors  # each script and each contract
    assert "TRN002" not in bounded.output
    assert set(bounded.output.splitlines()) < set(whole.output.splitlines())


def test_a_file_with_too_many_values_is_named_once(tmp_path: Path) -> None:
    folder = launched(tmp_path, 1)
    many = "".join(f"a{n} = open(str({n}) + x)\n" for n in range(12_000))
    write(folder, {"code/train_0.py": "import sys\nx = sys.argv[1]\n" + many + SCRIPT})
    done = run_command(["check", "--all"], folder)
    assert done.errors.count("\n") == 1
    assert done.errors.startswith("training-alignment: code/train_0.py: ")
    assert "the limit on steps for one file is reached" in done.errors
