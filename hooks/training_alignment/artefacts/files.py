"""The repository interface of the readers: parsed Python files, and the resolver of modules."""

from __future__ import annotations

from typing import Protocol

from flake8_training.resolver import Resolver
from training_alignment.artefacts.source import Source


class Files(Protocol):
    """The files of a repository, by their paths relative to it, with ``/``."""

    def source(self, path: str) -> Source:
        """Return the parsed Python file. Raises `ReadError`."""

    @property
    def resolver(self) -> Resolver:
        """The resolver of the modules among the files."""


def package_of(path: str) -> str:
    """Return the dotted folder of a file, from the root of the repository."""
    return path.rpartition("/")[0].replace("/", ".")
