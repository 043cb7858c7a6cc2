"""Dicts followed through the forms of Python, in the order of the source."""

from __future__ import annotations

import ast

import pytest

from flake8_training.engine.syntax.program import Program
from flake8_training.engine.values import budget
from flake8_training.engine.values.evaluator import Evaluator
from flake8_training.engine.values.located_dicts import LocatedDict, LocatedDicts
from tests.dict_forms import CLOSED, OPEN, REMOVED


def read(text: str, name: str = "D") -> LocatedDict:
    """Return the dict under a name at the end of a program whose statements all run."""
    program = Program(ast.parse(f"{text}\n{name}"), "")
    last = program.entry.tree.body[-1]
    assert isinstance(last, ast.Expr)
    return LocatedDicts(Evaluator(program), lambda target, value: True).of(last.value, program.entry.top)


@pytest.mark.parametrize("form", CLOSED)
def test_every_key_is_known(form: str) -> None:
    program, keys = CLOSED[form]
    found = read(program)
    assert found.openings == ()
    assert {entry.key for entry in found.entries if entry.certain} == keys
    assert {entry.key for entry in found.entries} == keys
    values = {entry.key: ast.literal_eval(entry.value) for entry in found.entries}
    assert (values["a"], values["b"]) == ("1", "2")


@pytest.mark.parametrize("form", REMOVED)
def test_a_key_that_is_taken_out_is_not_certain(form: str) -> None:
    found = read(REMOVED[form])
    assert found.is_closed
    assert [(e.key, e.certain, e.taken_out) for e in found.entries] == [
        ("a", True, False),
        ("b", False, True),
    ]


@pytest.mark.parametrize("form", OPEN)
def test_what_is_unknown_opens_a_dict(form: str) -> None:
    found = read(OPEN[form])
    assert next(entry.key for entry in found.entries) == "a"
    assert [opening.why for opening in found.openings]


ORDER = {
    "the later store wins": ("D = {'a': '1'}\nD.update(a='2')\nD['a'] = '3'", {"a": "3"}),
    "the later update wins": ("D = {'a': '1'}\nD['a'] = '3'\nD.update(a='2')", {"a": "2"}),
    "one store after the other": ("D = {}\nD['a'], D['b'] = '1', '2'", {"a": "1", "b": "2"}),
    "a copy keeps what it has": ("D = {'a': '1'}\nE = dict(D)\nE['b'] = '2'", {"a": "1"}),
}


@pytest.mark.parametrize("case", ORDER)
def test_changes_count_in_the_order_of_the_source(case: str) -> None:
    program, expected = ORDER[case]
    found = read(program)
    assert found.is_closed
    assert {entry.key: ast.literal_eval(entry.value) for entry in found.entries} == expected


def test_what_is_added_to_a_value_is_not_the_value() -> None:
    found = read("D = {'a': 1}\nD['a'] += 5")
    assert [(entry.key, entry.encoding) for entry in found.entries] == [("a", "other")]
    assert found.is_closed


def test_a_dict_that_is_merged_into_itself_adds_nothing() -> None:
    found = read("D = {'a': '1'}\nfor i in range(3):\n    D = {**D, 'b': '2'}")
    assert found.is_closed
    assert {entry.key for entry in found.entries} == {"a", "b"}


def test_dicts_that_are_merged_into_each_other_come_to_an_end() -> None:
    found = read("A = {'a': '1'}\nD = {'d': '1'}\nA.update(D)\nD.update(A)")
    assert {entry.key for entry in found.entries} == {"a", "d"}


def test_many_dicts_one_in_the_other_are_left_open() -> None:
    lines = ["D0 = {'a': '1'}", *(f"D{i} = {{**D{i - 1}}}" for i in range(1, 2_000))]
    assert not read("\n".join(lines), "D1999").is_closed


def test_dicts_that_each_hold_all_earlier_ones_are_read_once() -> None:
    # Read anew for each place, the last of them would take 2 ** 18 readings of the first.
    lines = [f"D{i} = {{'k{i}': '1', {', '.join(f'**D{j}' for j in range(i))}}}" for i in range(18)]
    program = Program(ast.parse("\n".join(lines) + "\nD17"), "")
    last = program.entry.tree.body[-1]
    assert isinstance(last, ast.Expr)
    evaluator = Evaluator(program)
    found = LocatedDicts(evaluator).of(last.value, program.entry.top)
    assert found.is_closed
    assert {entry.key for entry in found.entries} == {f"k{i}" for i in range(18)}
    assert evaluator.budget.followed < 2_000


def test_a_spent_budget_leaves_a_dict_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_FOLLOWED", 3)
    assert not read("D = {'a': '1', 'b': '1', 'c': '1', 'd': '1', 'e': '1', 'f': '1'}").is_closed


def test_an_opening_may_replace_what_is_there_before_it() -> None:
    found = read("import other\nD = {'a': '1'}\nD.update(other.load())\nD['b'] = '2'")
    assert [(entry.key, entry.replaceable) for entry in found.entries] == [("a", True), ("b", False)]


@pytest.mark.parametrize(
    ("removal", "certain", "taken_out"),
    [("D.clear()", False, True), ("D.popitem()", False, False), ("D.pop(other.key())", False, False)],
)
def test_a_removal_of_any_key(removal: str, certain: bool, taken_out: bool) -> None:
    found = read(f"import other\nD = {{'a': '1'}}\n{removal}\nD['b'] = '2'")
    assert found.is_closed
    assert [(e.key, e.certain, e.taken_out) for e in found.entries] == [
        ("a", certain, taken_out),
        ("b", True, False),
    ]
