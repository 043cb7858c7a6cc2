"""Values in a source, Python or YAML: their spans, and the source with one changed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml


class Value(NamedTuple):
    """A value as written: its span in the source, its scalar if it is one, its entries if it is a dict or list.

    Keyword arguments of a call are entries too. ``node`` is the Python node; it is None in YAML.
    """

    text: str
    start: int
    end: int
    scalar: object = None
    entries: tuple[Entry, ...] = ()
    node: ast.AST | None = None

    def get(self, *names: str) -> Value | None:
        """Return the value of the first of these names that exists, or None."""
        found = (entry.value for name in names for entry in self.entries if entry.name == name)
        return next(found, None)

    def entry(self, *names: str) -> Entry | None:
        """Return the entry of the first of these names that exists, or None."""
        return next((entry for name in names for entry in self.entries if entry.name == name), None)

    @property
    def word(self) -> str:
        """Return the string value; empty if it is no string."""
        return self.scalar if isinstance(self.scalar, str) else ""

    def to(self, word: object) -> str:
        """Return the whole source with another scalar in its place."""
        if self.node is None:
            return self.replaced(_yaml(word))
        plain = isinstance(word, str) and not set(word) & set('"\\\n')
        return self.replaced(f'"{word}"' if plain else repr(word))

    def replaced(self, new: str) -> str:
        """Return the whole source with ``new`` in its place."""
        return self.text[: self.start] + new + self.text[self.end :]

    def without(self, entry: Entry) -> str:
        """Return the whole source without one of its entries."""
        place = self.entries.index(entry)
        if self.node is None and self.text[self.start] not in "{[":
            return self._without_lines(place)
        if place + 1 < len(self.entries):
            return self.text[: entry.start] + self.text[self.entries[place + 1].start :]
        start = self.entries[place - 1].value.end if place else entry.start
        comma = re.match(r"\s*,", self.text[entry.value.end :]) if not place else None
        return self.text[:start] + self.text[entry.value.end + (comma.end() if comma else 0) :]

    def _without_lines(self, place: int) -> str:
        if len(self.entries) == 1:
            empty = "{}" if self.entries[0].name is not None else "[]"
            return self.text[: self.start] + empty + "\n" + self.text[self.entries[0].whole_end :]
        start = self.text.rfind("\n", 0, self.entries[place].start) + 1
        return self.text[:start] + self.text[self.entries[place].whole_end :]

    def with_entry(self, name: str | None, word: object) -> str:
        """Return the whole source with one more entry, the first."""
        if self.node is not None:
            item = repr(word) if name is None else f"{name!r}: {word!r}"
            if isinstance(self.node, ast.Call):
                item = f"{name}={word!r}"
            first = self.entries[0].start if self.entries else self.text.find("(", self.start) + 1
            if not self.entries and not isinstance(self.node, ast.Call):
                first = self.start + 1
            return f"{self.text[:first]}{item}, {self.text[first:]}"
        item = _yaml(word) if name is None else f"{name}: {_yaml(word)}"
        if name is None and self.entries and self.text[self.start] not in "{[":
            item = f"- {item}"
        if not self.entries:
            return self.replaced(f"{{{item}}}" if name else f"[{item}]")
        first = self.entries[0].start
        if self.text[self.start] in "{[":
            return f"{self.text[:first]}{item}, {self.text[first:]}"
        line = self.text.rfind("\n", 0, first) + 1
        return f"{self.text[:first]}{item}\n{self.text[line:first]}{self.text[first:]}"


class Entry(NamedTuple):
    """An entry of a dict or list, from its name to the end of its value."""

    name: str | None
    start: int
    key: tuple[int, int]
    value: Value
    whole_end: int
    """In YAML, the position where the next entry's line begins."""

    def renamed(self, name: str) -> str:
        """Return the whole source with another name."""
        start, end = self.key
        text = self.value.text
        old = text[start:end]
        quote = old[0] if old[:1] in "'\"" else ""
        return f"{text[:start]}{quote}{name}{quote}{text[end:]}"


