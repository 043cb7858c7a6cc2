"""A fault: the change of a file, and the findings that are expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.seeding.files import StepFiles

Seed = Callable[[StepFiles], Iterator[str | None]]


class Fault(NamedTuple):
    """One kind of fault.

    - ``part``: the part of a step with the file that changes.
    - ``said``: code and part of each right finding. One is enough, because a disagreement of two files can be reported
      at either. The part ``other`` is any file of another step.
    - ``follows``: codes of other findings that the fault causes.
    - ``make``: yields the file's source with the fault, once for each possible place, the likeliest first.
    """

    part: str
    name: str
    said: tuple[tuple[str, str], ...]
    follows: frozenset[str]
    make: Seed


FAULTS: list[Fault] = []
"""All faults, in the order of their modules."""


def fault(part: str, expected: str, follows: str = "") -> Callable[[Seed], Seed]:
    """Add a fault of a part. ``expected`` is like ``TRN150 script, TRN202``;

    a code without a part is at the fault's own file.
    """

    def add(make: Seed) -> Seed:
        wanted = [one.split() for one in expected.split(",")]
        pairs = tuple((words[0], words[1] if len(words) > 1 else part) for words in wanted)
        FAULTS.append(
            Fault(part, make.__name__.strip("_").replace("_", " "), pairs, frozenset(follows.split()), make)
        )
        return make

    return add
