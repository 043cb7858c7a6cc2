"""The findings that the baselines of a repository list.

A project's baseline lists its files, and names files in messages, as they are seen from the project's folder: the
command writes it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.record import replace
from training_alignment.artefacts.read_error import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flake8_training.baseline import Baseline, Entry
    from flake8_training.finding import Finding
    from training_alignment.repository.repository import Repository


class Known:
    """The known findings: how many there are, and the entries of the baselines that are left over.

    ``files`` maps the folders of projects, and the root, to the paths of their baselines, empty for none; ``project``
    returns the folder of a file's project. A project that ``files`` lacks has the root's baseline.
    """

    def __init__(
        self, repository: Repository, files: Mapping[str, str], project: Callable[[str], str]
    ) -> None:
        self._project = project
        self._baselines: dict[str, Baseline | None] = {}
        self.count = 0
        self.left: list[Entry] = []
        self.problem = ""
        for folder, path in files.items():
            self._baselines[folder] = self._read(repository, path) if path else None

    def _read(self, repository: Repository, path: str) -> Baseline | None:
        from flake8_training.baseline import MAX_BYTES, BadBaseline, Baseline

        try:
            return Baseline.read(repository.data(path, MAX_BYTES))
        except (ReadError, BadBaseline) as error:
            problem = f"{path}: {error.message if isinstance(error, ReadError) else error}"
            self.problem = self.problem or problem
        return None

    @property
    def stale(self) -> tuple[Entry, ...]:
        """The entries that no finding matches, by file."""
        return tuple(sorted(self.left, key=lambda entry: (entry.path, *entry)))

    def leave_out(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings that no baseline lists."""
        if not any(self._baselines.values()):
            return findings
        by_folder: dict[str, list[Finding]] = {folder: [] for folder in self._baselines}
        for finding in findings:
            folder = self._project(finding.path)
            by_folder[folder if folder in by_folder else ""].append(finding)
        new: list[Finding] = []
        for folder, inside in by_folder.items():
            new += self._new(folder, inside)
        return sorted(new)

    def _new(self, folder: str, findings: list[Finding]) -> Iterable[Finding]:
        baseline = self._baselines[folder]
        if baseline is None:
            return findings
        prefix = f"{folder}/" if folder else ""
        originals = {_seen_from(prefix, finding): finding for finding in findings}
        new, left = baseline.unknown(originals)
        self.count += len(findings) - len(new)
        self.left += [entry._replace(path=f"{prefix}{entry.path}") for entry in left]
        return [originals[finding] for finding in new]


def _seen_from(prefix: str, finding: Finding) -> Finding:
    """Return a finding as it is reported in a folder: without the folder's name before the paths."""
    if not prefix:
        return finding
    return replace(
        finding,
        path=finding.path.removeprefix(prefix),
        message=finding.message.replace(prefix, ""),
    )
