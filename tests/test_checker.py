"""The checker without flake8: what it reads, when it keeps still, what it does with failures."""

from __future__ import annotations

import ast
import gc
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import flake8_training.checker
from flake8_training.checker import check_script
from flake8_training.finding import Finding, Severity
from flake8_training.rules.registry import script_rules
from flake8_training.rules.rule import Example, Rule, expected_findings
from flake8_training.rules.trn001_internal_error import InternalError
from flake8_training.script import Script
from flake8_training.settings import Settings
from tests.chosen_rules import Chosen
from tests.test_plugin import UNMARKED, UNSAVED

EVERYTHING = Settings(training_scripts=("*",))


class Probe(Rule[Script]):
    """Finds what a test puts into ``places``: lines, or nodes of the tree."""

    code = "TRN199"
    severity = Severity.WARNING
    summary = "a probe"
    why = "For the tests."
    bad = good = Example("")

    def __init__(self, *places: int | ast.AST) -> None:
        self.places = places

    def check(self, script: Script, /) -> Iterator[Finding]:
        """Yield a finding at each of the places."""
        for place in self.places:
            yield self.finding(script, place, "here")


def check(
    text: str, *rules: Rule[Script], settings: Settings = EVERYTHING, name: str = "train.py"
) -> list[Finding]:
    """Run ``rules`` over ``text``."""
    return check_script(ast.parse(text), name, text.splitlines(keepends=True), settings, Chosen(*rules))


def test_a_finding_carries_what_the_rule_is() -> None:
    (found,) = check("x = 1\n", Probe(1))
    assert found == Finding("TRN199", Severity.WARNING, 1, "", "train.py", 1, 1, "a probe: here")


def test_only_training_scripts_are_checked() -> None:
    assert check("x = 1\n", Probe(1), settings=Settings()) == []
    assert check(UNSAVED, Probe(1), settings=Settings()) != []
    assert check(UNMARKED, Probe(1), settings=Settings()) == []
    assert check(UNMARKED, Probe(1), settings=Settings(training_scripts=("train.py",))) != []
    assert check(UNMARKED, Probe(1), settings=Settings(training_scripts=("tr*.py",)), name="other.py") == []


def test_findings_are_sorted_unique_and_on_a_line_that_exists() -> None:
    text = "x = 1\ny = 2\nz = 3\n"
    found = check(text, Probe(3, 99, 0, -5, 2, 2, 1), Probe(2))
    assert [(one.line, one.column) for one in found] == [(1, 1), (2, 1), (3, 1)]
    assert [one.line for one in check("", Probe(0, 7))] == [1]


def test_columns_count_characters() -> None:
    text = "x = 'äöü' + f(1)\n"
    call = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    (found,) = check(text, Probe(call))
    assert found.column == text.index("f(") + 1


def test_an_error_in_the_reading_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []

    def read(tree: ast.Module, path: str, lines: Sequence[str]) -> Script:
        reads.append(path)
        raise RecursionError("too deep")

    monkeypatch.setattr(flake8_training.checker, "read", read)
    tree = ast.parse("x = 1\n")
    (found,) = check_script(tree, "train.py", ["x = 1\n"], EVERYTHING, script_rules(advice=False))
    assert (found.code, found.line, found.column) == ("TRN001", 1, 1)
    assert found.message.startswith(
        "internal error in a rule: the reader on train.py, RecursionError too deep"
    )
    # The advice family's turn: one report of one failure is enough, and one attempt.
    assert check_script(tree, "train.py", ["x = 1\n"], EVERYTHING, script_rules(advice=True)) == []
    assert reads == ["train.py"]


def test_one_reading_serves_both_families(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts: list[Script] = []

    class Keeper(Probe):
        def check(self, script: Script, /) -> Iterator[Finding]:
            scripts.append(script)
            return iter(())

    lines = UNSAVED.splitlines(keepends=True)
    tree = ast.parse(UNSAVED)
    for _ in range(2):
        check_script(tree, "train.py", lines, Settings(), Chosen(Keeper()))
    check_script(ast.parse(UNSAVED), "train.py", lines, Settings(), Chosen(Keeper()))
    assert scripts[0] is scripts[1]
    assert scripts[1] is not scripts[2]


def test_nothing_is_kept_of_a_script_that_is_forgotten(tmp_path: Path) -> None:
    """Each garbage collection of flake8 would look at every node of it."""
    (tmp_path / "beside.py").write_text("def f():\n    return 1\n")
    options = (
        "import json, os\nhps = json.loads(os.environ['SM_HPS'])\nprint(int(hps['epochs']), hps['lr'])\n"
    )
    text = f"import beside\nbeside.f()\n{options}{UNSAVED}"
    tree = ast.parse(text)
    kept = weakref.ref(tree)
    rules = script_rules(advice=False)
    check_script(tree, str(tmp_path / "train.py"), text.splitlines(keepends=True), EVERYTHING, rules)
    flake8_training.checker.forget()
    del tree
    gc.collect()
    assert kept() is None


def test_the_report_of_a_failure_is_short_and_names_the_place() -> None:
    try:
        ast.literal_eval(UNSAVED)
    except (SyntaxError, ValueError) as error:
        outside = InternalError().report("", "TRN104", error)
    try:
        expected_findings(None)  # type: ignore[arg-type]
    except AttributeError as error:
        inside = InternalError().report("src/train.py", "TRN104", error)
    assert outside.message.startswith("internal error in a rule: TRN104 on standard input, ")
    assert "flake8_training/" not in outside.message
    assert "TRN104 on train.py, AttributeError 'NoneType' object" in inside.message
    assert "(flake8_training/rules/rule.py line " in inside.message
    long = InternalError().report("train.py", "TRN104", ValueError("x" * 10_000))
    assert len(long.message) < 400
