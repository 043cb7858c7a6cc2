"""A finding in copies of one file is one finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.harness import write
from tests.in_process import run_command

SCRIPT = """import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--exact", type=bool, default=True)
arguments = parser.parse_args()
print(os.environ["SM_CHANEL_TRAIN"], arguments.exact)
"""


def found(folder: Path, files: dict[str, str]) -> list[dict[str, Any]]:
    write(folder, files)
    result: list[dict[str, Any]] = json.loads(
        run_command(["check", "--all", "--format=json", "--select=TRN110"], folder).output
    )
    return result


def notebook(*cells: str) -> str:
    return json.dumps(
        {"cells": [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]}, indent=1
    )


LAUNCHER = """
from sagemaker.pytorch import PyTorch

PyTorch(entry_point="train.py", role="arn:aws:iam::123456789012:role/Training", instance_count=1,
        instance_type="ml.m5.xlarge", framework_version="2.1", py_version="py310").fit("s3://bucket/train/")
"""


def test_copies_of_a_script_are_one_finding(tmp_path: Path) -> None:
    files = {
        f"{name}/{path}": text
        for name in "abc"
        for path, text in {"train.py": SCRIPT, "launch.py": LAUNCHER}.items()
    }
    (one,) = found(tmp_path, files)
    assert (one["path"], one["line"]) == ("a/train.py", 7)
    assert one["message"].endswith("(and 2 copies)")
    assert [(other["path"], other["line"]) for other in one["related"][-2:]] == [
        ("b/train.py", 7),
        ("c/train.py", 7),
    ]


def test_another_file_with_the_same_line_is_no_copy(tmp_path: Path) -> None:
    files = {
        "a/train.py": SCRIPT,
        "a/launch.py": LAUNCHER,
        "b/train.py": SCRIPT + "print(1)\n",
        "b/launch.py": LAUNCHER,
    }
    assert [one["path"] for one in found(tmp_path, files)] == ["a/train.py", "b/train.py"]


def test_two_lines_of_one_file_are_two_findings(tmp_path: Path) -> None:
    script = SCRIPT + 'print(os.environ["SM_CHANEL_TRAIN"])\n'
    files = {"a/train.py": script, "a/launch.py": LAUNCHER, "b/train.py": script, "b/launch.py": LAUNCHER}
    assert [(one["path"], one["line"]) for one in found(tmp_path, files)] == [
        ("a/train.py", 7),
        ("a/train.py", 8),
    ]


def test_a_cell_that_writes_the_module_adds_no_finding(tmp_path: Path) -> None:
    files = {"train.py": SCRIPT, "run.ipynb": notebook("%%writefile train.py\n" + SCRIPT, LAUNCHER)}
    assert [one["path"] for one in found(tmp_path, files)] == ["train.py"]
