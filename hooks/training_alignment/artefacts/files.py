"""What the readers need of a repository: its Python files, parsed, and which file a module is."""

from __future__ import annotations

from typing import Protocol

from training_alignment.artefacts.source import Source


class Files(Protocol):
    """The files of a repository, by their paths relative to it, with ``/``."""

    def source(self, path: str) -> Source:
        """The parsed Python file; raises `ReadError`."""

    def module(self, module: str, importer: str) -> str | None:
        """The file of a module as the file ``importer`` names it (``..a.b``, ``a.b``); None if it is not here."""


def package_of(path: str) -> str:
    """The dotted folder of a file, from the root of the repository."""
    return path.rpartition("/")[0].replace("/", ".")
