"""Imports between Python files, read from import lines without parsing.

Not every import makes a step depend on a file: a module that lists all builders affects none of them. Three kinds are
followed: base classes to their subclasses, modules to modules in the same or a nested folder, and names that a package
re-exports.
"""

from __future__ import annotations

from functools import cached_property

from flake8_training.pattern import pattern
from training_alignment.repository.file_questions import FileQuestion
from training_alignment.repository.folders import folder_of
from training_alignment.scan.glance import IMPORTS, IMPORTS_ANY
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import stem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_ROUNDS = 6
_WORDS = pattern(rb"[\w\x80-\xff]+")
_BASES = pattern(rb"(?m)^class \w+\(([^)]*)")


class Imports:
    """The imports between the usable Python files of a repository."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._edges: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}

    @cached_property
    def _python(self) -> list[str]:
        return [path for path in self.index.usable if path.endswith(".py")]

    def of(self, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the files that a file imports, with the names that it imports from each."""
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
        """Return the files that import from ``targets``, directly or transitively; targets need not exist."""
        reached: set[str] = set()
        wanted: dict[str, frozenset[str] | None] = dict.fromkeys(targets)
        for _ in range(MAX_ROUNDS):
            found: dict[str, frozenset[str] | None] = {}
            words = sorted({_word(target) for target in wanted})
            for path in self.index.repository.possible(IMPORTS_ANY, self._python, *words):
                if path in reached or path in wanted or not self.index.answer(IMPORTS_ANY, path, *words):
                    continue
                imported = self._imported_names(path, wanted)
                if imported is None:
                    continue
                reached.add(path)
                names, near = imported
                if path.endswith("__init__.py"):
                    found[path] = names
                elif near or self._derives(path, names):
                    found[path] = None
            if not found:
                break
            wanted = found
        return reached

    def _imported_names(
        self, path: str, wanted: dict[str, frozenset[str] | None]
    ) -> tuple[frozenset[str], bool] | None:
        """Return the names that a file imports from ``wanted``, and whether one file is near;

        None without such an import.
        """
        imported: set[str] = set()
        near = hit = False
        candidates = self.index.repository.resolver.candidates
        for module, names in self._statements(path):
            for target, passed in wanted.items():
                member = None
                if target in candidates(module, path):
                    if passed is not None and "*" not in names and not passed & set(names):
                        continue
                    imported.update(names if passed is None else passed & set(names) or names)
                else:
                    member = next((n for n in names if target in candidates(module, path, n)), None)
                    if member is None or passed is not None:
                        continue
                    imported.add(member)
                hit = True
                near = near or (passed is None and self._is_near(path, target))
        return (frozenset(imported), near) if hit else None

    def _is_near(self, path: str, target: str) -> bool:
        """Return whether both files are plain modules of one folder, or of a folder and one below it."""
        if self.index.glance(path) is not None or path.endswith("__init__.py"):
            return False
        one, other = folder_of(path), folder_of(target)
        return (
            one == other
            or other.startswith(f"{one}/" if one else "")
            or one.startswith(f"{other}/" if other else "")
        )

    def _derives(self, path: str, names: frozenset[str]) -> bool:
        """Return whether a file has a class with one of the names as a base."""
        return bool(self.index.answer(_DERIVES, path, *sorted(filter(str.isidentifier, names))))

    def _statements(self, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if path not in self._edges:
            self._edges[path] = self.index.answer(IMPORTS, path) or ()
        return self._edges[path]


def _derives(_: str, data: bytes, *names: str) -> bool:
    """Return whether a file has a class with one of the names as a base."""
    wanted = {name.encode(errors="surrogatepass") for name in names}
    return any(not wanted.isdisjoint(_WORDS.findall(bases)) for bases in _BASES.findall(data))


_DERIVES = FileQuestion(_derives)


def _word(path: str) -> str:
    """Return the word by which a module is imported."""
    return folder_of(path).rpartition("/")[2] if path.endswith("__init__.py") else stem(path)
