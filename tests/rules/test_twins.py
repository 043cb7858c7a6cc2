"""The twins of the conditions under "Not reported when": a related use is silent, an unrelated use is reported.

``without_twins.tsv`` holds the number of each rule's conditions without twins. It may only shrink: a new condition
comes with its twins, and a condition that gets them lowers the number.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from training_alignment.rules.step_rule import PACKAGE

from flake8_training.ledger import collecting
from flake8_training.rules.registry import rules
from flake8_training.rules.rule import Condition, Example, Rule
from tests.alignment import check
from tests.harness import failing_plugin, flake8, flake8_process, write
from tests.margin import Place

WITHOUT_TWINS = {
    code: int(number)
    for code, number in (
        line.split("\t")
        for line in (Path(__file__).parent / "without_twins.tsv").read_text(encoding="utf-8").splitlines()
    )
}


class Case(NamedTuple):
    """One condition of a rule."""

    rule: Rule[Any]
    condition: Condition


CASES = [Case(rule, condition) for rule in rules(PACKAGE) for condition in rule.conditions]


def found_in(rule: Rule[Any], example: Example, folder: Path) -> set[Place]:
    """Return the rule's findings in an example; one with ``--all`` is for the command."""
    write(folder, example.files)
    if example.failing:
        environment = {"FAILING_RULE": example.failing, "FAILING_WITH": "an error"}
        options = (f"--config={failing_plugin(folder)}", *example.options)
        run = flake8_process(*options, *example.files, folder=folder, environment=environment, isolated=False)
        places = run.places
    elif rule.seen_by == "hook" or "--all" in example.options:
        places = check(*example.options, folder=folder).places
    else:
        names = [name for name in example.files if name.endswith(".py")]
        enabled = ["--enable-extensions=TRN9"] if rule.seen_by == "TRN9" else []
        places = flake8("--select", rule.code, *enabled, *example.options, *names, folder=folder).places
    return {place for place in places if place[2] == rule.code}


def _assert_is_python(*examples: Example) -> None:
    """Assert that the Python files of examples have no error of syntax: such an error would silence any rule."""
    for example in examples:
        for name, source in example.files.items():
            if name.endswith(".py"):
                ast.parse(source)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule.code}-{case.condition.clause[:40]}")
def test_twins(case: Case, tmp_path: Path) -> None:
    rule, condition = case
    suppressed, reported = condition.twins(rule.bad)
    expected = {place for place in reported.expected if place[2] == rule.code}
    assert expected, "the reported twin marks a finding of its rule"
    assert suppressed.files != reported.files
    if rule.code not in ("TRN001", "TRN002"):
        _assert_is_python(suppressed, reported)
    with collecting() as ledger:
        assert found_in(rule, suppressed, tmp_path / "suppressed") == set()
    if condition.name is not None:
        assert condition.name in {one.reason for one in ledger.suppressed if one.code == rule.code}
    assert found_in(rule, reported, tmp_path / "reported") == expected


def test_each_condition_has_twins_or_is_counted() -> None:
    found = {rule.code: len(rule.not_reported_when) - len(rule.conditions) for rule in rules(PACKAGE)}
    wrong = {
        code: f"{number} conditions without twins, the list has {WITHOUT_TWINS.get(code, 0)}"
        for code, number in found.items()
        if number != WITHOUT_TWINS.get(code, 0)
    }
    assert wrong == {}, "add twins to a new condition; lower the number of a condition that got them"
    assert set(WITHOUT_TWINS) <= set(found)
    assert 0 not in WITHOUT_TWINS.values(), "a rule whose conditions all have twins is not listed"


NOTING = (
    "TRN111 TRN201 TRN202 TRN203 TRN204 TRN205 TRN206 TRN207 TRN208 TRN209 TRN210 TRN211 TRN212 TRN213 TRN214 "
    "TRN215 TRN216 TRN306 TRN308 TRN311 TRN406 TRN411 TRN427 TRN429 TRN430 TRN437"
).split()
"""Rules that note why they are silent in one of their suppressed twins at least."""


@pytest.mark.parametrize("code", NOTING)
def test_a_silence_has_a_reason(code: str, tmp_path: Path) -> None:
    for number, case in enumerate(case for case in CASES if case.rule.code == code):
        suppressed, _ = case.condition.twins(case.rule.bad)
        with collecting() as ledger:
            found_in(case.rule, suppressed, tmp_path / str(number))
        noted = {one.code for one in ledger.unanswered} | {one.code for one in ledger.suppressed}
        if code in noted:
            return
    pytest.fail(f"{code} notes nothing in its twins")
