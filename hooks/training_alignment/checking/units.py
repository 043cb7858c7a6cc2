"""The units of work of a check: each step with the launchers among its files, then each of the other launchers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flake8_training.finding import Finding
from flake8_training.ledger import Page, enter, kept_apart
from flake8_training.rules.registry import Rules
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.launches import LauncherResult, LauncherRun
from training_alignment.checking.steps import checked_script, findings_of_step
from training_alignment.checking.workers import processes_for, results_of
from training_alignment.comparisons.step_subject import RepositorySubject
from training_alignment.repository.repository import Repository
from training_alignment.rules.step_rule import StepRule


class UnitResult:
    """What a unit of work has found: in its step, if it has one, and in its launchers."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.pages: tuple[Page, ...] = ()
        self.as_scripts: list[str] = []
        self.script_error: ReadError | None = None
        self.launchers: list[LauncherResult] = []


class Units:
    """The units of a check, in their order. The results are merged in this order, whoever computes them."""

    def __init__(
        self, repository: Repository, subject: RepositorySubject, launchers: LauncherRun, rules: Rules
    ) -> None:
        self._repository = repository
        self._subject = subject
        self._run = launchers
        self._rules = rules
        self.as_scripts: set[str] = set()
        """The steps' scripts that the script rules have checked."""
        # A builder is a launcher too: its file has just been read.
        self._launchers = [launchers.taken(step.step.paths) for step in subject.steps]
        self._launchers += [[path] for path in launchers.left]
        self._results: dict[int, UnitResult] = {}

    def __len__(self) -> int:
        return len(self._launchers)

    def of_steps(self, done: Callable[[int], None]) -> Iterator[Finding]:
        """Yield the findings of the units with a step; ``done`` is called with 1 for each unit."""
        return self._of(range(len(self._subject.steps)), done)

    def of_launchers(self, done: Callable[[int], None]) -> Iterator[Finding]:
        """Yield the findings of the other units."""
        return self._of(range(len(self._subject.steps), len(self)), done)

    def share(self, jobs: int | None, done: Callable[[int], None]) -> None:
        """Let several processes compute the units, if there are enough of them."""
        processes = processes_for(len(self), jobs)
        if processes < 2:
            return
        self._prepare()
        programs = self._repository.programs
        results, works = results_of(range(len(self)), self._sent, programs.work, processes, done)
        if programs.add(works):
            self._results = results

    def _prepare(self) -> None:
        """Import and compute what every unit needs, for all processes."""
        from flake8_training.rules.launcher.launcher_rule import LauncherRule

        self._rules.of(StepRule)
        self._rules.over_scripts()
        self._rules.of(LauncherRule)
        self._run.prepare()

    def _of(self, numbers: range, done: Callable[[int], None]) -> Iterator[Finding]:
        for number in numbers:
            result = self._results.pop(number, None)
            if result is None:
                done(1)
                result = self._computed(number)
            yield from self._merged(number, result)

    def _computed(self, number: int) -> UnitResult:
        result = UnitResult()
        if number < len(self._subject.steps):
            step = self._subject.steps[number]
            with self._repository.guarded(step.path):
                with kept_apart() as pages:
                    try:
                        result.findings.extend(findings_of_step(step, self._rules))
                    finally:
                        result.pages = tuple(pages())
                result.as_scripts.extend(checked_script(step))
                _ = (
                    step.script
                )  # a script that cannot be read is recorded as a failure, which is reported below
            result.script_error = step.script_error
            step.release()
        result.launchers = [self._run.result(path) for path in self._launchers[number]]
        return result

    def _merged(self, number: int, result: UnitResult) -> Iterator[Finding]:
        if number < len(self._subject.steps):
            self._subject.steps[number].script_error = result.script_error
        enter(result.pages)
        self.as_scripts.update(result.as_scripts)
        yield from result.findings
        for one in result.launchers:
            yield from self._run.merged(one)

    def _sent(self, number: int) -> UnitResult | None:
        """Return the result of a unit for another process; None if something has failed, which is to be repeated."""
        failed = len(self._repository.failures)
        result = self._computed(number)
        for one in result.launchers:
            for _ in self._run.merged(one):
                pass
            one.sent()
        return result if len(self._repository.failures) == failed else None
