"""What a check has read of one file is released before the next: the garbage collector has nothing to find.

Scopes refer to their bindings and back, so a program that nobody closes stays until a collection.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from training_alignment.checking import containers, run, selection
from training_alignment.repository.programs import KEPT
from training_alignment.rules.step_rule import PACKAGE

from benchmarks import scale
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.finding import Finding
from flake8_training.rules.registry import rules
from tests.harness import flake8, write

RULE = next(rule for rule in rules(PACKAGE) if rule.code == "TRN439")
NOTEBOOK = """\
{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": [
"from sagemaker.pytorch import PyTorch\\n", "def fit(name):\\n", "    return PyTorch(entry_point=name)\\n"]}],
"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
"""
SCRIPT = """\
import os
import shared

def main():
    print(shared.label(os.environ["SM_CHANNEL_TRAIN"]))

main()
"""


@contextmanager
def without_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def scopes_after(work: Callable[[], object]) -> int:
    """Return the number of scopes that are left when the collector has not run."""
    with without_collection():
        before = sum(isinstance(one, Scope) for one in gc.get_objects())
        work()
        return sum(isinstance(one, Scope) for one in gc.get_objects()) - before


def steps(folder: Path, number: int) -> Path:
    scale.repository(folder, number)
    return folder


def launchers(folder: Path, number: int) -> Path:
    for one in range(number):
        start = f'from sagemaker.pytorch import PyTorch\nPyTorch(entry_point="fit.py", source_dir="s{one}").fit()\n'
        files = {f"launch_{one}.py": start, f"launch_{one}.ipynb": NOTEBOOK, f"s{one}/fit.py": SCRIPT}
        write(folder, files | {f"s{one}/shared.py": "def label(table):\n    return table\n"})
    return folder


@pytest.mark.parametrize("repository", [steps, launchers])
def test_a_check_of_more_files_leaves_no_more_scopes(
    tmp_path: Path, repository: Callable[[Path, int], Path]
) -> None:
    few, many = (repository(tmp_path / str(number), number) for number in (20, 40))
    left = [scopes_after(partial(run.check_repository, root, merge_copies=False)) for root in (few, many)]
    assert 0 < left[1] <= left[0]


def test_launches_of_own_images_are_asked_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has been read for them stays open until the images are checked, however many files come between."""
    files = {path: text for path, text in RULE.bad.files.items() if path != "launch.py"}
    launch = RULE.bad.files["launch.py"]
    write(tmp_path, files | {f"launch_{one:02}.py": launch for one in range(2 * KEPT)})
    check = containers.container_findings
    asked: list[list[str]] = []

    def ask(*arguments: Any) -> Iterator[Finding]:
        asked.extend(list(one.file.launcher.program.modules) for one in arguments[-1])
        return check(*arguments)

    monkeypatch.setattr(selection, "container_findings", ask)
    found = run.check_repository(tmp_path, merge_copies=False).findings
    assert asked == [[""]] * 2 * KEPT
    assert {(one.code, one.path) for one in found} == {("TRN439", "container/Dockerfile")}


def test_flake8_leaves_no_scopes_of_a_file(tmp_path: Path) -> None:
    paths = [f"{one}/fit.py" for one in range(40)]
    for path in paths:
        write(
            tmp_path, {path: SCRIPT, path.replace("fit", "shared"): "def label(table):\n    return table\n"}
        )
    flake8("--select=TRN", "-j1", *paths[:20], folder=tmp_path)
    few, many = (
        scopes_after(partial(flake8, "--select=TRN", "-j1", *some, folder=tmp_path))
        for some in (paths[:20], paths)
    )
    assert many <= few
