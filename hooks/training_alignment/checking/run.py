"""The check of a repository: its steps, the rules over them, and the sorted findings.

Nothing is written or run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from flake8_training.configuration import ProjectConfiguration, read_configuration
from flake8_training.finding import Finding, Severity, with_paths
from flake8_training.fix import located_fix
from flake8_training.ledger import Ledger, Suppressed, Totals, Unanswered, collecting, open_ledger
from flake8_training.record import Record, replace
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.known import Known
from training_alignment.checking.relevance import may_concern
from training_alignment.checking.request import OpenedFiles, Request, requested_paths
from training_alignment.repository.configurations import Configurations
from training_alignment.repository.repository import Repository
from training_alignment.repository.root import root_of
from training_alignment.scan.launchers import DATA, MAX_NOTEBOOK_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from flake8_training.baseline import Entry
    from flake8_training.rules.rule import Rule
    from training_alignment.checking.selection import Checked
    from training_alignment.steps.discovery import Discovery

Answer = TypeVar("Answer", Unanswered, Suppressed)

CONFIGURATION_CODE = "TRN003"
_SHARED = (*DATA, ".txt", ".toml")
"""The suffixes of files from which several launchers may take a value."""


class Choice(Record):
    """The findings that the caller selects. A field that is None is taken from the project's configuration.

    ``select`` and ``ignore`` are prefixes of codes; an empty ``select`` selects all codes but the advice family.
    ``baseline`` is the path of the baseline, relative to the repository; it is empty for none.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    levels: tuple[int, ...] | None = None
    strict: bool | None = None
    baseline: str | None = None

    @property
    def is_open(self) -> bool:
        """Return whether no codes are chosen: a baseline's entries of other codes are left over by a choice."""
        return self.select is None and self.ignore is None and self.levels is None

    def or_else(self, configuration: ProjectConfiguration) -> Choice:
        """Return this choice, with the configuration's values for the fields that are None."""
        return Choice(
            select=configuration.select if self.select is None else self.select,
            ignore=configuration.ignore if self.ignore is None else self.ignore,
            levels=configuration.levels if self.levels is None else self.levels,
            strict=configuration.strict if self.strict is None else self.strict,
            baseline=configuration.baseline if self.baseline is None else self.baseline,
        )

    def wants(self, code: str) -> bool:
        """Return whether findings of a code are selected.

        ``levels`` does not deselect findings about the checking itself.
        """
        from flake8_training.rules.registry import ADVICE
        from flake8_training.rules.rule import level_of

        level = level_of(code)
        if self.ignore and code.startswith(self.ignore):
            return False
        if level and self.levels and level not in self.levels:
            return False
        if self.select:
            return code.startswith(self.select)
        return not code.startswith(ADVICE)


