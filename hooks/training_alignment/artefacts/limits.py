"""Limits on what a file holds, and nodes under construction while YAML or JSON is read.

A file whose values refer to each other can stand for far more than it holds: the limits are on what it expands to.
"""

from __future__ import annotations

from training_alignment.artefacts.read_error import MAX_BYTES, ReadError, too_large
from training_alignment.artefacts.tree import Entry, Listing, Located, Node, Place, Table

MAX_DEPTH = 60

MAX_VALUES = 60_000

"""Values in one file after its aliases are expanded: ten times the largest artefact seen, and still fast to read."""

_FREE_VALUES = 20_000

"""Values that even a small Python file may expand to: it may take over another file's table many times."""


class Budget:
    """The steps that are left for one file. Past them its values are unknown, and `exhausted` is True.

    ``reading`` are the names that are being followed, each with the path of its file, and ``depth`` the number of
    expressions that are being read one inside the other: every reader of one file counts with the same budget.
    """

    __slots__ = ("depth", "exhausted", "left", "reading")

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.depth = 0
        self.reading: set[tuple[str, str]] = set()
        self.exhausted = False

    def take(self, steps: int = 1) -> bool:
        """Use up some steps; return whether there were enough."""
        self.left -= steps
        if self.left < 0:
            self.exhausted = True
        return self.left >= 0


def budget_of(data: bytes) -> Budget:
    """Return the budget of a Python file, which grows with the file."""
    return Budget(min(MAX_VALUES, _FREE_VALUES + len(data)))


class Draft:
    """A table or listing under construction. ``merging`` is True after the key ``<<``."""

    __slots__ = (
        "closed",
        "entries",
        "is_table",
        "items",
        "key",
        "merges",
        "merging",
        "place",
        "weight",
    )

    def __init__(self, place: Place, is_table: bool) -> None:
        self.place = place
        self.is_table = is_table
        self.key: Located[str] | None = None
        self.entries: dict[str, Entry[Node]] = {}
        self.items: list[Node] = []
        self.merging = False
        self.merges: list[Node] = []
        self.closed = True
        self.weight = 1

    def add(self, node: Node, weight: int) -> None:
        """Add the next part: an item, or the value of the current key."""
        self.grow(weight)
        if not self.is_table:
            self.items.append(node)
            return
        assert self.key is not None
        self.entries[self.key.value] = Entry(self.key, node)
        self.key = None

    def grow(self, weight: int) -> None:
        """Count values that are added. Raises `ReadError` if there are too many."""
        self.weight += weight
        if self.weight > MAX_VALUES:
            raise ReadError(
                self.place.path,
                self.place.line,
                self.place.column,
                f"aliases and values expand to more than {MAX_VALUES:,} values",
            )

    def name(self, key: Located[str]) -> None:
        """Set the current key. Raises `ReadError` if the table has the key already."""
        before = self.entries.get(key.value)
        if before is not None:
            raise ReadError(
                key.path,
                key.line,
                key.column,
                f"duplicate key {key.value!r}, first on line {before.place.line}",
            )
        self.key = key

    def finish(self) -> Node:
        """Return the finished node; its own entries override those of YAML's merge keys."""
        if not self.is_table:
            return Listing(tuple(self.items), self.place, self.closed)
        if self.merges:
            under: dict[str, Entry[Node]] = {}
            for merge in reversed(self.merges):
                if isinstance(merge, Table):
                    under.update(merge.entries)
                    self.closed = self.closed and merge.closed
                else:
                    self.closed = False
            self.entries = {**under, **self.entries}
        return Table(self.entries, self.place, self.closed)


def deep(path: str, line: int, column: int) -> ReadError:
    """Return the error for a file that is nested too deeply."""
    return ReadError(path, line, column, f"nested more than {MAX_DEPTH} levels deep")


def check_size(data: bytes, path: str) -> None:
    """Raise `ReadError` if a file is too large to be an artefact."""
    if len(data) > MAX_BYTES:
        raise too_large(path, len(data))
