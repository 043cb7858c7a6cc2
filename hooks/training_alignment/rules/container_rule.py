"""Base class of the rules over images that the repository builds: a finding is in the Dockerfile, or in a program."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from flake8_training.finding import Finding, Severity
from flake8_training.named_tuple import NamedTuple
from flake8_training.rules.rule import Rule, SeenBy
from training_alignment.comparisons.launch.container_start import ContainerProblem
from training_alignment.launches.built_image import BuiltImage


class _File(NamedTuple):
    path: str


class ContainerRule(Rule[BuiltImage]):
    """A rule over an image and the jobs that run it."""

    seen_by: ClassVar[SeenBy] = "hook"
    folders: ClassVar[tuple[str, ...]] = ("launcher_script",)

    @abstractmethod
    def problems(self, image: BuiltImage, /) -> Iterable[ContainerProblem]:
        """Return the problems of an image. Report only what is certain."""

    def severity_of(self, problem: ContainerProblem) -> Severity:
        """Return the severity of a problem."""
        return self.severity

    def check(self, subject: BuiltImage, /) -> Iterator[Finding]:
        """Yield a finding for each problem."""
        for problem in self.problems(subject):
            yield self.finding(
                _File(problem.path),
                problem.line,
                problem.detail,
                related=problem.related,
                severity=self.severity_of(problem),
            )
