"""The run of all rules over a repository: its steps, their dependents and its launchers."""

from __future__ import annotations

from collections.abc import Callable

from flake8_training.checker import internal_error, run
from flake8_training.collection import collection_paused, freeze_once
from flake8_training.configuration import ProjectConfiguration
from flake8_training.finding import Finding
from flake8_training.ledger import not_collecting
from flake8_training.record import Record
from flake8_training.rules.registry import Rules
from training_alignment.checking.containers import container_findings
from training_alignment.checking.launches import LauncherRun
from training_alignment.checking.steps import declaring_files, findings_of_step
from training_alignment.checking.units import Units
from training_alignment.comparisons.step_subject import RepositorySubject
from training_alignment.repository.configurations import Configurations
from training_alignment.repository.repository import Repository
from training_alignment.rules.needed_facts import rules_over_repository
from training_alignment.rules.step_rule import PACKAGE
from training_alignment.scan.required_files import Surroundings
from training_alignment.steps.affected import Selection, select
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.step import Role

_BETWEEN_STEPS = ("TRN302", "TRN304", "TRN305", "TRN307")
"""Rules by which a change of one step can break another: they also run over the steps that depend on it."""


class Checked(Record):
    """The number of launchers and steps that a check covered, and the files; a script counts as a file.

    The paths are relative to the repository. ``as_scripts`` and ``as_launchers`` are the files that the rules over one
    script and over one launcher have seen.
    """

    launchers: int
    steps: int
    paths: tuple[str, ...]
    as_scripts: frozenset[str] = frozenset()
    as_launchers: frozenset[str] = frozenset()

    @property
    def files(self) -> int:
        """The number of files."""
        return len(self.paths)


def findings_of(
    repository: Repository,
    configuration: ProjectConfiguration,
    around: Surroundings | None,
    wants: Callable[[str], bool],
    progress: Callable[[int, int], None] | None = None,
    jobs: int | None = 1,
) -> tuple[Rules, list[Finding], Checked]:
    """Return the rules whose codes are selected, their findings, and the extent of the check.

    ``around`` holds the requested files; it is None for the whole repository. The findings are unsorted and may repeat;
    their paths are relative to the repository. ``jobs`` is the most processes, None for one for each usable core.
    """
    wanted = Rules(wants, PACKAGE)
    if around is None:
        repository.keep_sources()
    with collection_paused():
        subject = _subject(repository, configuration, around)
        of_steps = {path for step in subject.steps for path in step.step.paths}
        files = around.launched if around is not None else None
        launchers = LauncherRun(repository, files, wanted, of_steps, _builders(subject))
        repository.forget()
        freeze_once()  # what has been read so far is needed to the end
    found: list[Finding] = []
    units = Units(repository, subject, launchers, wanted)
    done = _counter(progress, len(units))
    units.share(jobs, done)
    found.extend(units.of_steps(done))
    found.extend(
        finding
        for rule in rules_over_repository(subject, wanted)
        for finding in run(rule, subject, subject.path)
    )
    between = wanted.only(_BETWEEN_STEPS)
    for step in subject.dependents:
        with repository.guarded(step.path):
            with not_collecting():
                of_others = list(findings_of_step(step, between))
            step.release()
            found.extend(
                f for f in of_others if f.level == 0 or any(other.path in of_steps for other in f.related)
            )
    found.extend(units.of_launchers(done))
    found.extend(container_findings(repository, files, wanted, launchers.of_images))
    found.extend(internal_error(path, "the reader", error) for path, error in subject.failures.items())
    if launchers.passed:
        from training_alignment.checking.consequences import with_consequences

        found = list(with_consequences(found, launchers.passed))
    declaring = (path for step in subject.steps for path in declaring_files(step))
    as_launchers = frozenset(launchers.files - of_steps).union(declaring)
    covered = of_steps  # in a large repository, each set of its files takes megabytes
    covered.update(launchers.passed, launchers.files)
    covered.update(path for step in subject.steps if (path := step.step.script.path) is not None)
    checked = Checked(
        len(launchers.files),
        len(subject.steps),
        tuple(sorted(covered)),
        frozenset(units.as_scripts | launchers.scripts),
        as_launchers,
    )
    return wanted, found, checked


def _counter(progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None]:
    """Return a function that adds to what has been done, and reports it."""
    if progress is None:
        return lambda _: None
    finished = 0

    def done(more: int) -> None:
        nonlocal finished
        finished += more
        progress(min(finished, total), total)

    return done


def _subject(
    repository: Repository, configuration: ProjectConfiguration, around: Surroundings | None
) -> RepositorySubject:
    if around is None:
        return RepositorySubject(Discovery(repository, configuration))
    selected: list[Selection] = []
    with repository.guarded("."):
        selected.append(select(around))
    if not selected:
        # a failure of the selection costs the selection only: every step is read, and no dependent is known
        discovery = Discovery(repository, configuration)
        steps = [step for step in discovery.steps if not around.files.isdisjoint(step.paths)]
        return RepositorySubject(discovery, steps, [".", *around.files])
    (selection,) = selected
    return RepositorySubject(selection.discovery, selection.steps, around.files, selection.dependents)


def step_scripts(repository: Repository) -> dict[str, str]:
    """Return the scripts of all training steps by the paths of their builders."""
    return _builders(RepositorySubject(Discovery(repository, Configurations(repository).whole)))


def _builders(subject: RepositorySubject) -> dict[str, str]:
    """Return the builders' files of training steps, each with its step's script; files with several are left out."""
    found: dict[str, set[str]] = {}
    for step in subject.steps:
        part, search = step.step.part(Role.BUILDER), step.step.script
        if part is not None and step.is_training and search.path is not None and not search.missing:
            found.setdefault(part.path, set()).add(search.path)
    return {path: scripts.pop() for path, scripts in found.items() if len(scripts) == 1}
