"""The request to check some files: their repository, and whether they can belong to anything in it.

Most commits touch no step and no launcher. They end here, before any module of the analysis is imported.
"""

from __future__ import annotations

import os
from functools import cached_property

from flake8_training.project_folder import FILE, content, has_section
from flake8_training.source_file import is_folder
from training_alignment.checking.relevance import may_concern
from training_alignment.repository.repository import Repository
from training_alignment.repository.root import root_of
from training_alignment.scan.dockerfiles import dockerfiles
from training_alignment.scan.launchers import candidates
from training_alignment.scan.required_files import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from flake8_training.configuration import ProjectConfiguration
    from training_alignment.repository.configurations import Configurations


class Request:
    """The requested files, by their paths in the repository. ``configuration`` is None for the default one."""

    def __init__(
        self,
        repository: Repository,
        paths: Iterable[str],
        configuration: ProjectConfiguration | None,
    ) -> None:
        self.paths = list(paths)
        self.repository = repository
        repository.gone = frozenset(self.paths) - repository.files
        self.around = Surroundings(repository, self.paths, configuration)
        self._has_errors = configuration is not None and bool(configuration.errors)

    @cached_property
    def is_nothing(self) -> bool:
        """Return whether the files certainly belong to no step, launcher or image, and there is nothing to report."""
        nothing, repository, around = False, self.repository, self.around
        with repository.guarded("."):
            nothing = (
                around.is_nothing
                and not any(candidates(repository, around.launched))
                and not any(dockerfiles(repository, around.launched))
            )
        return nothing and not self._has_errors


class OpenedFiles:
    """Files of the command line in their repository, which is opened as soon as it is asked for."""

    def __init__(self, folder: str, files: list[str]) -> None:
        self.files = files
        self.root = root_of(folder)

    @cached_property
    def repository(self) -> Repository:
        """Return the repository of the files."""
        return Repository.open(self.root)

    @cached_property
    def may_concern(self) -> bool:
        """Return whether a file can be part of a step or a launcher by its name."""
        return any(map(may_concern, self.files))

    @cached_property
    def configurations(self) -> Configurations | None:
        """Return the configurations of the repository; None if it has none of its own."""
        files = self.repository.files
        if not _mentions(self.root) and not any(
            has_section(os.path.join(self.root, os.path.dirname(path)))
            for path in files
            if path.endswith(f"/{FILE}")
        ):
            return None
        from training_alignment.repository.configurations import Configurations

        return Configurations(self.repository)

    @cached_property
    def request(self) -> Request:
        """Return the request to check the files."""
        configurations = self.configurations
        paths = requested_paths(self.repository, self.files)
        return Request(self.repository, paths, configurations.whole if configurations is not None else None)

    @property
    def is_nothing(self) -> bool:
        """Return whether there is nothing to check."""
        return self.request.is_nothing if self.may_concern or _has_mistakes(self.root) else True


def _has_mistakes(root: str) -> bool:
    """Return whether the configuration of a folder has a mistake, which is reported with any file."""
    if not _mentions(root):
        return False
    from flake8_training.configuration import read_configuration

    return bool(read_configuration(root).errors)


def _mentions(root: str) -> bool:
    """Return whether the configuration of a folder may say something, or cannot be read."""
    try:
        return bool(content(root))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def requested_paths(repository: Repository, files: Iterable[str | Path]) -> Iterator[str]:
    """Yield the requested files by their paths in the repository; a folder yields the files below it."""
    for file in files:
        path = repository.relative(file)
        if path is None:
            continue
        if is_folder(os.fspath(file)):
            above = "" if path == "." else f"{path}/"
            yield from (below for below in repository.files if below.startswith(above))
        else:
            yield path
