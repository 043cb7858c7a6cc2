"""The units of work of a check: each step with the launchers among its files, then each of the other launchers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flake8_training.finding import Finding
from flake8_training.ledger import enter, kept_apart, open_ledger
from flake8_training.rules.registry import Rules
from flake8_training.source_file import open_trace
from training_alignment.checking.launches import LauncherRun
from training_alignment.checking.steps import checked_script, findings_of_step
from training_alignment.checking.unit_result import UnitResult
from training_alignment.checking.workers import blocks_of, can_share, processes_for, results_of
from training_alignment.comparisons.step_subject import RepositorySubject
from training_alignment.repository.programs import Work
from training_alignment.repository.repository import Repository
from training_alignment.rules.step_rule import StepRule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from training_alignment.checking.kept_units import KeptUnits

_LEAST_KEPT = 20
"""The fewest units that are kept: a smaller check is over before it knows what to repeat."""


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
        """Let several processes compute the units, if there are enough of them; take those that are kept."""
        processes = processes_for(len(self), jobs)
        kept = None
        if _may_be_kept(len(self)):
            from training_alignment.checking.kept_units import KeptUnits

            kept = KeptUnits.of(self._repository.folder, self._rules.codes, self._run.requested)
        if kept is not None:
            self._share_unknown(kept, processes, done)
        elif processes > 1:
            self._prepare()
            work = self._repository.programs.work_from_here()
            blocks = blocks_of(len(self), processes)
            results, shares = results_of(blocks, self._sent, work, processes, done)
            self._take(results, [share.last for share in shares])

    def _share_unknown(self, kept: KeptUnits, processes: int, done: Callable[[int], None]) -> None:
        """Take the units that are kept, and let processes compute and keep the others, each a block of them."""
        known, works, missing = dict[int, UnitResult](), list[Work](), list[range]()
        for each in kept.blocks(len(self)):
            recalled = kept.recall(each)
            if recalled is None:
                missing.append(each)
            else:
                known.update(recalled[0])
                works.append(recalled[1])
                done(len(each))
        if len(missing) > 1:
            self._prepare()  # a single block imports what it needs
        work = self._repository.programs.work_from_here()
        results, shares = results_of(missing, self._sent, work, processes, done, apart=True)
        whole = {tuple(block): block for block in missing}
        for share in shares:
            block = whole.get(tuple(share.numbers))  # a unit that has failed is in no share
            if block is not None and share.trace is not None:
                kept.keep(block, results, share.trace, share.last)
        kept.write()
        self._take({**known, **results}, [*works, *(share.last for share in shares)])

    def _take(self, results: dict[int, UnitResult], works: list[Work]) -> None:
        """Take what other processes have computed, if this one would have left nothing out."""
        if self._repository.programs.add(works):
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
            self._close()

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

    def _close(self) -> None:
        """Release the programs that nobody asks again."""
        self._repository.programs.close_left(self._run.programs_of_images)

    def _sent(self, number: int) -> UnitResult | None:
        """Return the result of a unit for another process; None if something has failed, which is to be repeated."""
        failed = len(self._repository.failures)
        result = self._computed(number)
        for one in result.launchers:
            for _ in self._run.merged(one):
                pass
            one.sent()
        self._close()
        return result if len(self._repository.failures) == failed else None


def _may_be_kept(units: int) -> bool:
    """Return whether a store may have units of this check."""
    trace = open_trace()
    if trace is None or trace.parts_folder is None:
        return False
    return units >= _LEAST_KEPT and can_share() and open_ledger() is None
