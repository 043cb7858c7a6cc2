"""Runs of the rules over a repository's launchers and the scripts that they start.

What reads launchers is imported when there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.finding import Finding, Severity
from training_alignment.checking.guard import guarded
from training_alignment.launches.launcher_candidates import launcher_files
from training_alignment.repository.repository import Repository
from training_alignment.scan.dockerfiles import dockerfiles

if TYPE_CHECKING:
    from flake8_training.rules.registry import Rules
    from training_alignment.checking.consequences import Passed
    from training_alignment.launches.launch import Launch
    from training_alignment.launches.search import Search


class LauncherRun:
    """Runs the rules over each launcher once.

    ``files`` are the requested files, None for all. ``known`` are files of steps, which another check covers.
    ``builders`` maps the steps' builders to the steps' scripts.
    """

    def __init__(
        self,
        repository: Repository,
        files: Iterable[str] | None,
        rules: Rules,
        known: Iterable[str],
        builders: Mapping[str, str],
    ) -> None:
        self._rules = rules
        self._repository = repository
        self._files = files
        self._builders = builders
        self._left = dict.fromkeys(launcher_files(repository, files, builders))
        self._checked = set(known)
        self.of_images: list[Launch] | None = None
        """The launches that run an image of the project's own, if all launchers are read and there is a Dockerfile."""
        if files is None and any(dockerfiles(repository, None)):
            self.of_images = []
        self.files: set[str] = set()
        """The launchers that have been checked."""
        self.scripts: set[str] = set()
        """The scripts that the script rules have checked."""
        self.passed: dict[str, list[Passed]] = {}
        """What the launches pass, by the file in which the findings of their script are."""

    @cached_property
    def _search(self) -> Search:
        from training_alignment.launches.search import Search

        return Search(self._repository, self._files, self._builders)

    def findings_around(self, paths: Iterable[str]) -> Iterator[Finding]:
        """Yield the findings in those of the files that are launchers, and in the scripts that they start."""
        for path in paths:
            if path in self._left:
                del self._left[path]
                yield from self._of(path)

    @property
    def left(self) -> int:
        """The number of launchers that no call has covered."""
        return len(self._left)

    def rest(self, done: Callable[[int], None]) -> Iterator[Finding]:
        """Yield the findings in the launchers that no call has covered, and in their scripts.

        ``done`` is called with 1 for each of them.
        """
        for path in list(self._left):
            done(1)
            yield from self.findings_around([path])

    def _of(self, path: str) -> Iterator[Finding]:
        yield from guarded(path, self._of_path(path))

    def _of_path(self, path: str) -> Iterator[Finding]:
        from training_alignment.checking.consequences import passed
        from training_alignment.checking.launcher_findings import findings_of_launcher, findings_of_unreadable
        from training_alignment.launches.own_image import runs_own_image

        read = self._search.read(path)
        if read is None:
            error = self._search.unreadable(path)
            if error is not None:
                self.files.add(path)
                severity = Severity.WARNING if error.is_newer else None
                yield from findings_of_unreadable(error, self._rules, severity)
            return
        file, started = read
        self.files.add(path)
        if self.of_images is not None:
            self.of_images += [one for one in started if one.estimator.jobs and runs_own_image(one.estimator)]
        for launch in started:
            if launch.script_path is not None:
                # The findings of a script that a cell writes are in the notebook.
                reported = launch.script_path if launch.lines_before is None else launch.path
                self.passed.setdefault(reported, []).append(passed(launch))
        before = set(self._checked)
        yield from findings_of_launcher(self._search, file, started, self._rules, self._checked)
        self.scripts |= self._checked - before
