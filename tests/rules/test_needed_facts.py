"""The facts without which a rule over launchers is not run: without them it has nothing to report."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from training_alignment.comparisons.step_subject import RepositorySubject
from training_alignment.repository.configurations import Configurations
from training_alignment.repository.repository import Repository
from training_alignment.rules.needed_facts import (
    OF_REPOSITORY,
    OF_STEPS,
    rules_over_repository,
    rules_over_step,
)
from training_alignment.rules.step_rule import PACKAGE, RepositoryRule, StepRule
from training_alignment.steps.discovery import Discovery

from flake8_training.launcher import Launcher, read_launcher
from flake8_training.ledger import collecting
from flake8_training.rules.launcher.launcher_rule import LauncherRule
from flake8_training.rules.launcher.needed_facts import NEEDED_FACTS, has_needed_facts, rules_over
from flake8_training.rules.registry import Rules
from flake8_training.rules.rule import Rule
from tests.harness import write

EXAMPLES = Path(__file__).parents[2] / "examples" / "bad"
RULES = Rules(lambda _: True, PACKAGE)
OVER_LAUNCHERS = {rule.code: rule for rule in RULES.of(LauncherRule)}


@pytest.fixture(scope="module")
def launchers(tmp_path_factory: pytest.TempPathFactory) -> list[Launcher]:
    """The Python files of the examples of all rules over launchers, and of a file of each declaration."""
    return list(_launchers(tmp_path_factory.mktemp("examples")))


def _launchers(folder: Path) -> Iterator[Launcher]:
    for code, rule in OVER_LAUNCHERS.items():
        twins = [example for condition in rule.conditions for example in condition.twins(rule.bad)]
        for number, example in enumerate((rule.bad, rule.good, *twins)):
            below = folder / f"{code}_{number}"
            write(below, example.files)
            for name, text in example.files.items():
                if name.endswith(".py"):
                    path = str(below / name)
                    yield read_launcher(ast.parse(text), path, text.splitlines(keepends=True))


def test_every_fact_is_one_of_a_launcher_or_a_call() -> None:
    facts = {fact for needed in NEEDED_FACTS.values() for fact in needed}
    assert {fact for fact in facts if not hasattr(Launcher, fact)} == {
        "JsonGet()",
        "OutputSpec()",
        "create_processing_job()",
        "retrieve()",
    }


@pytest.mark.parametrize("code", NEEDED_FACTS)
def test_rule_reports_nothing_without_its_facts(code: str, launchers: list[Launcher]) -> None:
    rule = OVER_LAUNCHERS[code]
    without = [launcher for launcher in launchers if not has_needed_facts(launcher, code)]
    assert without, "some example lacks the facts"
    assert [finding for launcher in without for finding in rule.check(launcher)] == []


def test_rule_without_its_facts_is_left_out_unless_questions_are_counted() -> None:
    text = "class Builder:\n    pass\n"
    launcher = read_launcher(ast.parse(text), "", text.splitlines(keepends=True))
    assert [rule.code for rule in rules_over(launcher, RULES)] == ["TRN401"]
    with collecting():
        assert [rule.code for rule in rules_over(launcher, RULES)] == list(OVER_LAUNCHERS)


def test_rule_whose_facts_cannot_be_read_is_run() -> None:
    launcher = read_launcher(ast.parse(""), "", [])
    del launcher.program
    assert "TRN440" in [rule.code for rule in rules_over(launcher, RULES)]


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> list[RepositorySubject]:
    """The examples of the rules over steps and repositories, and the project's own."""
    folder = tmp_path_factory.mktemp("repositories")
    found = [EXAMPLES]
    over: list[Rule[Any]] = [*RULES.of(StepRule), *RULES.of(RepositoryRule)]
    for rule in over:
        twins = [example for condition in rule.conditions for example in condition.twins(rule.bad)]
        for number, example in enumerate((rule.bad, rule.good, *twins)):
            found.append(folder / f"{rule.code}_{number}")
            write(found[-1], example.files)
    opened = [Repository.open(path) for path in found]
    return [RepositorySubject(Discovery(one, Configurations(one).whole)) for one in opened]


@pytest.mark.parametrize("code", OF_STEPS)
def test_rule_over_steps_reports_nothing_without_its_facts(
    code: str, repositories: list[RepositorySubject]
) -> None:
    (rule,) = (rule for rule in RULES.of(StepRule) if rule.code == code)
    without = [step for one in repositories for step in one.steps if not OF_STEPS[code](step)]
    assert without, "some example lacks the facts"
    assert [finding for step in without for finding in rule.check(step)] == []


def test_rule_over_repositories_reports_nothing_without_its_facts(
    repositories: list[RepositorySubject],
) -> None:
    rules = {rule.code: rule for rule in RULES.of(RepositoryRule)}
    assert rules.keys() == OF_REPOSITORY.keys()
    for code, rule in rules.items():
        without = [one for one in repositories if not OF_REPOSITORY[code](one)]
        assert [finding for one in without for finding in rule.check(one)] == []


def test_every_rule_over_steps_is_run_where_questions_are_counted(
    repositories: list[RepositorySubject],
) -> None:
    codes = [rule.code for rule in RULES.of(StepRule)]
    step = next(step for one in repositories for step in one.steps)
    with collecting():
        assert [rule.code for rule in rules_over_step(step, RULES)] == codes
        assert [rule.code for rule in rules_over_repository(repositories[0], RULES)] == list(OF_REPOSITORY)
