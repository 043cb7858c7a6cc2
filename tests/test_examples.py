"""Every example of every rule, through the real flake8 by path, and by standard input in this process."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from training_alignment.checking.run import check

from flake8_training.rules.registry import rules
from flake8_training.rules.rule import Example, Rule
from tests.harness import Result, failing_plugin, flake8, flake8_process, write
from tests.margin import Place, assert_places


class Case(NamedTuple):
    """One example of a rule."""

    rule: Rule[Any]
    name: str
    example: Example

    @property
    def folder(self) -> str:
        """The folder that the example's files are written to."""
        return f"{self.rule.code}/{self.name}"

    @property
    def options(self) -> tuple[str, ...]:
        """What flake8 is given to see the rule."""
        family = (
            ("--enable-extensions=TRN9", "--select=TRN9")
            if self.rule.seen_by == "TRN9"
            else ("--select=TRN",)
        )
        return (*family, *self.example.options)

    @property
    def expected(self) -> list[Place]:
        """What flake8 should print, each finding once."""
        return sorted((f"{self.folder}/{name}", line, code) for name, line, code in self.example.expected)

    @property
    def files(self) -> dict[str, str]:
        """The files by their paths from the folder of all examples."""
        return {f"{self.folder}/{name}": text for name, text in self.example.files.items()}


def code_of(case: Case) -> str:
    """Return the name of a test."""
    return case.rule.code


CASES = [Case(rule, name, getattr(rule, name)) for rule in rules() for name in ("bad", "good")]
BAD_CASES = [case for case in CASES if case.name == "bad"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of all examples."""
    path = tmp_path_factory.mktemp("examples")
    for case in CASES:
        write(path / case.folder, case.example.files)
    return path


def arguments(case: Case, folder: Path) -> tuple[str, ...]:
    """Return flake8's arguments for a case; the configuration of one with a failing rule loads that rule."""
    if case.example.failing:
        return (*case.options, f"--config={failing_plugin(folder)}")
    return case.options


def variables(case: Case) -> dict[str, str]:
    """Return the environment variables for a case."""
    return {"FAILING_RULE": case.example.failing, "FAILING_WITH": "an error"}


def reported(result: Result, case: Case) -> dict[Place, str]:
    """Return the messages of a run by their places, without what a failing rule found before it failed."""
    return {place: text for place, text in result.messages.items() if place[2] != case.example.failing}


@pytest.fixture(scope="module")
def found_by_path(folder: Path) -> dict[str, dict[Place, str]]:
    """Run the real flake8 over all examples, once for each set of options; return the findings by the folder."""
    groups: dict[tuple[tuple[str, ...], str], list[Case]] = defaultdict(list)
    for case in CASES:
        groups[case.options, case.example.failing].append(case)
    found: dict[str, dict[Place, str]] = {case.folder: {} for case in CASES}
    for (_, failing), cases in groups.items():
        case, folders = cases[0], [one.folder for one in cases]
        result = flake8_process(
            *arguments(case, folder),
            *folders,
            folder=folder,
            environment=variables(case),
            isolated=not failing,
        )
        if not failing:
            assert flake8(*case.options, *folders, folder=folder) == result, "in this process as in another"
        for place, message in reported(result, case).items():
            found["/".join(place[0].split("/")[:2])][place] = message
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder)
def test_example_by_path(case: Case, found_by_path: dict[str, dict[Place, str]]) -> None:
    messages = found_by_path[case.folder]
    assert_places(messages, case.expected, case.files, messages)


def test_the_real_flake8_reaches_every_rule(found_by_path: dict[str, dict[Place, str]]) -> None:
    found = {code for messages in found_by_path.values() for _, _, code in messages}
    assert {case.rule.code for case in CASES} <= found


@pytest.mark.parametrize("case", [case for case in BAD_CASES if not case.example.failing], ids=code_of)
def test_bad_example_by_stdin(case: Case, folder: Path) -> None:
    for path, text in case.files.items():
        expected = [place for place in case.expected if place[0] == path]
        if expected:
            display_name = f"--stdin-display-name={path}"
            found = flake8(*case.options, display_name, "-", folder=folder, stdin=text)
            assert_places(found.places, expected, {path: text}, found.messages)


def test_the_real_flake8_by_stdin(folder: Path) -> None:
    """One example of each set of options; those with a failing rule have no other way."""
    cases = {(case.options, case.example.failing): case for case in BAD_CASES}
    for case in cases.values():
        ((path, text),) = case.files.items()
        result = flake8_process(
            *arguments(case, folder),
            f"--stdin-display-name={path}",
            "-",
            folder=folder,
            stdin=text,
            environment=variables(case),
            isolated=not case.example.failing,
        )
        messages = reported(result, case)
        assert_places(messages, case.expected, case.files, messages)
        if not case.example.failing:
            assert (
                flake8(*case.options, f"--stdin-display-name={path}", "-", folder=folder, stdin=text)
                == result
            )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder)
def test_example_is_what_it_says(case: Case) -> None:
    codes = {code for _, _, code in case.example.expected}
    assert (case.rule.code in codes) == (case.name == "bad")
    assert codes == set() or case.name == "bad", "a good example has no findings"
    for name, text in case.example.files.items():
        assert text.strip()
        if name.endswith(".py"):
            ast.parse(text)


def test_the_command_finds_nothing_in_the_good_examples_of_the_repository() -> None:
    root = Path(__file__).parents[1]
    assert check([root / "examples" / "good"], root=root) == []
