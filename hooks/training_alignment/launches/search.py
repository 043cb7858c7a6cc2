"""Search for launchers and their launches, in a whole repository or around some of its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.launcher_candidates import launcher_files
from training_alignment.launches.launcher_file import LauncherFile, read_error, read_launcher_file
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import DATA, is_certain, leads_to, names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from training_alignment.launches.launch import Launch
    from training_alignment.launches.processing import ProcessingLaunch
    from training_alignment.launches.written_defaults import WrittenDefaults

_NONE: Mapping[str, str] = MappingProxyType({})


class Search:
    """The launchers of a repository.

    ``files`` are the requested files, None for all; ``builders`` maps the builders of the requested steps to the
    steps' scripts.
    """

    def __init__(
        self,
        repository: Repository,
        files: Iterable[str] | None = None,
        builders: Mapping[str, str] = _NONE,
    ) -> None:
        self._repository = repository
        self._files = None if files is None else frozenset(files)
        self._builders = builders

    @cached_property
    def _defaults(self) -> WrittenDefaults:
        from training_alignment.launches.written_defaults import WrittenDefaults

        return WrittenDefaults(self._repository)

    def read(self, path: str) -> tuple[LauncherFile, tuple[Launch, ...]] | None:
        """Return a launcher with its launches; for one that is not requested, only those of requested scripts.

        Return None if the file is no launcher, or if no launch and no processing job is left.
        """
        file = read_launcher_file(self._repository, path)
        if file is None:
            return None
        found = self._with_launches(file)
        if found is None:
            file.close()
        return found

    def unreadable(self, path: str) -> ReadError | None:
        """Return why a requested file is unreadable that is a launcher by its bytes; None for any other file."""
        if self._files is not None and path not in self._files:
            return None
        error = read_error(self._repository, path)
        return error if error is not None and is_certain(self._repository, error) else None

    def read_by_default(self, file: LauncherFile) -> tuple[LauncherFile, tuple[Launch, ...]] | None:
        """Return a launcher read with the author's defaults, as :meth:`read` does; None if they decide nothing."""
        other = file.by_default(self._defaults)
        return self._with_launches(other) if other is not None else None

    def linked(self, file: LauncherFile, found: Sequence[Launch]) -> tuple[Launch, ...]:
        """Return the launches of a file; those without a script as the author's defaults decide them."""
        if all(launch.script_path is not None for launch in found):
            return tuple(found)
        read = self.read_by_default(file)
        again = {id(one.estimator.node): one for one in read[1]} if read is not None else {}
        return tuple(
            again.get(id(launch.estimator.node), launch) if launch.script_path is None else launch
            for launch in found
        )

    def of_tests(self, file: LauncherFile) -> Iterator[Launch]:
        """Yield the launches of a launcher that are left out because a test expects them to fail or starts nothing."""
        return _launches(file, self._builders.get(file.path), of_tests=True)

    def _with_launches(self, file: LauncherFile) -> tuple[LauncherFile, tuple[Launch, ...]] | None:
        path = file.path
        started = tuple(_launches(file, self._builders.get(path)))
        if self._files is not None and path not in self._files and path not in self._builders:
            if not self._reads_requested(path):
                started = tuple(launch for launch in started if self._concerns(launch))
            if not started and not self.processing(file):
                return None
        return file, started

    def processing(self, file: LauncherFile) -> tuple[ProcessingLaunch, ...]:
        """Return the processing jobs of a launcher; for one that is not requested, only those of requested scripts."""
        found = tuple(_processing_launches(file))
        if self._files is None or file.path in self._files or file.path in self._builders:
            return found
        if self._reads_requested(file.path):
            return found
        return tuple(launch for launch in found if self._concerns(launch))

    def found(self) -> Iterator[tuple[LauncherFile, tuple[Launch, ...]]]:
        """Yield each launcher with its launches."""
        for path in self.candidates():
            read = self.read(path)
            if read is not None:
                yield read

    def candidates(self) -> Iterator[str]:
        """Yield the paths of the files that may be launchers."""
        return launcher_files(self._repository, self._files, self._builders)

    def _reads_requested(self, path: str) -> bool:
        """Return whether a launcher names a requested data file or imports a requested module."""
        assert self._files is not None
        names = tuple(names_of(one for one in self._files if one.endswith(DATA)))
        modules = [one for one in self._files if one.endswith(".py")]
        return bool(names or modules) and leads_to(self._repository, path, names, modules)

    def _concerns(self, launch: Launch | ProcessingLaunch) -> bool:
        """Return whether a launch starts a requested file, or misses an entry point that a requested file may be.

        A requested Dockerfile counts as the script that its image starts.
        """
        assert self._files is not None
        if launch.script_path in self._files or launch.started.dockerfile in self._files:
            return True
        return not self._files.isdisjoint(launch.started.missing_paths)


# Most builders of steps start nothing by themselves: what follows a launch is imported with the first one.


def _launches(file: LauncherFile, script_of_step: str | None, *, of_tests: bool = False) -> Iterator[Launch]:
    if not file.launcher.estimators and not file.launcher.requested:
        return iter(())
    from training_alignment.launches.launch import launches

    return launches(file, script_of_step, of_tests)


def _processing_launches(file: LauncherFile) -> Iterator[ProcessingLaunch]:
    if not file.launcher.processing_jobs:
        return iter(())
    from training_alignment.launches.processing import processing_launches

    return processing_launches(file)
