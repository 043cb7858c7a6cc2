"""The artefact files needed to resolve the steps of some files.

The selection uses only the bytes of the files, so a commit that touches no step costs no more than that search.
"""

from __future__ import annotations

import os
from functools import cached_property

from flake8_training.project_folder import FILE, has_section
from flake8_training.source_file import searched
from training_alignment.scan.import_lines import Imports
from training_alignment.scan.index import Index
from training_alignment.scan.related_files import Neighbours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flake8_training.configuration import ProjectConfiguration
    from training_alignment.repository.repository import Repository


class Surroundings:
    """Files by their paths in the repository, and the files related to them.

    A file may be deleted, new or of no step. ``configuration`` is None for the default one.
    """

    def __init__(
        self,
        repository: Repository,
        files: Iterable[str],
        configuration: ProjectConfiguration | None = None,
        *,
        index: Index | None = None,
    ) -> None:
        self.repository = repository
        self.files = frozenset(files)
        self._configuration = configuration
        self.index = index or Index(repository, configuration.listed if configuration is not None else ())

    @cached_property
    def configuration(self) -> ProjectConfiguration:
        """Return the configuration of the project."""
        from flake8_training.configuration import ProjectConfiguration

        return self._configuration or ProjectConfiguration()

    @cached_property
    def is_everything(self) -> bool:
        """Return whether a file affects every step: a registry, or the configuration of the project."""
        seen = {path: self.index.glance(path) for path in self.files}
        return any(self._configures(path) or (one is not None and one.registry) for path, one in seen.items())

    def _configures(self, path: str) -> bool:
        """Return whether a file is the configuration of the root, or of a project in the repository."""
        folder, _, name = path.rpartition("/")
        return name == FILE and (not folder or has_section(os.path.join(self.repository.folder, folder)))

    @cached_property
    def is_nothing(self) -> bool:
        """Return whether the files certainly belong to no step."""
        if not self.files:
            return True
        if self._configuration is not None and self._configuration.steps:
            return False
        return bool(self._search("nothing", lambda: ["yes"] if self._belong_to_nothing() else []))

    def _belong_to_nothing(self) -> bool:
        if not any(map(self.index.glance, self.files)) and self.neighbours.are_none(self.reached):
            return True
        registries = {path for path, seen in self.index.glances.items() if seen.registry}
        return not (self.artefacts - registries or self.files & self.index.glances.keys())

    def _search(self, name: str, run: Callable[[], Iterable[str]]) -> frozenset[str]:
        """Return the result of a search around the files."""
        return frozenset(searched((name, *sorted(self.files)), lambda: sorted(run())))

    @cached_property
    def reached(self) -> frozenset[str]:
        """Return the files, and those that import from them: subclasses, constants, shared functions."""
        plain = [path for path in self.files if path.endswith(".py") and self.index.glance(path) is None]
        if not plain:
            return self.files
        return self.files | self._search("reached", lambda: self._imports.importers(plain))

    @cached_property
    def launched(self) -> frozenset[str]:
        """Return the files, and those that import from a deleted one: their launches miss it."""
        gone = [path for path in self.repository.gone if path.endswith(".py")]
        return self.files | self._imports.importers(gone) if gone else self.files

    @cached_property
    def artefacts(self) -> frozenset[str]:
        """Return the artefact files to read for the steps of the files."""
        return self._search("around", lambda: self.neighbours.around(self.reached))

    @cached_property
    def neighbours(self) -> Neighbours:
        """Return the relations between artefact files."""
        return Neighbours(self.index, self._imports)

    @cached_property
    def _imports(self) -> Imports:
        return Imports(self.index)
