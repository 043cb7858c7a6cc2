"""The common tree of all formats: scalars, tables, listings and calls, with places.

Python literals, YAML and JSON become the same tree, so the meaning of a contract is implemented once. The records here
and in the model are named tuples: there are many of them and the commit hook starts often, and a data class takes ten
times as long to define.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Final, Generic, TypeVar

from flake8_training.ledger import Reason, note_unknown
from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts import read_error

T = TypeVar("T")

ReadError = read_error.ReadError
"""The error of the readers of this tree."""


class Unknown(Enum):
    """The type of `UNKNOWN`: a value that is unknown without running the program."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN


class Place(NamedTuple):
    """A place in a file: a path relative to the repository, line and column from 1."""

    path: str
    line: int
    column: int


class Located(NamedTuple, Generic[T]):
    """A value with its place."""

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


class Name(NamedTuple):
    """A value of which only the source is known, e.g. ``self.config.instance_type``."""

    dotted: str


Plain = str | int | float | bool | bytes | complex | None


class Literal(NamedTuple):
    """A literal value without a place."""

    value: Plain


class Scalar(NamedTuple):
    """A single value; a `Name` or `UNKNOWN` if only the running program knows it."""

    value: Plain | Name | Unknown
    place: Place

    @property
    def known(self) -> bool:
        """Return whether the value is known."""
        return self.value is not UNKNOWN and not isinstance(self.value, Name)


class Entry(NamedTuple, Generic[T]):
    """One entry of a table: its name with the place of the name, and its value."""

    name: Located[str]
    value: T

    @property
    def place(self) -> Place:
        return self.name.place


class Table(Generic[T]):
    """Named values in the order written. ``closed``: there are no others; a ``**spread`` leaves a table open.

    A table is immutable; `replaced` returns another one.
    """

    __slots__ = ("closed", "entries", "place")

    def __init__(self, entries: Mapping[str, Entry[T]], place: Place, closed: bool = True) -> None:
        self.entries = entries
        self.place = place
        self.closed = closed

    def __repr__(self) -> str:
        return f"Table({dict(self.entries)!r}, {self.place!r}, closed={self.closed})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return (self.entries, self.place, self.closed) == (other.entries, other.place, other.closed)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def get(self, name: str) -> T | None:
        """Return the value of that name, or None."""
        entry = self.entries.get(name)
        return None if entry is None else entry.value

    def lacks(self, name: str) -> bool:
        """Return whether the name is certainly not in the table; note it for the rule that asks if it is unknown."""
        if name in self.entries:
            return False
        if not self.closed:
            note_unknown(Reason.MAPPING, self.place, what=name, weak=True)
        return self.closed

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.entries)

    def replaced(
        self,
        *,
        entries: Mapping[str, Entry[T]] | None = None,
        place: Place | None = None,
        closed: bool | None = None,
    ) -> Table[T]:
        """Return a copy of the table with the parts that are not None replaced."""
        return Table(
            self.entries if entries is None else entries,
            self.place if place is None else place,
            self.closed if closed is None else closed,
        )


class Listing(Generic[T]):
    """Values in order. ``closed``: there are no others. A listing is immutable."""

    __slots__ = ("closed", "items", "place")

    def __init__(self, items: tuple[T, ...], place: Place, closed: bool = True) -> None:
        self.items = items
        self.place = place
        self.closed = closed

    def __repr__(self) -> str:
        return f"Listing({self.items!r}, {self.place!r}, closed={self.closed})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Listing):
            return NotImplemented
        return (self.items, self.place, self.closed) == (other.items, other.place, other.closed)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def replaced(self, *, place: Place | None = None, closed: bool | None = None) -> Listing[T]:
        """Return a copy of the listing with the parts that are not None replaced."""
        return Listing(
            self.items, self.place if place is None else place, self.closed if closed is None else closed
        )


class Call(NamedTuple):
    """A call that is not a literal: ``DependencySpec(...)``; ``name`` is dotted, with imports resolved."""

    name: str
    arguments: Table[Node]
    positional: Listing[Node]
    place: Place

    @property
    def last_name(self) -> str:
        return self.name.rpartition(".")[2]


Node = Scalar | Table["Node"] | Listing["Node"] | Call


def merged(base: Node, over: Node, *, deep: bool) -> Node:
    """Return ``over`` merged into ``base``: tables entry by entry (``deep``:

    inside entries too), other nodes replaced.
    """
    if not (isinstance(base, Table) and isinstance(over, Table)):
        return over
    entries = dict(base.entries)
    for name, entry in over.entries.items():
        before = entries.get(name)
        if deep and before is not None:
            entry = entry._replace(value=merged(before.value, entry.value, deep=True))
        entries[name] = entry
    return Table(entries, base.place, base.closed and over.closed)


def opened(node: Node) -> Node:
    """Return the same table or listing, no longer closed; a scalar becomes unknown."""
    if isinstance(node, Table | Listing):
        return node.replaced(closed=False)
    return Scalar(UNKNOWN, node.place)


def all_closed(*parts: Table[Any] | Listing[Any]) -> bool:
    """Return whether all tables and listings are closed; note the first open one for the rule that asks."""
    opened = next((part for part in parts if not part.closed), None)
    if opened is not None:
        note_unknown(Reason.MAPPING, opened.place, weak=True)
    return opened is None


def table_of(node: Node | None) -> Table[Node] | None:
    """Return ``node`` if it is a table, else None."""
    return node if isinstance(node, Table) else None


def is_absent(node: Node | None) -> bool:
    """Return whether nothing is declared: no node, or None."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def is_empty(node: Node | None) -> bool:
    """Return whether there is no value, or it is None or an empty string."""
    return is_absent(node) or (
        isinstance(node, Scalar) and isinstance(node.value, str) and not node.value.strip()
    )


def text_of(node: Node | None) -> Located[str] | None:
    """Return a known string with its place; None for any other node."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Located(node.value, node.place)
    return None


def kind_of(node: Node) -> str:
    """Return the kind of a node for a message: "a table", "a list", "a number" ..."""
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
