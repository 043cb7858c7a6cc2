"""Who imports whom, read off the import lines of files whose bytes name the module: nothing is parsed.

Not every import makes a step depend on a file: a module that lists all builders says nothing of any. Followed are
classes to those that derive from them, modules to modules of the same folders, and names that packages pass on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from training_alignment.artefacts.errors import ReadError
from training_alignment.steps.folders import folder_of
from training_alignment.steps.glance import imports
from training_alignment.steps.index import Index
from training_alignment.steps.naming import stem

MAX_ROUNDS = 6


class Imports:
    """The imports between the usable Python files of a repository."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._python = [path for path in index.usable if path.endswith(".py")]
        self._data: dict[str, bytes] = {}
        self._edges: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}

    def of(self, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The files that a file imports, with the names that it takes from each."""
        file = self.index.repository.resolver.file
        for module, names in self._statements(path):
            found = file(module, path)
            if found is not None:
                yield found, names
            for name in names:
                inner = file(module, path, name)
                if inner is not None and inner != found:
                    yield inner, ()

    def importers(self, targets: Iterable[str]) -> set[str]:
        """Files that take something from ``targets``, which need not exist: directly, or through what is followed."""
        reached: set[str] = set()
        wanted: dict[str, frozenset[str] | None] = dict.fromkeys(targets)
        for _ in range(MAX_ROUNDS):
            found: dict[str, frozenset[str] | None] = {}
            words = {_word(target).encode() for target in wanted}
            for path in self._python:
                if (
                    path in reached
                    or path in wanted
                    or not any(word in self.bytes_of(path) for word in words)
                ):
                    continue
                taken = self._taken(path, wanted)
                if taken is None:
                    continue
                reached.add(path)
                names, near = taken
                if path.endswith("__init__.py"):
                    found[path] = names
                elif near or self._derives(path, names):
                    found[path] = None
            if not found:
                break
            wanted = found
        return reached

    def _taken(
        self, path: str, wanted: dict[str, frozenset[str] | None]
    ) -> tuple[frozenset[str], bool] | None:
        """The names that a file takes from the wanted ones, and whether one is near; None if it imports none."""
        taken: set[str] = set()
        near = hit = False
        candidates = self.index.repository.resolver.candidates
        for module, names in self._statements(path):
            for target, passed in wanted.items():
                member = None
                if target in candidates(module, path):
                    if passed is not None and "*" not in names and not passed & set(names):
                        continue
                    taken.update(names if passed is None else passed & set(names) or names)
                else:
                    member = next((n for n in names if target in candidates(module, path, n)), None)
                    if member is None or passed is not None:
                        continue
                    taken.add(member)
                hit = True
                near = near or (passed is None and self._is_near(path, target))
        return (frozenset(taken), near) if hit else None

    def _is_near(self, path: str, target: str) -> bool:
        """Whether both are plain modules of one folder, or one of a folder below the other's."""
        if path in self.index.glances or path.endswith("__init__.py"):
            return False
        one, other = folder_of(path), folder_of(target)
        return (
            one == other
            or other.startswith(f"{one}/" if one else "")
            or one.startswith(f"{other}/" if other else "")
        )

    def _derives(self, path: str, names: frozenset[str]) -> bool:
        """Whether a file has a class that derives from one of the names."""
        data = self.bytes_of(path)
        return any(
            re.search(rb"^class \w+\([^)]*\b" + re.escape(name.encode()) + rb"\b", data, re.MULTILINE)
            is not None
            for name in names
            if name.isidentifier()
        )

    def _statements(self, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if path not in self._edges:
            self._edges[path] = imports(self.bytes_of(path))
        return self._edges[path]

    def bytes_of(self, path: str) -> bytes:
        """The bytes of a file, empty where it is not there or cannot be read; kept."""
        if path not in self._data:
            try:
                self._data[path] = self.index.repository.data(path)
            except ReadError:
                self._data[path] = b""
        return self._data[path]


def _word(path: str) -> str:
    """The word by which a module is imported."""
    return folder_of(path).rpartition("/")[2] if path.endswith("__init__.py") else stem(path)
