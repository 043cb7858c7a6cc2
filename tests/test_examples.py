"""Every example of every rule, through the real flake8: by path and by standard input."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flake8_training.rules.base import Example, Rule
from flake8_training.rules.registry import rules
from tests.harness import failing_plugin, flake8, write


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
    def expected(self) -> list[tuple[str, int, str]]:
        """What flake8 should print, each finding once."""
        return sorted((f"{self.folder}/{name}", line, code) for name, line, code in self.example.expected)


CASES = [Case(rule, name, getattr(rule, name)) for rule in rules() for name in ("bad", "good")]
BAD_CASES = [case for case in CASES if case.name == "bad"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of all examples."""
    path = tmp_path_factory.mktemp("examples")
    for case in CASES:
        write(path / case.folder, case.example.files)
    return path


def run(
    cases: list[Case], folder: Path, *arguments: str, stdin: str | None = None
) -> list[tuple[str, int, str]]:
    """Run flake8 once for cases with equal options."""
    (options, failing), *others = {(case.options, case.example.failing) for case in cases}
    assert not others
    if failing:
        options = (*options, f"--config={failing_plugin(folder)}")
    environment = {"FAILING_RULE": failing, "FAILING_WITH": "an error"}
    result = flake8(
        *options, *arguments, folder=folder, stdin=stdin, environment=environment, isolated=not failing
    )
    places = result.places
    if failing:
        # What the failing rule found before it failed.
        places = [place for place in places if place[2] != failing]
    return sorted(places)


@pytest.fixture(scope="module")
def found_by_path(folder: Path) -> dict[str, list[tuple[str, int, str]]]:
    """Run flake8 over all examples, once for each set of options; return the findings by the example's folder."""
    groups: dict[tuple[tuple[str, ...], str], list[Case]] = defaultdict(list)
    for case in CASES:
        groups[case.options, case.example.failing].append(case)
    found: dict[str, list[tuple[str, int, str]]] = {case.folder: [] for case in CASES}
    for cases in groups.values():
        for place in run(cases, folder, *(case.folder for case in cases)):
            found["/".join(place[0].split("/")[:2])].append(place)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder)
def test_example_by_path(case: Case, found_by_path: dict[str, list[tuple[str, int, str]]]) -> None:
    assert found_by_path[case.folder] == case.expected


@pytest.mark.parametrize("case", BAD_CASES, ids=lambda case: case.rule.code)
def test_bad_example_by_stdin(case: Case, folder: Path) -> None:
    for name, text in case.example.files.items():
        expected = [place for place in case.expected if place[0] == f"{case.folder}/{name}"]
        if expected:
            display_name = f"--stdin-display-name={case.folder}/{name}"
            assert run([case], folder, display_name, "-", stdin=text) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder)
def test_example_is_what_it_says(case: Case) -> None:
    codes = {code for _, _, code in case.example.expected}
    assert (case.rule.code in codes) == (case.name == "bad")
    assert codes == set() or case.name == "bad", "a good example has no findings"
    for name, text in case.example.files.items():
        assert text.strip()
        if name.endswith(".py"):
            ast.parse(text)
