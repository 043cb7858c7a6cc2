"""Every example of every rule of the commit hook: in this process, and all at once through the real command."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from training_alignment.check_options import FORMATS
from training_alignment.rules.step_rule import PACKAGE

from flake8_training.rules.registry import rules
from flake8_training.rules.rule import Example, Rule
from tests.alignment import check, training_alignment, training_alignment_process
from tests.harness import write
from tests.margin import assert_places


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
    assert_places(run.places, case.example.expected, case.example.files, run.messages)
    assert run.errors == ""
    severities = {finding["severity"] for finding in run.findings}
    configuration_is_wrong = any(code == "TRN003" for _, _, code in run.places)
    assert run.exit_code == (2 if configuration_is_wrong else 1 if "error" in severities else 0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule.code}-{case.name}")
def test_example_is_what_it_says(case: Case) -> None:
    codes = {code for _, _, code in case.example.expected}
    assert (case.rule.code in codes) == (case.name == "bad")
    assert codes == set() or case.name == "bad", "a good example has no findings"


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the bad examples of all rules, those of flake8 too, as the folders of one repository."""
    folder = tmp_path_factory.mktemp("together")
    for rule in rules(PACKAGE):
        write(folder / rule.code, rule.bad.files)
    return folder


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the examples of every sixth rule as the folders of one repository."""
    folder = tmp_path_factory.mktemp("few")
    for case in CASES[::6]:
        write(folder / case.rule.code / case.name, case.example.files)
    write(folder, {"train.py": rules()[0].bad.files["train.py"]})
    return folder


def test_the_real_command_reaches_every_rule(together: Path) -> None:
    run = training_alignment_process("check", "--root", ".", "--format", "json", folder=together)
    assert check("--root", ".", folder=together) == run, "in this process as in another"
    found = {code for _, _, code in run.places}
    # Some need a repository of their own: for its configuration, or because the others have more of its steps.
    for case in CASES:
        if case.name == "bad" and case.rule.code not in found:
            arguments = ("check", "--root", ".", "--format", "json", *case.example.options)
            alone = training_alignment_process(*arguments, folder=together / case.rule.code)
            assert_places(alone.places, case.example.expected, case.example.files, alone.messages)
            found |= {code for _, _, code in alone.places}
    assert {case.rule.code for case in CASES} <= found


@pytest.mark.parametrize(
    "arguments",
    [
        *(("check", "--root", ".", "--format", style) for style in FORMATS),
        *(("steps", "--root", ".", "--format", style) for style in ("text", "json")),
        *(("graph", "--root", ".", "--format", style) for style in ("mermaid", "dot")),
        ("facts", "train.py"),
        ("explain", "TRN104"),
        ("rules",),
        ("check", "--format", "xml"),
    ],
    ids=" ".join,
)
def test_the_command_gives_the_same_in_this_process(arguments: tuple[str, ...], few: Path) -> None:
    run = training_alignment(*arguments, folder=few)
    assert run.output or run.errors
    assert run == training_alignment_process(*arguments, folder=few)
