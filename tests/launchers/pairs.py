"""A launcher and its script, written to a folder and checked as the command does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training_alignment.checking.run import check

from flake8_training.finding import Finding
from tests.harness import write
from tests.margin import Place, assert_places

ESTIMATOR = """
from sagemaker.{package} import {name}

estimator = {name}(
    entry_point="train.py",
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="2.1",
    py_version="py310",
    {more}
)
estimator.fit({inputs})
"""


def launcher(name: str = "PyTorch", more: str = "", inputs: str = "") -> str:
    """The text of a launcher that starts ``code/train.py``."""
    return ESTIMATOR.format(package=name.lower(), name=name, more=more, inputs=inputs)


def options(*declared: str, parse: str = "parser.parse_args()", more: str = "") -> str:
    """The text of a script with these arguments of ``add_argument``."""
    lines = "".join(f"parser.add_argument({one})\n" for one in declared)
    return f"import argparse\nimport os\n\nparser = argparse.ArgumentParser()\n{lines}args = {parse}\n{more}"


def findings(
    folder: Path, files: dict[str, str], *codes: str, check_only: str | None = None
) -> list[Finding]:
    """What is found of these codes."""
    write(folder, files)
    paths = None if check_only is None else [folder / check_only]
    return check(paths, root=folder, select=codes or None)


def said(folder: Path, files: dict[str, str], *codes: str) -> list[str]:
    """The codes and details that are found."""
    return [f"{f.code} {f.message.partition(': ')[2]}" for f in findings(folder, files, *codes)]


def assert_found(
    folder: Path, files: dict[str, str], expected: list[Place], *codes: str, check_only: str | None = None
) -> None:
    """Assert that what is found of these codes is at these places; a difference is shown in the files."""
    __tracebackhide__ = True
    found = findings(folder, files, *codes, check_only=check_only)
    messages = {(one.path, one.line, one.code): one.message for one in found}
    assert_places([(one.path, one.line, one.code) for one in found], expected, files, messages)


def notebook(*cells: str, indent: int | None = 1) -> str:
    """A notebook of code cells, with a heading and outputs between them."""
    made: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": ["# Training"]}]
    for cell in cells:
        made.append(
            {
                "cell_type": "code",
                "execution_count": 1,
                "metadata": {"source": ["no source"]},
                "outputs": [{"name": "stdout", "text": ['"source": [\n', '"x = 1"\n']}],
                "source": cell.splitlines(keepends=True),
            }
        )
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)
