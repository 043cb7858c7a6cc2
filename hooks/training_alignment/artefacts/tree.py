"""The tree that every format is read into: scalars, tables, listings and calls, each with its place.

Python literals, YAML and JSON give the same tree, so that what a contract means is written down once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class Unknown(Enum):
    """The type of `UNKNOWN`: a value that cannot be told without running the program."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a path relative to the repository, line and column from 1."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A value and the place where it stands."""

    value: T
    place: Place

    @property
    def path(self) -> str:
        return self.place.path

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column


@dataclass(frozen=True, slots=True)
class Name:
    """A value known only by how it is written, e.g. ``self.config.instance_type``."""

    dotted: str


Plain = str | int | float | bool | bytes | complex | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal value, wherever it stands."""

    value: Plain


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; a `Name` or `UNKNOWN` where only the running program knows it."""

    value: Plain | Name | Unknown
    place: Place

    @property
    def known(self) -> bool:
        """Whether the value is written down."""
        return self.value is not UNKNOWN and not isinstance(self.value, Name)


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One entry of a table: its name with the place of the name, and its value."""

    name: Located[str]
    value: T

    @property
    def place(self) -> Place:
        return self.name.place


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """Named values in the order written. ``closed``: there are no others; a ``**spread`` leaves a table open."""

    entries: Mapping[str, Entry[T]]
    place: Place
    closed: bool = True

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def get(self, name: str) -> T | None:
        """The value of that name, or None."""
        entry = self.entries.get(name)
        return None if entry is None else entry.value

    def lacks(self, name: str) -> bool:
        """Whether the name is certainly not in it."""
        return self.closed and name not in self.entries

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.entries)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Values in order. ``closed``: there are no others."""

    items: tuple[T, ...]
    place: Place
    closed: bool = True

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something that is no literal: ``DependencySpec(...)``; ``name`` is dotted, as far as imports tell."""

    name: str
    arguments: Table[Node]
    positional: Listing[Node]
    place: Place

    @property
    def last_name(self) -> str:
        return self.name.rpartition(".")[2]


Node = Scalar | Table["Node"] | Listing["Node"] | Call

EMPTY: Final[Mapping[str, Entry[Node]]] = MappingProxyType({})


def merged(base: Node, over: Node, *, deep: bool) -> Node:
    """``over`` laid over ``base``: tables entry by entry (``deep``: inside entries too), all else replaced."""
    if not (isinstance(base, Table) and isinstance(over, Table)):
        return over
    entries = dict(base.entries)
    for name, entry in over.entries.items():
        before = entries.get(name)
        if deep and before is not None:
            entry = replace(entry, value=merged(before.value, entry.value, deep=True))
        entries[name] = entry
    return Table(entries, base.place, base.closed and over.closed)


def opened(node: Node) -> Node:
    """The same table or listing, no longer closed; a scalar turns unknown."""
    if isinstance(node, Table | Listing):
        return replace(node, closed=False)
    return Scalar(UNKNOWN, node.place)


def table_of(node: Node | None) -> Table[Node] | None:
    """``node`` if it is a table."""
    return node if isinstance(node, Table) else None


def is_absent(node: Node | None) -> bool:
    """Whether nothing is stated: no node, or None."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def text_of(node: Node | None) -> Located[str] | None:
    """A known text with its place; None for anything else."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Located(node.value, node.place)
    return None


def kind_of(node: Node) -> str:
    """What a node is, for a message: "a table", "a list", "a number" ..."""
    if isinstance(node, Table):
        return "a table"
    if isinstance(node, Listing):
        return "a list"
    if isinstance(node, Call):
        return f"a call of {node.last_name}"
    if isinstance(node.value, bool):
        return "a truth value"
    if isinstance(node.value, int | float | complex):
        return "a number"
    if isinstance(node.value, str):
        return "a text"
    if isinstance(node.value, bytes):
        return "bytes"
    return "nothing" if node.value is None else "a computed value"
