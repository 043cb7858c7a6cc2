"""Parsing of Python source, without numbers too large to work with.

The source is never run.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from flake8_training.pattern import pattern

LARGEST_NUMBER: Final = 10**100
"""Larger integers are unknown: no setting of a training is one, ``float`` rejects some, ``str`` the longest."""

_LINE = pattern(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# The shortest form of such a number is hexadecimal. The pattern begins at its first digit.
_LONG_DIGITS = pattern(r"[0-9][0-9a-fA-FxXoO_]{83}")


def parsed(source: str | bytes, path: str = "<unknown>") -> ast.Module:
    """Return the tree of a source, without the warnings of Python's parser.

    Raises what ``ast.parse`` raises: ``SyntaxError``, ``ValueError``, ``RecursionError``, ``MemoryError``.
    """
    with without_warnings():
        tree = ast.parse(source, path)
    decoded = source if isinstance(source, str) else source.decode("latin-1")
    return with_bounded_numbers(tree, (decoded,))


@contextmanager
def without_warnings() -> Iterator[None]:
    """Keep back what Python's parser warns of: it would stand in the output of the check, without a place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def lines_of(source: str) -> list[str]:
    """Return the lines of a source with their ends, as Python counts them: a form feed or U+2028 ends no line."""
    return _LINE.findall(source)


def with_bounded_numbers(tree: ast.Module, lines: Iterable[str]) -> ast.Module:
    """Return the tree, or a copy with ``...`` in place of every integer beyond ``LARGEST_NUMBER``.

    No analysis takes the constant ``...`` for a value. The tree itself is not changed: other plugins use it.
    """
    if not any(map(_LONG_DIGITS.search, lines)):
        return tree
    above: dict[ast.AST, ast.AST] = {}
    vast: list[ast.AST] = []
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Constant) and is_vast(node.value):
            vast.append(node)
        for child in ast.iter_child_nodes(node):
            above[child] = node
            pending.append(child)
    if not vast:
        return tree
    import copy

    copies: dict[ast.AST, ast.AST] = {}
    for number in vast:
        copies[number] = ast.copy_location(ast.Constant(...), number)
        node = number
        while (node := above.get(node, node)) not in copies:
            copies[node] = copy.copy(node)
    for original, copied in copies.items():
        for name, value in ast.iter_fields(original):
            if isinstance(value, list):
                setattr(copied, name, [copies.get(one, one) for one in value])
            elif isinstance(value, ast.AST):
                setattr(copied, name, copies.get(value, value))
    found = copies.get(tree, tree)
    assert isinstance(found, ast.Module)
    return found


def is_vast(value: object) -> bool:
    """Return whether a value is an integer beyond ``LARGEST_NUMBER``."""
    return isinstance(value, int) and abs(value) > LARGEST_NUMBER
