"""The repository interface of the readers: parsed Python files, and files of modules."""

from __future__ import annotations

from typing import Protocol

from training_alignment.artefacts.source import Source


class Files(Protocol):
    """The files of a repository, by their paths relative to it, with ``/``."""

    def source(self, path: str) -> Source:
        """Return the parsed Python file. Raises `ReadError`."""

    def module(self, module: str, importer: str) -> str | None:
        """Return the file of a module as the file ``importer`` names it (``..a.b``, ``a.b``); None if not found."""


def package_of(path: str) -> str:
    """Return the dotted folder of a file, from the root of the repository."""
    return path.rpartition("/")[0].replace("/", ".")
