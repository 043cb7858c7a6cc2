"""The repository of a file that is open in an editor or checked by flake8, with the strings that are not saved yet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from flake8_training.configuration import read_configuration
from flake8_training.finding import Finding, Related, with_paths
from flake8_training.record import replace
from training_alignment.checking.request import Request
from training_alignment.checking.run import Choice, Outcome, check_opened
from training_alignment.repository.configurations import Configurations
from training_alignment.repository.repository import Repository, listed_files
from training_alignment.repository.root import find_root


class Workspace:
    """A repository that is checked several times; ``folder`` is any folder of it. The list of files is kept."""

    def __init__(self, folder: Path) -> None:
        self.root = find_root(folder)
        self.refresh()

    def refresh(self) -> None:
        """Read the project's configuration and the list of files again."""
        self.configuration = read_configuration(self.root)
        self._files = tuple(listed_files(self.root))

    def relative(self, path: str) -> str | None:
        """Return an absolute path as one of the repository; None if it is outside."""
        return Repository(self.root, ()).relative(path)

    def repository(self, unsaved: Mapping[str, bytes]) -> Repository:
        """Return the repository with unsaved files."""
        return Repository(self.root, self._files, unsaved)

    def check(
        self,
        files: Iterable[str] | None,
        unsaved: Mapping[str, bytes],
        seen_from: str | None = None,
        *,
        with_alone: bool = False,
    ) -> Outcome:
        """Check the steps of ``files``, None for all; these, and the keys of ``unsaved``, are paths in the repository.

        The paths of the findings are those that are seen from a folder, by default the root. ``with_alone`` adds the
        findings of flake8 in files of no step and no launch.
        """
        repository = self.repository(unsaved)
        configurations = Configurations(repository, self.configuration)
        return check_opened(
            repository,
            configurations,
            None if files is None else Request(repository, files, configurations.whole),
            Choice(),
            seen_from=os.fspath(self.root) if seen_from is None else seen_from,
            with_alone=with_alone,
            merge_copies=False,
        )

    def absolute(self, finding: Finding) -> Finding:
        """Return a finding seen from the root with absolute paths."""
        return with_paths([finding], lambda path: os.path.join(self.root, path))[0]


def findings_seen_from(findings: Iterable[Finding], path: str) -> dict[Finding, Finding]:
    """Return the findings in a file, and those in others that name a place in it, as findings at that place.

    They are sorted; each is mapped to the finding as it is reported. The message of one that is reported in another
    file names that file and line, and its related places begin with that.
    """
    found: dict[Finding, Finding] = {}
    for finding in findings:
        if finding.path == path:
            found.setdefault(finding, finding)
            continue
        for place in finding.related:
            if place.path == path:
                found.setdefault(_moved(finding, place), finding)
                break
    return dict(sorted(found.items()))


def _moved(finding: Finding, place: Related) -> Finding:
    """Return a finding of another file at one of its related places."""
    origin = Related(finding.path, finding.line, finding.message)
    others = tuple(other for other in finding.related if other is not place)
    message = f"{finding.message} ({finding.path} line {finding.line})"
    return replace(
        finding, path=place.path, line=place.line, column=1, message=message, related=(origin, *others)
    )
