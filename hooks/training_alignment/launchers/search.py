"""Finds launchers by content, and what they start: of a whole repository, or around some of its files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from training_alignment.artefacts.errors import ReadError
from training_alignment.launchers.launch import Launch, Scripts, launches
from training_alignment.launchers.launcher_file import (
    NOTEBOOK,
    LauncherFile,
    may_launch,
    read_launcher_file,
)
from training_alignment.launchers.notebook import MAX_NOTEBOOK_BYTES
from training_alignment.steps.repository import Repository

_CHECKPOINTS = ".ipynb_checkpoints/"


class Search:
    """The launchers of a repository. ``files`` are the files asked about, None for all."""

    def __init__(self, repository: Repository, files: Iterable[str] | None = None) -> None:
        self._repository = repository
        self._files = None if files is None else frozenset(files)
        self._scripts = Scripts(repository)

    def read(self, path: str) -> tuple[LauncherFile, tuple[Launch, ...]] | None:
        """A launcher with what it starts; of one that is not asked about, only what is. None where it is none."""
        file = read_launcher_file(self._repository, path)
        if file is None:
            return None
        started = tuple(launches(file, self._scripts))
        if self._files is not None and path not in self._files:
            started = tuple(launch for launch in started if self._concerns(launch))
            if not started:
                return None
        return file, started

    def found(self) -> Iterator[tuple[LauncherFile, tuple[Launch, ...]]]:
        """Yield each launcher with what it starts."""
        for path in self.candidates():
            read = self.read(path)
            if read is not None:
                yield read

    def candidates(self) -> Iterator[str]:
        """Yield the files that may be launchers, by their paths."""
        for path in sorted(self._repository.files):
            if not path.endswith((".py", NOTEBOOK)) or _CHECKPOINTS in path:
                continue
            if self._files is None or path in self._files:
                yield path
            elif self._names and self._mentions(path):
                yield path

    @property
    def _names(self) -> tuple[bytes, ...]:
        """The names of the scripts asked about, as launchers may write them."""
        return tuple(
            posixpath.basename(path).encode() for path in sorted(self._files or ()) if path.endswith(".py")
        )

    def _mentions(self, path: str) -> bool:
        try:
            data = self._repository.data(path, MAX_NOTEBOOK_BYTES)
        except ReadError:
            return False
        return may_launch(data) and any(name in data for name in self._names)

    def _concerns(self, launch: Launch) -> bool:
        """Whether a launch starts a file that is asked about, or a script that imports one."""
        assert self._files is not None
        if launch.script_path in self._files:
            return True
        return bool(launch.started.missing) and any(
            posixpath.basename(path) == posixpath.basename(launch.started.missing.split(" in ")[0])
            for path in self._files
        )