class Verdicts(Record):
    """The verdicts of a check: their numbers, the unknown answers, and the silences on purpose."""

    totals: Totals = Totals(0, 0, 0)
    unanswered: tuple[Unanswered, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    by_subject: tuple[tuple[str, str, Totals], ...] = ()
    """The numbers for each subject: its step (empty without one), its file and the totals."""


class Outcome(Record):
    """The result of a check: the rules that ran, the findings by place, the extent of the check, and its verdicts.

    ``checked`` is None if no file could be part of a step or a launcher. Paths are relative to the current folder if
    the files are below it. The verdicts are empty unless they were collected.
    """

    findings: tuple[Finding, ...]
    rules: Iterable[Rule[Any]]
    choice: Choice
    checked: Checked | None = None
    verdicts: Verdicts = Verdicts()
    cut_short: tuple[str, ...] = ()
    """The files with so many values that not all were followed."""
    unfollowed: tuple[str, ...] = ()
    """The files whose values were not followed, because the files before them have taken all steps."""
    strictly: frozenset[str] = frozenset()
    """The files in which the configuration lets every finding stop a commit."""
    root: str = ""
    """The root of the repository."""
    known: int = 0
    """The number of findings that the baselines list."""
    stale: tuple[Entry, ...] = ()
    """The entries of the baselines that nothing causes. Empty unless every rule ran on the whole repository."""
    problem: str = ""
    """Why a baseline cannot be read."""
    alone: tuple[Finding, ...] = ()
    """The findings of flake8 in files of no step and no launch, if they were asked for."""

    @property
    def misconfigured(self) -> bool:
        """Return whether the project's configuration has a mistake."""
        return any(finding.code == CONFIGURATION_CODE for finding in self.findings)

    @property
    def failed(self) -> bool:
        """Return whether a finding should stop a commit."""
        return any(
            self.choice.strict or f.severity is Severity.ERROR or f.path in self.strictly
            for f in self.findings
        )


def check_repository(
    root: str | Path,
    files: Sequence[str | Path] | None = None,
    choice: Choice | None = None,
    *,
    with_verdicts: bool = False,
    progress: Callable[[int, int], None] | None = None,
    unsaved: Mapping[str, bytes] | None = None,
    opened: OpenedFiles | None = None,
    merge_copies: bool = True,
    jobs: int | None = 1,
) -> Outcome:
    """Check the steps that ``files`` belong to, or every step if ``files`` is None.

    ``root`` is any folder of the repository. Files that belong to no step, or that do not exist, are skipped; a folder
    means the files below it. The verdicts are collected if ``with_verdicts`` is true. ``progress`` is called with the
    number of steps and launchers that have been checked, and the number of all. ``unsaved`` holds the bytes of files
    that replace those on disk, by their paths as seen from the current folder. ``opened`` holds the files in their
    repository, if it has been opened. ``merge_copies`` reports a finding in copies of one file once. ``jobs`` is the
    most processes that check, None for one for each usable core.
    """
    choice = choice or Choice()
    if opened is not None:
        return check_opened(
            opened.repository,
            opened.configurations or Configurations(opened.repository),
            opened.request,
            choice,
            with_verdicts=with_verdicts,
            merge_copies=merge_copies,
            progress=progress,
            jobs=jobs,
        )
    root = root_of(root)
    configuration = read_configuration(root)
    chosen = choice.or_else(configuration)
    if files is not None and not configuration.errors and not any(map(may_concern, files)):
        return Outcome((), (), chosen, root=root)
    inside = {
        path: data for file, data in (unsaved or {}).items() if (path := _inside(root, file)) is not None
    }
    repository = Repository.open(root, inside)
    configurations = Configurations(repository, configuration)
    request = None
    if files is not None:
        request = Request(repository, requested_paths(repository, files), configurations.whole)
    return check_opened(
        repository,
        configurations,
        request,
        choice,
        with_verdicts=with_verdicts,
        merge_copies=merge_copies,
        progress=progress,
        jobs=jobs,
    )


def _inside(root: str, file: str) -> str | None:
    """Return the path of a file, as seen from the current folder, in the repository; None if it is outside."""
    return Repository(root, ()).relative(file)


def check_opened(
    repository: Repository,
    configurations: Configurations,
    request: Request | None,
    choice: Choice,
    *,
    with_verdicts: bool = False,
    seen_from: str | None = None,
    with_alone: bool = False,
    merge_copies: bool = True,
    progress: Callable[[int, int], None] | None = None,
    jobs: int | None = 1,
) -> Outcome:
    """Check the steps of the requested files of the repository; without a request, every step.

    ``choice`` is the caller's; what it leaves open is for the configuration of each file. The paths of the findings are
    those that are seen from a folder, by default the current one. ``with_alone`` adds the findings of flake8 in files
    of no step and no launch. ``merge_copies`` reports a finding in copies of one file once. ``jobs`` is the most
    processes, None for one for each usable core.
    """
    shown = Shown(repository.folder, seen_from)
    chosen = choice.or_else(configurations.root)
    root = repository.folder
    around = request.around if request is not None else None
    nothing = request is not None and request.is_nothing
    if nothing and not with_alone:
        return Outcome((), (), chosen, root=root)
    each = Chosen(configurations, choice)
    from training_alignment.checking.selection import findings_of

    known = Known(repository, each.baselines, configurations.project)
    if not with_verdicts:
        wanted: Iterable[Rule[Any]] = ()
        found: list[Finding] = []
        checked: Checked | None = None
        if not nothing:
            wanted, found, checked = findings_of(
                repository, configurations.whole, around, each.wants, progress, jobs
            )
        kept = kept_findings(found, repository, each, shown, merge_copies=merge_copies, known=known)
        verdicts = Verdicts()
    else:
        with collecting() as ledger:
            wanted, found, checked = findings_of(
                repository, configurations.whole, around, each.wants, progress, jobs
            )
            kept = kept_findings(found, repository, each, shown, merge_copies=merge_copies, known=known)
        verdicts = _verdicts(ledger, tuple(kept), repository, configurations, shown)
    alone: list[Finding] = []
    if with_alone:
        from training_alignment.checking.alone import findings_alone

        paths = repository.files if request is None else request.paths
        of_one_file = findings_alone(repository, configurations, paths, checked)
        alone = kept_findings(of_one_file, repository, each, shown, merge_copies=merge_copies)
    cut_short, unfollowed = _unfinished(repository, shown)
    return Outcome(
        tuple(kept),
        wanted,
        chosen,
        checked,
        verdicts,
        cut_short,
        unfollowed,
        root=root,
        known=known.count,
        stale=known.stale if around is None and choice.is_open else (),
        problem=known.problem,
        strictly=each.strict_files(found, shown),
        alone=tuple(alone),
    )


class Chosen:
    """Answers which findings are selected: the caller's choice, and for the rest the configuration of each file."""

    def __init__(self, configurations: Configurations, choice: Choice) -> None:
        self.configurations = configurations
        self._choice = choice
        self._every = [choice.or_else(one) for one in configurations.every]

    def wants(self, code: str) -> bool:
        """Return whether findings of a code are selected in any file."""
        return any(one.wants(code) for one in self._every)

    def keeps(self, finding: Finding) -> bool:
        """Return whether a finding is selected in its file."""
        if self.configurations.excludes(finding.path) or self.configurations.ignores(
            finding.path, finding.code
        ):
            return False
        return self._choice.or_else(self.configurations.of(finding.path)).wants(finding.code)

    @property
    def baselines(self) -> dict[str, str]:
        """The baseline of each folder with a configuration, empty for none; the caller's is that of the root."""
        if self._choice.baseline is not None:
            return {"": self._choice.baseline}
        below = self.configurations.below.items()
        return {"": self.configurations.root.baseline, **{folder: one.baseline for folder, one in below}}

    def strict_files(self, findings: Iterable[Finding], shown: Shown) -> frozenset[str]:
        """Return the files with findings in which every finding stops a commit, by their shown paths."""
        strict = (path for path in {finding.path for finding in findings} if self._is_strict(path))
        return frozenset(map(shown, strict))

    def _is_strict(self, path: str) -> bool:
        return bool(self._choice.or_else(self.configurations.of(path)).strict)


def _unfinished(repository: Repository, shown: Shown) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cut_short, unfollowed = repository.unfinished()
    return tuple(map(shown, cut_short)), tuple(map(shown, unfollowed))


def _verdicts(
    ledger: Ledger,
    findings: tuple[Finding, ...],
    repository: Repository,
    configurations: Configurations,
    shown: Shown,
) -> Verdicts:
    """Return the verdicts on files that are not excluded, with paths as ``shown``."""

    def relative(path: str) -> str:
        return (repository.relative(path) or path) if os.path.isabs(path) else path

    def seen(one: Answer) -> Answer:
        return replace(one, path=shown(relative(one.path)), subject=shown(relative(one.subject)))

    ledger.leave_out(lambda subject: configurations.excludes(relative(subject)))
    found = ledger.totals
    fine = found.fine + max(found.reported - len(findings), 0)
    return Verdicts(
        Totals(len(findings), fine, found.unknown),
        tuple(sorted(map(seen, ledger.unanswered))),
        tuple(sorted(map(seen, ledger.suppressed))),
        tuple(
            (step, shown(relative(subject)), totals) for (step, subject), totals in ledger.by_subject.items()
        ),
    )


def find_steps(root: Path) -> Discovery:
    """Return the steps of the repository around a folder."""
    from training_alignment.steps.discovery import Discovery

    repository = Repository.open(root_of(root))
    return Discovery(repository, Configurations(repository).whole)


def kept_findings(
    found: Iterable[Finding],
    repository: Repository,
    chosen: Chosen,
    shown: Shown,
    *,
    merge_copies: bool,
    known: Known | None = None,
) -> list[Finding]:
    """Return the sorted findings without duplicates, silenced and known ones, with paths as ``shown``."""
    each: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(found):
        # Several steps can share a file: its findings are reported once. A value in a data file, or a requirement, can
        # be wrong for several launchers: the finding names them all.
        key = (finding.path, finding.line, finding.column, finding.code, finding.message)
        known_one = each.setdefault(key, finding)
        if known_one is not finding and finding.path.endswith(_SHARED):
            related = tuple(dict.fromkeys((*known_one.related, *finding.related)))
            each[key] = replace(known_one, related=related)

    selected = [finding for finding in each.values() if chosen.keeps(finding)]
    if not selected:
        return known.leave_out([]) if known is not None else []
    from flake8_training.rules.precedence import without_consequences
    from training_alignment.checking.copies import without_copies
    from training_alignment.checking.noqa import not_silenced

    def source(path: str) -> str | None:
        try:
            return repository.data(path, MAX_NOTEBOOK_BYTES).decode("utf-8", "replace")
        except ReadError:
            return None

    # A comment that silences a finding silences its consequences too: they are merged first.
    wanted = without_consequences(selected)
    loud = not_silenced(wanted, source)
    for index, finding in enumerate(loud):
        if finding.fix is not None:
            loud[index] = replace(finding, fix=located_fix(finding.fix, finding.path, source))
    ledger = open_ledger()
    if ledger is not None:
        for finding in set(wanted) - set(loud):
            ledger.silence(finding)
    if known is not None:
        loud = known.leave_out(loud)
    if merge_copies:
        loud = without_copies(loud, repository.data)
    return sorted(with_paths(loud, shown))


class Shown:
    """Converts paths of a repository to paths as seen from a folder, by default the current one."""

    def __init__(self, root: str | Path, folder: str | None) -> None:
        self._root = os.fspath(root)
        self._from = os.path.realpath(folder or os.getcwd())

    def __call__(self, path: str) -> str:
        if self._root == self._from:
            return path
        shown = os.path.relpath(os.path.join(self._root, path), self._from).replace(os.sep, "/")
        return path if shown.startswith("../") and not self._from.startswith(self._root) else shown


def check(
    paths: str | Path | Iterable[str | Path] | None = None,
    *,
    root: str | Path = ".",
    select: str | Iterable[str] | None = None,
    ignore: str | Iterable[str] | None = None,
    levels: Iterable[int] | None = None,
) -> list[Finding]:
    """Return the findings in the steps that ``paths`` belong to, or in the repository around ``root`` without paths.

    A folder means the files below it. Arguments that are None are taken from ``[tool.flake8-training]`` of the
    repository.
    """
    choice = Choice(
        select=_codes(select),
        ignore=_codes(ignore),
        levels=None if levels is None else tuple(levels),
    )
    # A string is one path or one prefix of codes, not a sequence of characters.
    files = [paths] if isinstance(paths, str | os.PathLike) else None if paths is None else list(paths)
    return list(check_repository(root, files, choice).findings)


def _codes(codes: str | Iterable[str] | None) -> tuple[str, ...] | None:
    return (codes,) if isinstance(codes, str) else None if codes is None else tuple(codes)
