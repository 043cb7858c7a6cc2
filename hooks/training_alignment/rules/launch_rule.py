"""Base classes of the rules over launches: a finding is in the launcher or its script, or in a notebook's cell."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from flake8_training.columns import character_column
from flake8_training.finding import Finding
from flake8_training.fix import in_characters
from flake8_training.named_tuple import NamedTuple
from flake8_training.record import replace
from flake8_training.rules.rule import Rule, SeenBy
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile


class LaunchRule(Rule[Launch]):
    """A rule over an estimator and the script that it starts."""

    seen_by: ClassVar[SeenBy] = "hook"
    folders: ClassVar[tuple[str, ...]] = ("launcher_script",)

    @abstractmethod
    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the problems of a launch. Report only what is certain."""

    def check(self, subject: Launch, /) -> Iterator[Finding]:
        """Yield a finding for each problem."""
        for problem in self.problems(subject):
            yield placed_by_side(self, subject, problem)


def placed_by_side(rule: Rule[Any], launch: Launch, problem: Problem) -> Finding:
    """Return the finding of a problem between a launcher and its script, in the one that it names."""
    return (
        _placed_in_script(rule, launch, problem) if problem.in_script else placed(rule, launch.file, problem)
    )


class LauncherFileRule(Rule[LauncherFile | Launch]):
    """A rule over a launcher alone, and over each of its launches if the script matters."""

    seen_by: ClassVar[SeenBy] = "hook"
    folders: ClassVar[tuple[str, ...]] = ("launcher_script",)

    @abstractmethod
    def problems(self, file: LauncherFile, /) -> Iterable[Problem]:
        """Return the problems of a launcher. Report only what is certain."""

    def problems_of_launch(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the problems that depend on the script of a launch; none for most rules."""
        return ()

    def check(self, subject: LauncherFile | Launch, /) -> Iterator[Finding]:
        """Yield a finding for each problem."""
        if isinstance(subject, Launch):
            for problem in self.problems_of_launch(subject):
                yield placed(self, subject.file, problem)
            return
        for problem in self.problems(subject):
            yield placed(self, subject, problem)


def placed(rule: Rule[Any], file: LauncherFile, problem: Problem) -> Finding:
    """Return the finding of a problem in a launcher's file."""
    found = rule.finding(
        file,
        problem.node,
        problem.detail,
        related=problem.related,
        cause=problem.cause,
        severity=problem.severity,
        summary=problem.summary,
        fix=problem.fix,
    )
    if problem.severity is not None:
        found = replace(found, severity=problem.severity)
    data_path = file.launcher.data_path(problem.node)
    if data_path is not None:
        return replace(found, path=data_path)
    lines = file.launcher.lines
    if 1 <= found.line <= len(lines):
        found = replace(found, column=character_column(lines[found.line - 1], found.column - 1))
    if found.fix is not None:
        found = replace(found, fix=in_characters(found.fix, lines))
    return file.placed(found)


class _ScriptFile(NamedTuple):
    path: str


def _placed_in_script(rule: Rule[Any], launch: Launch, problem: Problem) -> Finding:
    """Return a finding in the script that a launch starts, which may be a cell of the launcher's notebook."""
    assert launch.script_path is not None
    found = rule.finding(
        _ScriptFile(launch.script_path),
        problem.node,
        problem.detail,
        related=problem.related,
        severity=problem.severity,
        summary=problem.summary,
        fix=problem.fix,
    )
    if launch.lines_before is None:
        return found
    return launch.file.placed(found, launch.lines_before)
