"""A repository checked: its steps, the rules over them, and what they find, sorted. Nothing is written or run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flake8_training.checker import run
from flake8_training.configuration import ProjectConfiguration, read_configuration
from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule, level_of
from flake8_training.rules.registry import chosen_rules
from flake8_training.settings import matches
from training_alignment.artefacts.errors import ReadError
from training_alignment.launchers.running import launcher_findings
from training_alignment.levels.base import PACKAGE, RepositoryRule, StepRule
from training_alignment.levels.running import findings_of_step
from training_alignment.levels.subject import RepositorySubject
from training_alignment.noqa import not_silenced
from training_alignment.steps.changes import select
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.repository import Repository, find_root

CONFIGURATION_CODE = "TRN003"
ADVICE = "TRN9"
_ENDINGS = (".py", ".ipynb", ".yaml", ".yml", ".json", ".toml")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which findings are asked for. None leaves it to the project's configuration.

    ``select`` and ``ignore`` are beginnings of codes; ``select`` is empty for all but the advice family.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    levels: tuple[int, ...] | None = None
    strict: bool | None = None

    def or_else(self, configuration: ProjectConfiguration) -> Choice:
        """The choice with the configuration's where nothing is chosen."""
        return Choice(
            select=configuration.select if self.select is None else self.select,
            ignore=configuration.ignore if self.ignore is None else self.ignore,
            levels=configuration.levels if self.levels is None else self.levels,
            strict=configuration.strict if self.strict is None else self.strict,
        )

    def wants(self, code: str) -> bool:
        """Whether findings of a code are asked for; what is wrong with the checking itself always is."""
        level = level_of(code)
        if self.ignore and code.startswith(self.ignore):
            return False
        if level and self.levels and level not in self.levels:
            return False
        if self.select:
            return code.startswith(self.select)
        return not code.startswith(ADVICE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found: findings by place, with paths relative to the current folder where they are below it."""

    findings: tuple[Finding, ...]
    rules: tuple[Rule[Any], ...]
    choice: Choice

    @property
    def misconfigured(self) -> bool:
        """Whether the project's configuration is wrong."""
        return any(finding.code == CONFIGURATION_CODE for finding in self.findings)

    @property
    def failed(self) -> bool:
        """Whether there is anything that should stop a commit."""
        return any(self.choice.strict or f.severity is Severity.ERROR for f in self.findings)


def check_repository(
    root: Path, files: Sequence[str | Path] | None = None, choice: Choice | None = None
) -> Outcome:
    """Check the steps that ``files`` belong to, every step without them.

    ``root`` is any folder of the repository. Files that belong to no step, or that do not exist, are no error.
    """
    repository = Repository.open(find_root(root))
    configuration = read_configuration(repository.root)
    chosen = (choice or Choice()).or_else(configuration)
    if not (_concerns_anything(files) or configuration.errors):
        return Outcome((), (), chosen)
    wanted = chosen_rules(chosen.wants, PACKAGE)
    subject = _subject(repository, configuration, files)
    found: list[Finding] = []
    for step in subject.steps:
        found.extend(findings_of_step(step, wanted))
        _ = step.script  # a script that cannot be read is told below
        step.release()
    found.extend(finding for rule in wanted for finding in _of_repository(rule, subject))
    of_steps = {path for step in subject.steps for path in step.step.paths}
    between = [rule for rule in wanted if isinstance(rule, StepRule) and rule.between_steps]
    for step in subject.dependents:
        of_others = findings_of_step(step, between)
        found.extend(f for f in of_others if any(other.path in of_steps for other in f.related))
    found.extend(launcher_findings(repository, _asked(repository, files), wanted, of_steps))
    kept = _kept(found, repository, configuration, chosen)
    return Outcome(tuple(kept), wanted, chosen)


def _concerns_anything(files: Sequence[str | Path] | None) -> bool:
    """Whether any of the files can be of a step or a launcher, by their endings."""
    return files is None or any(os.fspath(file).endswith(_ENDINGS) for file in files)


def find_steps(root: Path) -> Discovery:
    """Return the steps of the repository around a folder."""
    repository = Repository.open(find_root(root))
    return Discovery(repository, read_configuration(repository.root))


def _subject(
    repository: Repository, configuration: ProjectConfiguration, files: Sequence[str | Path] | None
) -> RepositorySubject:
    if files is None:
        return RepositorySubject(Discovery(repository, configuration))
    paths = _asked(repository, files) or []
    selection = select(repository, paths, configuration)
    return RepositorySubject(selection.discovery, selection.steps, paths, selection.dependents)


def _asked(repository: Repository, files: Sequence[str | Path] | None) -> list[str] | None:
    """The files asked about as paths of the repository; None for all."""
    if files is None:
        return None
    return [path for file in files if (path := repository.relative(file)) is not None]


def _of_repository(rule: Rule[Any], subject: RepositorySubject) -> list[Finding]:
    return run(rule, subject, subject.path) if isinstance(rule, RepositoryRule) else []


def _kept(
    found: Iterable[Finding], repository: Repository, configuration: ProjectConfiguration, choice: Choice
) -> list[Finding]:
    """Sorted, each once, without what comments silence, and with paths as seen from the current folder."""
    each: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(found):
        # A file that several steps share is told of once.
        each.setdefault((finding.path, finding.line, finding.column, finding.code, finding.message), finding)

    def text(path: str) -> str | None:
        try:
            return repository.data(path).decode("utf-8", "replace")
        except ReadError:
            return None

    shown = _Shown(repository.root)
    wanted = [
        f for f in each.values() if choice.wants(f.code) and not _excluded(f.path, repository, configuration)
    ]
    return sorted(
        replace(
            finding,
            path=shown(finding.path),
            related=tuple(replace(other, path=shown(other.path)) for other in finding.related),
        )
        for finding in not_silenced(wanted, text)
    )


def _excluded(path: str, repository: Repository, configuration: ProjectConfiguration) -> bool:
    root = os.fspath(repository.root)
    return any(
        matches(f"{root}/{path}", f"{root}/{pattern}" if "/" in pattern else pattern)
        for pattern in configuration.exclude
    )


class _Shown:
    """Paths of a repository as seen from the current folder."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._from = os.path.realpath(os.getcwd())

    def __call__(self, path: str) -> str:
        if self._root == self._from:
            return path
        shown = os.path.relpath(os.path.join(self._root, path), self._from).replace(os.sep, "/")
        return path if shown.startswith("../") and not self._from.startswith(self._root) else shown


def check(
    paths: Iterable[str | Path] | None = None,
    *,
    root: str | Path = ".",
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    levels: Iterable[int] | None = None,
) -> list[Finding]:
    """Return the findings in the steps that ``paths`` belong to; of the whole repository around ``root`` without.

    What is not chosen is as ``[tool.flake8-training]`` of the repository has it.
    """
    choice = Choice(
        select=None if select is None else tuple(select),
        ignore=None if ignore is None else tuple(ignore),
        levels=None if levels is None else tuple(levels),
    )
    outcome = check_repository(Path(root), None if paths is None else list(paths), choice)
    return list(outcome.findings)
