"""Every example of every rule of the commit hook, through the real command: code and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from training_alignment.levels.base import PACKAGE

from flake8_training.rules.base import Example, Rule
from flake8_training.rules.registry import rules
from tests.alignment import check
from tests.harness import write


class Case(NamedTuple):
    """One example of a rule."""

    rule: Rule[Any]
    name: str

    @property
    def example(self) -> Example:
        """The example itself."""
        found: Example = getattr(self.rule, self.name)
        return found


CASES = [Case(rule, name) for rule in rules(PACKAGE) if rule.seen_by == "hook" for name in ("bad", "good")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule.code}-{case.name}")
def test_example(case: Case, tmp_path: Path) -> None:
    write(tmp_path, case.example.files)
    run = check(*case.example.options, folder=tmp_path)
    assert sorted(run.places) == sorted(case.example.expected), run.output
    assert run.errors == ""
    severities = {finding["severity"] for finding in run.findings}
    configuration_is_wrong = any(code == "TRN003" for _, _, code in run.places)
    assert run.exit_code == (2 if configuration_is_wrong else 1 if "error" in severities else 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule.code}-{case.name}")
def test_example_is_what_it_says(case: Case) -> None:
    codes = {code for _, _, code in case.example.expected}
    assert (case.rule.code in codes) == (case.name == "bad")
    assert codes == set() or case.name == "bad", "a good example has no findings"
