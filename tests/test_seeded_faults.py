"""Every fault that can be seeded into ``examples/``: the right code at the right file, and nothing that is untrue."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import EXAMPLES, described
from benchmarks.seeding.fault import FAULTS, Fault
from benchmarks.seeding.measuring import Tree
from tests.alignment import check

STEPS = ("xgboost-training", "ImageTraining", "DemandTraining")
LAUNCHERS = (
    "examples/good/launch_pytorch_training.py",
    "examples/good/launch_xgboost_churn.py",
    "examples/good/tune_xgboost_churn.py",
)
ELSEWHERE = {
    "builder: a variable misspelt",
    "builder: the contract of another step",
    "configuration: a source folder that there is not",
    "flow: an upstream step dropped",
    "specification: a property path with another output",
    "specification: the name of the step misspelt",
}
"""Faults that no step of the examples has a place for."""


def called(fault: Fault) -> str:
    """The part and name of a fault."""
    return f"{fault.part}: {fault.name}"


HERE = [fault for fault in FAULTS if called(fault) not in ELSEWHERE]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A copy of the examples."""
    before = Path.cwd()
    try:
        yield Tree(EXAMPLES, tmp_path_factory.mktemp("seeded"))
    finally:
        os.chdir(before)


def test_the_steps_of_the_examples(tree: Tree) -> None:
    assert set(tree.good_steps) == {*STEPS, *LAUNCHERS}


def test_the_examples_themselves_have_no_findings(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "good", tmp_path / "examples" / "good")
    assert check("--all", folder=tmp_path).places == []


@pytest.mark.parametrize("fault", HERE, ids=called)
def test_fault(fault: Fault, tree: Tree) -> None:
    names = tree.good_steps
    first = FAULTS.index(fault) % len(names)  # so that each style of a step has its share
    outcomes = (o for name in [*names[first:], *names[:first]] for o in tree.seeded(tree.steps[name], fault))
    outcome = next(outcomes)
    assert outcome.right, described(outcome)
    assert not outcome.new, described(outcome)
