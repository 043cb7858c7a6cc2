"""Rounds of check and fix over a repository in memory, until no fix is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from flake8_training.configuration import ProjectConfiguration
from flake8_training.finding import Finding, with_paths
from flake8_training.record import Record, replace
from flake8_training.rules.precedence import GIVES_WAY
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking.copies import without_copies
from training_alignment.checking.request import Request
from training_alignment.checking.run import Choice, Outcome, Shown, check_opened
from training_alignment.fixes.applied import apply
from training_alignment.repository.configurations import Configurations
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import MAX_NOTEBOOK_BYTES

MOST_ROUNDS = 10
"""A fix may uncover another mistake; so many times in turn is a sign of fixes that undo each other."""
_MOST_SINGLE = 200
"""The most fixes of a round that are tried one by one, after all of them together have caused a new finding."""
_FIXABLE = (".py", ".ipynb", ".yaml", ".yml", ".json")


class Fixed(Record):
    """The changed files, by their paths in the repository, and the outcome of the check after the changes.

    ``before`` holds the bytes that were checked, ``after`` the new ones; ``count`` is the number of removed findings.
    ``outcome`` has the paths as seen from the current folder.
    """

    before: dict[str, bytes]
    after: dict[str, bytes]
    count: int
    outcome: Outcome


class Rounds:
    """Checks and fixes the requested files of a repository, None for all."""

    def __init__(
        self,
        root: Path,
        files: Iterable[str],
        configuration: ProjectConfiguration,
        requested: Sequence[str] | None,
        choice: Choice,
        *,
        unsafe: bool,
    ) -> None:
        self._root = root
        self._files = tuple(files)
        self._configuration = configuration
        self._requested = requested
        self._choice = choice
        self._unsafe = unsafe
        self._before: dict[str, bytes] = {}
        """The bytes of the files with a fix, as they were when they were read first."""
        self._after: dict[str, bytes] = {}
        self._refused: set[tuple[object, ...]] = set()
        """The fixes that have caused other findings, or that have not removed theirs."""

    def run(self) -> Fixed:
        """Return the files after all fixes that remove their finding and cause no other one."""
        outcome = self._check({})
        count = 0
        for _ in range(MOST_ROUNDS):
            fixable = self._fixable(_every(outcome))
            if not fixable:
                break
            known = _counted(_every(outcome))
            changes, done = self._applied(fixable)
            after = self._check(changes) if changes else outcome
            if not changes or not self._is_better(known, _every(after), done):
                changes, done, after = self._one_by_one(fixable, outcome)
            if not changes:
                break
            self._after.update(changes)
            count += len(done)
            outcome = after
        changed = {path: data for path, data in self._after.items() if data != self._before[path]}
        shown = Shown(self._root, None)
        data = Repository(self._root, self._files, self._after).data
        left = without_copies(outcome.findings, data)
        outcome = replace(outcome, findings=tuple(with_paths(left, shown)))
        return Fixed(
            {path: self._before[path] for path in changed}, changed, count if changed else 0, outcome
        )

    def _fixable(self, findings: Iterable[Finding]) -> list[Finding]:
        return [
            one
            for one in findings
            if one.fix is not None and (one.fix.is_safe or self._unsafe) and _key(one) not in self._refused
        ]

    def _one_by_one(
        self, fixable: Sequence[Finding], before: Outcome
    ) -> tuple[dict[str, bytes], tuple[Finding, ...], Outcome]:
        """Return the first fix that makes things better by itself; refuse those before it."""
        known = _counted(_every(before))
        for finding in fixable[:_MOST_SINGLE]:
            changes, done = self._applied([finding])
            after = self._check(changes) if changes else before
            if changes and self._is_better(known, _every(after), done):
                return changes, done, after
            self._refused.add(_key(finding))
        return {}, (), before

    @staticmethod
    def _is_better(known: Counter[object], after: Iterable[Finding], done: Sequence[Finding]) -> bool:
        """Return whether the findings of ``done`` are gone, and none of their kind is new.

        A fix may uncover other findings, for example in the script that a launcher now starts.
        """
        after = list(after)
        now, removed = _counted(after), _counted(done)
        if any(now[one] > known[one] - removed[one] for one in removed):
            return False
        codes = {one.code for one in done}
        codes.update(code for one in codes.copy() for code in GIVES_WAY.get(one, ()))
        codes.update(weaker for weaker, stronger in GIVES_WAY.items() if codes.intersection(stronger))
        new = now - known
        return not any(one.code in codes and new[_identity(one)] for one in after)

    def _applied(self, findings: Iterable[Finding]) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
        findings = list(findings)
        paths = {edit.path for one in findings if one.fix is not None for edit in one.fix.edits}
        sources = {path: source for path in sorted(paths) if (source := self._source(path)) is not None}
        applied = apply(findings, sources)
        return {path: source.encode("utf-8") for path, source in applied.sources.items()}, applied.findings

    def _source(self, path: str) -> str | None:
        """Return the source of a file; None if it is of a kind that is not fixed, or not UTF-8."""
        if not path.endswith(_FIXABLE):
            return None
        data = self._after.get(path)
        try:
            if data is None:
                data = Repository(self._root, self._files).data(path, MAX_NOTEBOOK_BYTES)
                self._before[path] = self._after[path] = data
            return data.decode("utf-8")
        except (ReadError, UnicodeDecodeError):
            return None

    def _check(self, changes: dict[str, bytes]) -> Outcome:
        """Check the repository with the changes so far and others; paths are those of the repository."""
        repository = Repository(self._root, self._files, {**self._after, **changes})
        configurations = Configurations(repository, self._configuration)
        request = None
        if self._requested is not None:
            request = Request(repository, self._requested, configurations.whole)
        return check_opened(
            repository,
            configurations,
            request,
            self._choice,
            seen_from=str(self._root),
            with_alone=True,
            merge_copies=False,
        )


def _every(outcome: Outcome) -> tuple[Finding, ...]:
    return (*outcome.findings, *outcome.alone)


def _key(finding: Finding) -> tuple[object, ...]:
    return (finding.code, finding.path, finding.message, finding.fix)


def _counted(findings: Iterable[Finding]) -> Counter[object]:
    """Return how often each finding occurs, wherever in its file: an edit may move another one."""
    return Counter(map(_identity, findings))


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.path, finding.message
