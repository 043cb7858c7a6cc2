"""Base class of the rules over processing jobs: a finding is in the launcher, at the job."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from flake8_training.finding import Finding
from flake8_training.rules.rule import Rule, SeenBy
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.processing import ProcessingLaunch
from training_alignment.rules.launch_rule import placed


class ProcessingRule(Rule[ProcessingLaunch]):
    """A rule over a processing job and the script that it runs."""

    seen_by: ClassVar[SeenBy] = "hook"
    folders: ClassVar[tuple[str, ...]] = ("launcher_script",)

    @abstractmethod
    def problems(self, launch: ProcessingLaunch, /) -> Iterable[Problem]:
        """Return the problems of a processing job. Report only what is certain."""

    def check(self, subject: ProcessingLaunch, /) -> Iterator[Finding]:
        """Yield a finding for each problem."""
        for problem in self.problems(subject):
            yield placed(self, subject.file, problem)
