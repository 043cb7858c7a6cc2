"""A fault: how it gets into a file of a step, and what has to be said of it, at which part's file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.seeding.files import StepFiles

Making = Callable[[StepFiles], Iterator[str | None]]


class Fault(NamedTuple):
    """One kind of fault.

    ``said`` holds code and part of each finding that would be right: one of them is enough, since a disagreement of two
    files can be told at either; the part ``other`` is any file of another step. ``follows`` are codes of what comes of
    the fault besides. ``make`` yields the file's text with the fault in it, one for each place that it can have, the
    likeliest first; nothing where the step has no place for it.
    """

    part: str
    name: str
    said: tuple[tuple[str, str], ...]
    follows: frozenset[str]
    make: Making


FAULTS: list[Fault] = []
"""All of them, in the order of their modules."""


def fault(part: str, said: str, follows: str = "") -> Callable[[Making], Making]:
    """Add a fault of a part. ``said`` is like ``TRN150 script, TRN202``; without a part it is the fault's own."""

    def add(make: Making) -> Making:
        wanted = [one.split() for one in said.split(",")]
        pairs = tuple((words[0], words[1] if len(words) > 1 else part) for words in wanted)
        FAULTS.append(
            Fault(part, make.__name__.strip("_").replace("_", " "), pairs, frozenset(follows.split()), make)
        )
        return make

    return add
