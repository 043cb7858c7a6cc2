"""Base class of the rules over launchers: each rule reports problems of one kind."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from flake8_training.finding import Finding
from flake8_training.ledger import Suppression, note_suppressed
from flake8_training.record import replace
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example, Rule

if TYPE_CHECKING:
    from flake8_training.launcher import Launcher


def _in_test(bad: Example) -> Example:
    return _in_function(bad, "def test_launch():")


def _in_called_function(bad: Example) -> Example:
    return _in_function(bad, "def launch():", "launch()")


def _in_function(bad: Example, definition: str, call: str = "") -> Example:
    """Return the example with its launcher in a function, in a file that imports ``moto``."""
    import textwrap

    sources = bad.files.values()
    source = next((text for text in sources if "sagemaker" in text), next(iter(sources)))
    wrapped = f"import moto\n\n\n{definition}\n{textwrap.indent(source, '    ')}\n\n{call}\n"
    return bad.changed({source: wrapped})


NOT_IN_TESTS = Condition(
    "only tests reach the code, and the file imports `mock` or `moto` or starts no job; or the code expects "
    "the call to raise",
    suppressed=_in_test,
    reported=_in_called_function,
)
"""The condition of ``not_reported_when`` that holds for every rule over launchers."""


class LauncherRule(Rule["Launcher"]):
    """A rule over a file that constructs, starts or declares training jobs."""

    folders: ClassVar[tuple[str, ...]] = ("launcher",)

    @abstractmethod
    def problems(self, launcher: Launcher, /) -> Iterable[Problem]:
        """Return the problems of the launcher. Unknown values are no problem."""

    def check(self, subject: Launcher, /) -> Iterator[Finding]:
        """Yield a finding for each problem, unless a test expects the failure."""
        for problem in self.problems(subject):
            if subject.is_expected_to_fail(problem.failing_call):
                note_suppressed(Suppression.TEST, problem.report_at)
            else:
                found = self.finding(
                    subject,
                    problem.report_at,
                    problem.detail,
                    problem.related,
                    severity=problem.severity,
                    summary=problem.summary,
                    fix=problem.fix,
                )
                path, line = subject.place(problem.report_at)
                yield (
                    found
                    if (path, line) == (found.path, found.line)
                    else replace(found, path=path, line=line, fix=None)
                )
