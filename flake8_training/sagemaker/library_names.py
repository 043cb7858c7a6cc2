"""Names and keywords of libraries that went or came with a version.

Source: the wheels of the versions that ``tables/library_names.json`` names, read by ``scripts/library_names.py``. A
version between two that were read has a name if both have it, and lacks it if both lack it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal

from flake8_training.record import Record
from flake8_training.sagemaker.table_files import load

State = Literal["has", "lacks", "unknown"]
Number = tuple[int, ...]

_ALSO: Mapping[str, str] = MappingProxyType({"lightning.pytorch": "pytorch_lightning"})
"""Other names under which a library is imported."""


_WITH_ATTRIBUTES = ("numpy", "pandas", "tensorflow")


class Change(Record):
    """A name or keyword, and the numbers between which the versions read have it."""

    distribution: str
    name: str
    edges: tuple[int, ...]

    def state(self, version: str) -> State:
        """Return whether a version of the distribution has it; ``version`` may be the beginning of one (``1.2``)."""
        known = _versions(self.distribution)
        wanted = number(version)
        if not wanted:
            return "unknown"
        near = [index for index, one in enumerate(known) if one[: len(wanted)] == wanted]
        if not near:
            below = [index for index, one in enumerate(known) if one < wanted]
            above = [index for index, one in enumerate(known) if one > wanted]
            near = [*below[-1:], *above[:1]]
        states = {self._has(index) for index in near}
        if len(states) != 1:
            return "unknown"
        return "has" if states.pop() else "lacks"

    def _has(self, index: int) -> bool:
        return sum(edge <= index for edge in self.edges) % 2 == 1

    @property
    def history(self) -> str:
        """Where it came or went, for a message: ``gone in 0.20.0`` or ``new in 4.41.2``."""
        names = load("library_names")["libraries"][self.distribution]["versions"]
        if self.edges[-1] < len(names):
            return f"gone in {names[self.edges[-1]]}"
        return f"new in {names[self.edges[0 if self.edges[0] else -2]]}"


def distribution_of(dotted: str) -> str | None:
    """Return the distribution of the table that a canonical name belongs to, or None."""
    for other, package in _ALSO.items():
        if dotted == other or dotted.startswith(f"{other}."):
            return _packages().get(package)
    return _packages().get(dotted.partition(".")[0])


def keyword_changes(dotted: str) -> Mapping[str, Change]:
    """Return the keywords of a called class, method or function that went or came, by name; empty for any other."""
    distribution = distribution_of(dotted)
    if distribution is None:
        return MappingProxyType({})
    parts = dotted.replace("()", "").split(".")
    library: dict[str, Any] = load("library_names")["libraries"][distribution]
    table = library["keywords"]
    row = table.get(".".join(parts[-2:])) or table.get(parts[-1]) or {}
    base = library.get("whole", {}).get(parts[-1], {}).get("inherits")
    if base:
        # A class of the library takes the keywords of its base, too.
        row = {**table.get(base, {}), **row}
    return {name: Change(distribution, name, tuple(edges)) for name, edges in row.items()}


def all_keywords(dotted: str) -> frozenset[str]:
    """Return every keyword that some version of a class accepts; empty for a class whose keywords are not all known."""
    distribution = distribution_of(dotted)
    row: dict[str, Any] = load("library_names")["libraries"].get(distribution or "", {})
    found: set[str] = set()
    name = dotted.removesuffix("()").rpartition(".")[2]
    while name:
        whole = row.get("whole", {}).get(name)
        if whole is None:
            return frozenset()
        found.update(whole["always"], row["keywords"].get(name, ()))
        name = whole["inherits"]
    return frozenset(found)


def newest(distribution: str) -> str:
    """Return the newest version of a distribution that was read."""
    return str(load("library_names")["libraries"][distribution]["versions"][-1])


def name_change(dotted: str) -> Change | None:
    """Return the change of an imported name (``sklearn.externals.joblib``), or of a module around it, or None."""
    distribution = distribution_of(dotted)
    if distribution is None:
        return None
    names: dict[str, list[int]] = load("library_names")["libraries"][distribution]["names"]
    name = dotted.partition(".")[2]
    while name:
        edges = names.get(name)
        if edges:
            return Change(distribution, name, tuple(edges))
        name = name.rpartition(".")[0]
    return None


def method_change(dotted: str) -> Change | None:
    """Return the change of a method of a class (``keras.Model().fit_generator``), or None."""
    distribution = distribution_of(dotted)
    owner, _, method = dotted.rpartition(".")
    if distribution is None or not owner.endswith("()"):
        return None
    classes = load("library_names")["libraries"][distribution].get("methods", {})
    edges = classes.get(owner.removesuffix("()").rpartition(".")[2], {}).get(method)
    return Change(distribution, method, tuple(edges)) if edges else None


def changed_attributes() -> frozenset[str]:
    """Return the names that are read as attributes of their library: those at the top of some libraries."""
    table = load("library_names")["libraries"]
    return frozenset(name for library in _WITH_ATTRIBUTES for name in table.get(library, {}).get("names", ()))


def number(version: str) -> Number:
    """Return the numbers of a version; empty for none."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def distributions() -> Iterator[str]:
    """Yield the distributions of the table."""
    yield from load("library_names")["libraries"]


@functools.cache
def _packages() -> dict[str, str]:
    return {row["package"]: name for name, row in load("library_names")["libraries"].items()}


@functools.cache
def _versions(distribution: str) -> tuple[Number, ...]:
    return tuple(number(one) for one in load("library_names")["libraries"][distribution]["versions"])
