"""Where an edit is in a source, and what several edits make of it."""

from __future__ import annotations

import ast

import pytest
from training_alignment.fixes.applied import apply

from flake8_training.finding import Finding, Severity
from flake8_training.fix import Edit, Fix, located, renamed, renamed_at, rewritten
from flake8_training.record import replace


def finding(fix: Fix | None) -> Finding:
    """Return a finding with a fix."""
    return Finding("TRN410", Severity.ERROR, 4, "", "a.py", 1, 1, "message", fix=fix)


def expression(source: str) -> ast.AST:
    """Return the only argument of a call, or its keyword."""
    call = ast.parse(source).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    return [*call.value.args, *call.value.keywords][0]


@pytest.mark.parametrize(
    ("source", "old", "new", "after"),
    [
        ("f('trian')  # trian\n", "trian", "train", "f('train')  # trian\n"),
        ('f("--max_dpeth")\n', "max_dpeth", "max_depth", 'f("--max_depth")\n'),
        ("f(trian='trian')\n", "trian", "train", "f(train='trian')\n"),
        ("f(a.trian.trian)\n", "trian", "train", "f(a.trian.train)\n"),
        ("f('é/trian/x')\n", "trian", "train", "f('é/train/x')\n"),
        ("é = 'é'; f('trian')\n", "trian", "train", "é = 'é'; f('train')\n"),
        ("f(\n  '''trian''')\r\n", "trian", "train", "f(\n  '''train''')\r\n"),
    ],
)
def test_a_name_is_replaced_and_nothing_else(source: str, old: str, new: str, after: str) -> None:
    node = expression(source) if source.startswith("f") else _last_constant(source)
    fix = renamed(node, old, new, path="a.py", lines=source.splitlines(keepends=True))
    assert fix is not None
    edit = located(fix.edits[0], source)
    assert edit is not None
    applied = apply([finding(replace(fix, edits=(edit,)))], {"a.py": source})
    assert applied.sources["a.py"] == after


def _last_constant(source: str) -> ast.AST:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return max(found, key=lambda node: node.col_offset)


@pytest.mark.parametrize(
    ("source", "old"),
    [
        ("f('trian-trian')\n", "trian"),  # twice
        ("f('retrian')\n", "trian"),  # part of a longer name
        ("f('max-trian')\n", "trian"),
        ("f('tri' 'an')\n", "trian"),  # in two pieces
        ("f('tri\\x61n')\n", "trian"),  # written with an escape
    ],
)
def test_an_uncertain_place_is_none(source: str, old: str) -> None:
    fix = renamed(expression(source), old, "train", path="a.py", lines=[source])
    assert fix is None or located(fix.edits[0], source) is None


def test_only_a_name_or_a_literal_is_renamed() -> None:
    assert renamed(expression("f(g('trian'))"), "trian", "train") is None
    assert renamed(expression("f(trian)"), "trian", "train") is None
    assert renamed(expression("f(trian=1)"), "trian", "max-depth") is None
    assert renamed(expression("f('trian')"), "trian", "tr'ain") is None
    assert renamed(None, "trian", "train") is None


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("  trian: 1\n", "  train: 1\n"),
        ('  "trian": 1\n', '  "train": 1\n'),
        ("  --trian\n", "  --train\n"),
        ("  trian2: 1\n", None),
        ("  x: trian\n", None),
    ],
)
def test_a_place_without_an_end(source: str, after: str | None) -> None:
    fix = renamed_at(1, 3, "trian", "train", path="a.yaml")
    assert fix is not None
    edit = located(fix.edits[0], source)
    assert (edit is None) == (after is None)
    if edit is not None:
        applied = apply([finding(replace(fix, edits=(edit,)))], {"a.yaml": source})
        assert applied.sources["a.yaml"] == after


def edit(start: int, end: int, new: str, source: str = "abcdef\n") -> Finding:
    """Return a finding whose fix replaces columns of the first line."""
    old = source[start - 1 : end - 1]
    return finding(Fix(new, (Edit(old, new, 1, start, 1, end, "a.txt"),)))


def test_of_overlapping_fixes_the_first_is_applied() -> None:
    applied = apply([edit(1, 3, "X"), edit(2, 4, "Y"), edit(5, 6, "Z")], {"a.txt": "abcdef\n"})
    assert applied.sources["a.txt"] == "XcdZf\n"
    assert len(applied.findings) == 2


def test_equal_edits_are_one() -> None:
    applied = apply([edit(1, 3, "X"), edit(1, 3, "X")], {"a.txt": "abcdef\n"})
    assert applied.sources["a.txt"] == "Xcdef\n"
    assert len(applied.findings) == 2


def test_a_fix_is_applied_whole_or_not_at_all() -> None:
    both = finding(Fix("", (Edit("a", "X", 1, 1, 1, 2, "a.txt"), Edit("b", "X", 1, 2, 1, 3, "gone.txt"))))
    assert apply([both], {"a.txt": "abcdef\n"}).sources == {}


def test_an_edit_of_another_source_is_not_applied() -> None:
    assert apply([edit(1, 3, "X")], {"a.txt": "xbcdef\n"}).sources == {}


def test_a_file_that_would_not_parse_keeps_its_source() -> None:
    broken = finding(Fix("", (Edit("x", ")", 1, 1, 1, 2, "a.py"),)))
    fine = finding(Fix("", (Edit("y", "z", 1, 1, 1, 2, "b.py"),)))
    assert apply([broken, fine], {"a.py": "x = 1\n", "b.py": "y = 1\n"}).sources == {"b.py": "z = 1\n"}


def test_a_whole_node_is_rewritten() -> None:
    source = "f(type=bool)\n"
    fix = rewritten(expression(source), "type=int", "title")
    assert fix is not None
    found = located(replace(fix.edits[0], path="a.py"), source)
    assert found is not None
    assert found.old == "type=bool"
    assert apply([finding(replace(fix, edits=(found,)))], {"a.py": source}).sources["a.py"] == "f(type=int)\n"


def test_a_line_end_of_yaml_makes_the_place_uncertain() -> None:
    fix = renamed_at(1, 1, "trian", "train")
    assert fix is not None
    assert located(fix.edits[0], "trian: 1\u2028\n") is None