class Source:
    """A Python file: its tree, and the spans of its nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        """Return the position of a line (from 1) and a column (in UTF-8 bytes)."""
        whole = self._lines[line - 1] if line <= len(self._lines) else ""
        return self._starts[line - 1] + len(whole.encode()[:column].decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the span of a node."""
        place = {
            name: getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")
        }
        return (
            self.offset(place["lineno"], place["col_offset"]),
            self.offset(place["end_lineno"], place["end_col_offset"]),
        )

    def value(self, node: ast.AST) -> Value:
        """Return a node as a value."""
        start, end = self.span(node)
        scalar = node.value if isinstance(node, ast.Constant) else None
        return Value(self.text, start, end, scalar, tuple(self._entries(node)), node)

    def _entries(self, node: ast.AST) -> Iterator[Entry]:
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None:
                    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
                    yield self._entry(name, self.span(key), value)
        elif isinstance(node, ast.List | ast.Tuple):
            for value in node.elts:
                yield self._entry(None, self.span(value), value)
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg is not None:
                    start = self.span(keyword)[0]
                    yield self._entry(keyword.arg, (start, start + len(keyword.arg)), keyword.value)

    def _entry(self, name: str | None, key: tuple[int, int], node: ast.AST) -> Entry:
        value = self.value(node)
        return Entry(name, key[0], key, value, value.end)

    def replaced(self, node: ast.AST, new: str) -> str:
        """Return the whole source with ``new`` in place of a node."""
        return self.value(node).replaced(new)

    def without(self, statement: ast.stmt) -> str:
        """Return the whole source with ``pass`` in place of a statement."""
        return self.replaced(statement, "pass")

    def all(self, *kinds: type[ast.AST], within: ast.AST | None = None) -> Iterator[ast.AST]:
        """Yield the nodes of these kinds, in source order."""
        found = [node for node in ast.walk(within or self.tree) if isinstance(node, kinds)]
        return iter(sorted(found, key=lambda node: self.span(node)[0]))

    def source(self, node: ast.AST) -> str:
        """Return the source of a node."""
        start, end = self.span(node)
        return self.text[start:end]


def of_yaml(text: str) -> Value | None:
    """Return the value of a YAML or JSON source; None if it is empty."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return _of_node(text, node, len(text)) if node is not None else None


def _of_node(text: str, node: yaml.Node, end: int) -> Value:
    start, stop = node.start_mark.index, min(node.end_mark.index, end)
    entries: list[Entry] = []
    if isinstance(node, yaml.MappingNode):
        pairs = [(key, value) for key, value in node.value]
        for place, (key, value) in enumerate(pairs):
            after = pairs[place + 1][0].start_mark.index if place + 1 < len(pairs) else stop
            whole = text.rfind("\n", 0, after) + 1 if not node.flow_style else after
            name = str(key.value)
            span = (key.start_mark.index, key.end_mark.index)
            entries.append(Entry(name, span[0], span, _of_node(text, value, whole), whole))
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            after = node.value[place + 1].start_mark.index if place + 1 < len(node.value) else stop
            whole = text.rfind("\n", 0, after) + 1 if not node.flow_style else after
            # The dash before a block item belongs to the item.
            begin = value.start_mark.index if node.flow_style else text.rfind("-", 0, value.start_mark.index)
            held = _of_node(text, value, whole)
            entries.append(Entry(None, begin, (held.start, held.end), held, whole))
    scalar: object = None
    if isinstance(node, yaml.ScalarNode):
        scalar = yaml.SafeLoader("").construct_object(node) if node.tag != "tag:yaml.org,2002:null" else None
        if isinstance(scalar, str):
            scalar = str(node.value)
    return Value(text, start, stop, scalar, tuple(entries))


def _yaml(word: object) -> str:
    if isinstance(word, bool):
        return str(word).lower()
    return str(yaml.safe_dump(word, default_flow_style=True, width=1000)).removesuffix("...\n").strip()


def misspelt(word: str) -> str:
    """Return a word with a misspelling: two adjacent letters near its end are swapped, or its last letter is lost."""
    for place in range(len(word) - 2, 0, -1):
        first, second = word[place], word[place + 1]
        if first.isalpha() and second.isalpha() and first != second:
            return word[:place] + second + first + word[place + 2 :]
    return word[:-1] if len(word) > 1 else word * 2
