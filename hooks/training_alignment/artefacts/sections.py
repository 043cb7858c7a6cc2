"""Parts of a tree as tables, lists and scalars.

A part of another kind raises `ReadError`.
"""

from __future__ import annotations

from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import (
    UNKNOWN,
    Call,
    Entry,
    Listing,
    Located,
    Node,
    Scalar,
    Table,
    is_absent,
    kind_of,
)


def first(table: Table[Node], *keys: str) -> Node | None:
    """Return the value of the first key that the table has, or None."""
    for key in keys:
        node = table.get(key)
        if node is not None:
            return node
    return None


def wrong(node: Node, subject: str, expected: str) -> ReadError:
    """Return the error for a part of the wrong kind."""
    place = node.place
    return ReadError(place.path, place.line, place.column, f"{subject} is {kind_of(node)}, not {expected}")


def a_table(node: Node | None, subject: str) -> Table[Node] | None:
    """Return a part that must be a table: None if it is not declared, an open empty table if it is computed."""
    if node is None or isinstance(node, Table):
        return node
    if is_absent(node):
        return Table({}, node.place)
    if isinstance(node, Call) or (isinstance(node, Scalar) and not node.known):
        return Table({}, node.place, closed=False)
    raise wrong(node, subject, "a table")


def a_listing(node: Node | None, subject: str) -> Listing[Node] | None:
    """Return a part that must be a list; a single string is a list with one item."""
    if node is None or isinstance(node, Listing):
        return node
    if is_absent(node):
        return Listing((), node.place)
    if isinstance(node, Call) or (isinstance(node, Scalar) and not node.known):
        return Listing((), node.place, closed=False)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Listing((node,), node.place)
    raise wrong(node, subject, "a list")


def texts(node: Node | None, subject: str) -> Listing[Located[str]] | None:
    """Return a part that must be a list of strings; an unknown item leaves the list open."""
    listing = a_listing(node, subject)
    if listing is None:
        return None
    found: list[Located[str]] = []
    closed = listing.closed
    for item in listing:
        if isinstance(item, Scalar) and isinstance(item.value, str):
            found.append(Located(item.value, item.place))
        elif isinstance(item, Call) or (isinstance(item, Scalar) and not item.known):
            closed = False
        else:
            raise wrong(item, f"an item of {subject}", "a text")
    return Listing(tuple(found), listing.place, closed)


def names(node: Node | None, subject: str) -> Listing[Located[str]] | None:
    """Return the names in a part: the items of a list, or the keys of a table."""
    if isinstance(node, Table):
        return Listing(tuple(entry.name for entry in node), node.place, node.closed)
    return texts(node, subject)


def a_scalar(node: Node | None) -> Scalar | None:
    """Return a part as a single value: unknown if it is something else, None if it is not declared."""
    if node is None or is_absent(node):
        return None
    return node if isinstance(node, Scalar) else Scalar(UNKNOWN, node.place)


def entries_of(node: Node | None, subject: str) -> Table[Node] | None:
    """Return a part with named entries: a table, a list of names, or a list of tables and calls with a name."""
    if not isinstance(node, Listing):
        return a_table(node, subject)
    found: dict[str, Entry[Node]] = {}
    closed = node.closed
    for item in node:
        name = named(item)
        if name is None:
            closed = False
        elif name.value not in found:
            found[name.value] = Entry(name, item)
    return Table(found, node.place, closed)


def named(item: Node) -> Located[str] | None:
    """Return the name of a list item: ``logical_name=``, ``"name":``, or the string that it is; else None."""
    if isinstance(item, Call):
        name = first(item.arguments, "logical_name", "name")
        if name is None and item.positional.items:
            name = item.positional.items[0]
    elif isinstance(item, Table):
        name = first(item, "logical_name", "name")
    else:
        name = item
    if isinstance(name, Scalar) and isinstance(name.value, str):
        return Located(name.value, name.place)
    return None
