"""The work for a repository grows no faster than the repository. It is counted in calls of functions, not in time."""

from __future__ import annotations

import sys

import pytest

from benchmarks import growth_repository
from benchmarks.growth import check_repository

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


def calls(kind: str, size: int) -> int:
    """Return how many functions of Python are called to check a repository."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        check_repository(kind, size)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", SIZES)
def test_twice_the_repository_is_twice_the_work(kind: str) -> None:
    smallest = SIZES[kind]
    check_repository(kind, 2)  # imports, tables that are built once
    one, two, four = (calls(kind, smallest * times) for times in (1, 2, 4))
    # what is added is twice as much for twice as many; it would be four times as much for work that is quadratic
    assert four - two <= 2.6 * (two - one)


def test_every_repository_that_is_counted_is_measured_too() -> None:
    assert SIZES.keys() <= growth_repository.KINDS.keys()
