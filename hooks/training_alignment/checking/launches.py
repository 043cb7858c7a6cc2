"""Runs of the rules over a repository's launchers and the scripts that they start.

What reads launchers is imported when there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.checker import internal_error
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import enter
from training_alignment.checking.unit_result import LauncherResult
from training_alignment.launches.launcher_candidates import launcher_files
from training_alignment.repository.repository import Repository
from training_alignment.scan.dockerfiles import dockerfiles

if TYPE_CHECKING:
    from flake8_training.engine.syntax.program import Program
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
        self.requested = files
        self._builders = builders
        self._left = dict.fromkeys(launcher_files(repository, files, builders))
        self._checked = set(known)
        self.of_images: list[Launch] | None = None
        """The launches that run an image of the project's own, if all launchers are read and there is a Dockerfile."""
        if files is None and any(dockerfiles(repository, None)):
            self.of_images = []
        self.programs_of_images: set[Program] = set()
        """What has been read for these launches, which are asked once more at the end."""
        self.files: set[str] = set()
        """The launchers that have been checked."""
        self.scripts: set[str] = set()
        """The scripts that the script rules have checked."""
        self.passed: dict[str, list[Passed]] = {}
        """What the launches pass, by the file in which the findings of their script are."""

    @cached_property
    def _search(self) -> Search:
        from training_alignment.launches.search import Search

        return Search(self._repository, self.requested, self._builders)

    def taken(self, paths: Iterable[str]) -> list[str]:
        """Return those of the files that are launchers and that no call has returned yet."""
        return [path for path in paths if self._left.pop(path, path) is None]

    @property
    def left(self) -> list[str]:
        """The launchers that no call has returned."""
        return list(self._left)

    def prepare(self) -> None:
        """Import what reads launchers, if there are any: forked processes share it."""
        if self._left:
            import training_alignment.checking.consequences
            import training_alignment.checking.launcher_findings  # noqa: F401

            _ = self._search

    def result(self, path: str) -> LauncherResult:
        """Return the findings in a launcher, and in the scripts that it starts, without those already checked."""
        result = LauncherResult(path, is_own=path not in self._checked)
        try:
            self._read(result)
        except Exception as error:
            result.add("", iter([internal_error(path, "the reader", error)]))
        return result

    def _read(self, result: LauncherResult) -> None:
        read = self._search.read(result.path)
        error = self._search.unreadable(result.path) if read is None else None
        if read is None and error is None:
            return  # most builders of steps: what follows takes long to import
        from training_alignment.checking.consequences import passed
        from training_alignment.checking.launcher_findings import findings_of_launcher, findings_of_unreadable

        if read is None:
            if error is not None:
                result.is_launcher = True
                severity = Severity.WARNING if error.is_newer else None
                result.add("", findings_of_unreadable(error, self._rules, severity))
            return
        file, started = read
        result.is_launcher = True
        result.of_images = self._of_images(started)
        for launch in started:
            if launch.script_path is not None:
                # The findings of a script that a cell writes are in the notebook.
                reported = launch.script_path if launch.lines_before is None else launch.path
                result.passed.append((reported, passed(launch)))
        for script, findings in findings_of_launcher(self._search, file, started, self._rules, self._checked):
            result.add(script, findings)
        if not result.of_images:
            file.close()

    def _of_images(self, started: Iterable[Launch]) -> list[Launch]:
        if self.of_images is None:
            return []
        from training_alignment.launches.own_image import may_run_own_image

        return [one for one in started if one.estimator.jobs and may_run_own_image(one.estimator)]

    def merged(self, result: LauncherResult) -> Iterator[Finding]:
        """Yield the findings of a result, and add the rest of it to this run.

        Another process, which has not known all that this one has checked before, may have computed it.
        """
        if result.is_own != (result.path not in self._checked):
            result = self.result(result.path)
        if result.is_launcher:
            self.files.add(result.path)
        if self.of_images is not None:
            if result.of_images is None:
                read = self._search.read(result.path)
                result.of_images = self._of_images(read[1]) if read is not None else []
            self.of_images += result.of_images
            self.programs_of_images.update(one for launch in result.of_images for one in launch.programs)
        for path, one in result.passed:
            self.passed.setdefault(path, []).append(one)
        for script, findings, pages in result.parts:
            if script in self._checked and script:
                continue
            if script:
                self._checked.add(script)
                self.scripts.add(script)
            enter(pages)
            yield from findings
