"""A harmful change of a launcher or of its script, and the codes that report it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.seeding.launched import Place, SourceFile
from benchmarks.seeding.trees import misspelt

Changes = Iterator[tuple[SourceFile, str]]
Seed = Callable[[Place], Changes]


class Kind(NamedTuple):
    """One kind of change. ``seed`` yields a file and its changed module, once for each possible place.

    One of ``codes`` is enough: several are right where a change has several consequences.
    """

    name: str
    codes: frozenset[str]
    seed: Seed


KINDS: list[Kind] = []
"""All kinds, in the order of their modules."""


def kind(codes: str) -> Callable[[Seed], Seed]:
    """Add a kind of change."""

    def add(seed: Seed) -> Seed:
        KINDS.append(Kind(seed.__name__.replace("_", " "), frozenset(codes.split()), seed))
        return seed

    return add


def other_name(word: str) -> str:
    """Return a misspelt word that is no beginning of the word: argparse accepts unique beginnings of options."""
    found = misspelt(word)
    return f"{word}x" if word.startswith(found) else found
