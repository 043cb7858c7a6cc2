"""YAML and JSON as literals of Python, in which every node has its place in the file.

Both are read token by token, within bounds, so that deep or self-containing files exhaust neither stack nor memory. A
value that is no literal of Python, such as a date, is the name of nothing, which no evaluation knows.
"""

from __future__ import annotations

import ast
import json
from typing import Any

from flake8_training.json_tokens import TOKEN, WORDS, string_of
from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from flake8_training.yaml_events import EventReader
from flake8_training.yaml_scalars import CORE

_LARGEST = 10**15
_PLAIN = frozenset({f"{CORE}{name}" for name in ("str", "int", "float", "bool", "null")})
_CONTAINERS = frozenset({None, "!", f"{CORE}map", f"{CORE}seq"})
_MERGE = f"{CORE}merge"
_SUBSTITUTED = "!Sub"
_JSON_LINE = pattern("\n")
# The line breaks of YAML 1.1, as PyYAML counts them.
_YAML_LINE = pattern("\r\n|[\r\n\x85\u2028\u2029]")


class Bounds(NamedTuple):
    """The most values of a file, and the most levels."""

    values: int
    levels: int


class DataLiteral(NamedTuple):
    """The content of a file as a literal, and its lines.

    ``blocks`` maps the identity of each node that is a literal block of YAML (``|``) to the block's first line.
    """

    root: ast.expr
    lines: tuple[str, ...]
    blocks: dict[int, int]


def read_json_literal(text: str, bounds: Bounds) -> DataLiteral:
    """Return the value in a JSON text. Raises ``ValueError``, also for more values or levels than the bounds allow."""
    try:
        json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    lines = tuple(_JSON_LINE.split(text))
    builder = _Builder(lines, bounds)
    line, start = 1, 0
    token = TOKEN.match(text)
    while token is not None:
        kind = token.lastgroup or ""
        at = token.start(kind)
        breaks = text.count("\n", start, at)
        if breaks:
            line, start = line + breaks, text.rfind("\n", start, at) + 1
        written = token[kind]
        if kind == "text":
            builder.add(ast.Constant(string_of(written)), line, at - start)
        elif kind == "number":
            builder.add(_number(written), line, at - start)
        elif kind == "word":
            builder.add(ast.Constant(WORDS[written]), line, at - start)
        elif written in "{[":
            builder.open(written == "{", line, at - start)
        elif written in "}]":
            builder.close()
        token = TOKEN.match(text, token.end())
    return builder.result()


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _number(written: str) -> ast.expr:
    is_whole = not any(mark in written for mark in ".eE")
    if is_whole and len(written) > 16:
        return unknown()
    return _literal(int(written) if is_whole else float(written))


def _literal(value: object) -> ast.expr:
    if isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) < _LARGEST:
        return unknown()
    return ast.Constant(value) if value is None or isinstance(value, str | int | float) else unknown()


def unknown() -> ast.expr:
    """Return an expression that no evaluation knows: an undefined name."""
    return ast.Name("unknown", ast.Load())


def read_yaml_literal(text: str, bounds: Bounds, *, templates: bool = False) -> DataLiteral:
    """Return the only document in a YAML text. Raises ``ValueError``, also for more than the bounds allow.

    With ``templates``, the tags of CloudFormation (``!Ref``) are values that are unknown, and ``!Sub`` is its string.
    """
    import yaml

    builder = _Builder(tuple(_YAML_LINE.split(text)), bounds)
    try:
        _YamlReader(builder, templates).read_events(text)
        return builder.result()
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


