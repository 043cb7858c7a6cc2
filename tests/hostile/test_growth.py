"""The work for a repository grows no faster than the repository. It is counted in calls of functions, not in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import pytest

from benchmarks import growth_repository
from benchmarks.growth import KINDS, check, check_repository
from flake8_training.plugin import AdvicePlugin, TrainingPlugin

SIZES = {
    "the same, one script changed": 25,
    "the same, contracts and specifications in two folders": 15,
    "steps: one script": 25,
    "steps: the same script name in each folder": 15,
    "contract: names of which script and specification have none": 25,
    "specifications: a ring": 20,
    "specifications: a ring, one changed": 25,
    "specifications: each names each": 400,
    "launchers of one script": 10,
    "launchers of one script, which changed": 10,
    "launcher: options the script does not have": 25,
}
"""For each kind its smallest size; it is doubled twice."""


SCRIPTS = {"functions in a chain": 100, "functions calling all": 8}
"""For each kind of script its smallest size; it is doubled twice."""


def calls(check: Callable[[], object]) -> int:
    """Return how many functions of Python a check calls."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        check()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", SIZES)
def test_twice_the_repository_is_twice_the_work(kind: str) -> None:
    smallest = SIZES[kind]
    check_repository(kind, 2)  # imports, tables that are built once
    one, two, four = (calls(partial(check_repository, kind, smallest * times)) for times in (1, 2, 4))
    # what is added is twice as much for twice as many; it would be four times as much for work that is quadratic
    assert four - two <= 2.6 * (two - one)


@pytest.mark.parametrize("kind", SCRIPTS)
def test_twice_the_functions_are_twice_the_work(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for plugin in (TrainingPlugin, AdvicePlugin):
        monkeypatch.setattr(plugin, "settings", plugin.settings)  # the check leaves its own behind
    source, _ = KINDS[kind]
    check(source(2))
    one, two, four = (calls(partial(check, source(SCRIPTS[kind] * times))) for times in (1, 2, 4))
    assert four - two <= 2.6 * (two - one)


def test_every_repository_that_is_counted_is_measured_too() -> None:
    assert SIZES.keys() <= growth_repository.KINDS.keys()
