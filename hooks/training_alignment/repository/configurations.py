"""The configurations of a repository: the root's, and those of the projects in it.

The nearest one above a file decides.
A project in a repository is a folder whose pyproject.toml has a section for this tool.
"""

from __future__ import annotations

import os
from functools import cached_property

from flake8_training.configuration import ProjectConfiguration, in_folder, read_configuration
from flake8_training.project_folder import FILE, has_section
from flake8_training.source_file import searched
from training_alignment.repository.repository import Repository

_MOST = 500
"""The most pyproject.toml files of a repository that are looked at."""


class Configurations:
    """Answers which configuration decides for a file; ``root`` is that of the repository's root."""

    def __init__(self, repository: Repository, root: ProjectConfiguration | None = None) -> None:
        self._repository = repository
        self.root = read_configuration(repository.folder) if root is None else root

    @cached_property
    def below(self) -> dict[str, ProjectConfiguration]:
        """The configurations of the projects in the repository, by their folders, with paths from the root."""
        end = f"/{FILE}"
        found: dict[str, ProjectConfiguration] = {}
        files = self._repository.files
        paths = searched(("configurations",), lambda: sorted(path for path in files if path.endswith(end)))
        for path in paths[:_MOST]:
            folder = path.removesuffix(end)
            whole = os.path.join(self._repository.folder, folder)
            if has_section(whole):
                found[folder] = in_folder(read_configuration(whole), folder)
        return found

    @cached_property
    def whole(self) -> ProjectConfiguration:
        """The root's configuration with the steps and the mistakes of all."""
        return self.root._replace(
            steps=tuple(step for one in self.every for step in one.steps),
            errors=tuple(error for one in self.every for error in one.errors),
        )

    @property
    def every(self) -> tuple[ProjectConfiguration, ...]:
        """All configurations, the root's first."""
        return (self.root, *self.below.values())

    def project(self, path: str) -> str:
        """Return the folder whose configuration decides for a file; empty for the root."""
        folder = path
        while self.below and folder:
            folder = folder.rpartition("/")[0]
            if folder in self.below:
                return folder
        return ""

    def of(self, path: str) -> ProjectConfiguration:
        """Return the configuration that decides for a file."""
        folder = self.project(path)
        return self.below[folder] if folder else self.root

    def excludes(self, path: str) -> bool:
        """Return whether the configuration of a file leaves it out."""
        return any(self._matches(path, glob) for glob in self.of(path).exclude)

    def ignores(self, path: str, code: str) -> bool:
        """Return whether ``per-file-ignores`` of the configuration of a file name it and a code."""
        rows = self.of(path).per_file_ignores
        return any(code.startswith(codes) and self._matches(path, glob) for glob, codes in rows)

    def _matches(self, path: str, pattern: str) -> bool:
        from flake8_training.settings import glob_in, matches

        root = self._repository.folder
        return matches(f"{root}/{path}", glob_in(root, pattern))