class _YamlReader(EventReader[ast.expr]):
    """Builds a literal from the events of YAML."""

    def __init__(self, builder: _Builder, templates: bool) -> None:
        super().__init__()
        self._builder = builder
        self._templates = templates
        self._known: list[bool] = []
        """Whether each open mapping or sequence has a tag that is known."""

    def error(self, event: Any, message: str) -> ValueError:
        """Return the error for an event."""
        return ValueError(message)

    def scalar(self, event: Any, tag: str) -> ast.expr | None:
        """Add a key or a value."""
        line, column = event.start_mark.line + 1, event.start_mark.column
        if tag == _MERGE and self._builder.awaits_key:
            self._builder.merge()
            return None
        if tag in _PLAIN or tag == _MERGE or (tag == _SUBSTITUTED and self._templates):
            node = _literal(self.scalars.value(tag, event.value) if tag in _PLAIN else event.value)
        elif self._templates or tag.startswith(CORE):
            node = unknown()
        else:
            raise self.error(event, f"unsupported tag {tag}")
        self._builder.add(node, line, column)
        if event.style == "|":
            self._builder.blocks[id(node)] = line + 1
        return node

    def start(self, event: Any, *, is_mapping: bool) -> None:
        """Begin a mapping or sequence."""
        is_known = event.tag in _CONTAINERS
        if not is_known and not self._templates:
            raise self.error(event, f"unsupported tag {event.tag}")
        self._known.append(is_known)
        self._builder.open(is_mapping, event.start_mark.line + 1, event.start_mark.column)

    def end(self) -> ast.expr:
        """End the innermost mapping or sequence, which is unknown if its tag is."""
        return self._builder.close(None if self._known.pop() else unknown())

    def again(self, event: Any, built: ast.expr) -> None:
        """Add another occurrence of a node."""
        self._builder.add_copy(built)


class _Open(NamedTuple):
    """A mapping or sequence that is not at its end; ``keys`` is None for a sequence."""

    line: int
    column: int
    keys: list[ast.expr | None] | None
    values: list[ast.expr]


class _Builder:
    """Puts nodes together, up to a number of them: aliases of YAML multiply."""

    def __init__(self, lines: tuple[str, ...], bounds: Bounds) -> None:
        self.lines = lines
        self.blocks: dict[int, int] = {}
        self._left = bounds.values
        self._levels = bounds.levels
        self._open: list[_Open] = []
        self._root: ast.expr | None = None

    @property
    def awaits_key(self) -> bool:
        """Whether the next node is the key of a mapping."""
        top = self._open[-1] if self._open else None
        return top is not None and top.keys is not None and len(top.keys) == len(top.values)

    def merge(self) -> None:
        """Add a merge key: the mapping that follows is unpacked into the open one."""
        keys = self._open[-1].keys
        assert keys is not None
        keys.append(None)

    def add(self, node: ast.expr, line: int, column: int) -> None:
        """Add a scalar that begins at a line (from 1) and a column (from 0, in characters)."""
        self._count(1)
        self._place(self._located(node, line, column))

    def add_copy(self, node: ast.expr) -> None:
        """Add another occurrence of a node, which keeps its place."""
        self._count(
            sum(isinstance(one, ast.Dict | ast.List | ast.Constant | ast.Name) for one in ast.walk(node))
        )
        import copy

        self._place(copy.deepcopy(node))

    def open(self, is_table: bool, line: int, column: int) -> None:
        """Begin a mapping or sequence."""
        self._count(1)
        if len(self._open) >= self._levels:
            raise ValueError("nested too deeply")
        self._open.append(_Open(line, column, [] if is_table else None, []))

    def close(self, instead: ast.expr | None = None) -> ast.expr:
        """End the innermost mapping or sequence; ``instead`` replaces it. Return the node."""
        ended = self._open.pop()
        node: ast.expr
        if ended.keys is None:
            node = ast.List(elts=ended.values, ctx=ast.Load())
        else:
            # In YAML a key of the mapping itself replaces a merged one, wherever it is.
            pairs = sorted(zip(ended.keys, ended.values, strict=True), key=lambda pair: pair[0] is not None)
            node = ast.Dict(keys=[key for key, _ in pairs], values=[value for _, value in pairs])
        node = self._located(node if instead is None else instead, ended.line, ended.column)
        self._place(node)
        return node

    def result(self) -> DataLiteral:
        """Return the literal; an empty file is None."""
        if self._open:
            raise ValueError("the file ends too early")
        root = self._root if self._root is not None else self._located(ast.Constant(None), 1, 0)
        return DataLiteral(root, self.lines, self.blocks)

    def _count(self, nodes: int) -> None:
        self._left -= nodes
        if self._left < 0:
            raise ValueError("more values than are read")

    def _located(self, node: ast.expr, line: int, column: int) -> ast.expr:
        written = self.lines[line - 1] if 1 <= line <= len(self.lines) else ""
        offset = column if written.isascii() else len(written[:column].encode(errors="surrogatepass"))
        node.lineno = node.end_lineno = line
        node.col_offset = node.end_col_offset = offset
        return node

    def _place(self, node: ast.expr) -> None:
        if not self._open:
            self._root = node
        elif self.awaits_key:
            keys = self._open[-1].keys
            assert keys is not None
            keys.append(node)
        else:
            self._open[-1].values.append(node)
