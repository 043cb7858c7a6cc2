"""Python source parsed: numbers that are too large to be worked with, and what a line is."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_training.engine.syntax.indexer import index_module
from flake8_training.parsing import LARGEST_NUMBER, lines_of, parsed, with_bounded_numbers

VAST = f"0x{'f' * 4_000}"


def constants(tree: ast.AST) -> list[object]:
    """Return the constants of a tree, in the order of the source."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [node.value for node in sorted(found, key=lambda node: (node.lineno, node.col_offset))]


@pytest.mark.parametrize(
    "number", [VAST, f"0b{'1' * 16_000}", f"0o{'7' * 5_000}", "9" * 102, str(10**100 + 1)]
)
def test_a_vast_number_is_no_value(number: str) -> None:
    source = f"a = 1\n\n\ndef f(x={number}, *, y=[2, {number}]):\n    return f'{{x:{{-{number}}}}}', 'z'\n"
    tree = parsed(source)
    # Python 3.12.1 has empty parts in formats.
    assert [value for value in constants(tree) if value not in (":", "")] == [1, ..., 2, ..., ..., "z"]
    replaced = ast.parse(source.replace(number, "..." + " " * (len(number) - 3)))
    names = [(n.id, n.lineno, n.col_offset) for n in ast.walk(tree) if isinstance(n, ast.Name)]
    assert names == [(n.id, n.lineno, n.col_offset) for n in ast.walk(replaced) if isinstance(n, ast.Name)]


@pytest.mark.parametrize("number", [str(10**100), hex(LARGEST_NUMBER), "1_0" * 30, "0.1" + "1" * 200])
def test_a_large_number_is_itself(number: str) -> None:
    assert constants(parsed(f"x = {number}\n")) == [ast.literal_eval(number)]


def test_the_tree_of_another_is_not_changed() -> None:
    source = f"x = f({VAST})\ny = 1\n"
    tree = ast.parse(source)
    bounded = with_bounded_numbers(tree, [source])
    assert constants(tree) == [int(VAST, 16), 1]
    assert constants(bounded) == [..., 1]
    assert bounded.body[1] is tree.body[1]
    harmless = ast.parse("x = 1\n")
    assert with_bounded_numbers(harmless, ["x = 1\n", f"# {VAST}\n"]) is harmless


def test_a_deep_tree_is_copied_without_recursion() -> None:
    tree: ast.expr = ast.Constant(int(VAST, 16), lineno=1, col_offset=0)
    for _ in range(20_000):
        tree = ast.UnaryOp(ast.USub(), tree, lineno=1, col_offset=0)
    found = with_bounded_numbers(ast.Module([ast.Expr(tree)], []), [VAST])
    assert [node.value for node in ast.walk(found) if isinstance(node, ast.Constant)] == [...]


@given(st.text(st.sampled_from("ab\n\r\x0b\x0c\x1c\x85\u2028")))
def test_lines_are_those_that_python_counts(text: str) -> None:
    lines = lines_of(text)
    assert "".join(lines) == text
    read = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [line.rstrip("\r\n") for line in lines] == (read if read[-1] else read[:-1])


def test_what_the_parser_warns_of_is_kept_back() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        index_module(parsed("x = eval('1or 2')\ny = 1or 2\n"), "train.py", "")
    assert [str(one.message) for one in seen] == []
