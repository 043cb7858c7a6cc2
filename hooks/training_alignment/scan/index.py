"""Index of a repository's files: artefacts, files by name, and excluded files."""

from __future__ import annotations

from functools import cached_property

from flake8_training.left_out import is_left_out
from flake8_training.source_file import searched
from training_alignment.artefacts.file_names import is_step_file
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.folders import folder_of
from training_alignment.scan.glance import (
    CLASSES,
    DATA_SUFFIXES,
    GLANCE,
    Glance,
    glance,
    is_set_aside,
    is_test,
)
from training_alignment.scan.name_forms import Key, Named, key, role, stem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from training_alignment.repository.file_questions import FileQuestion
    from training_alignment.repository.repository import Repository

    Answer = TypeVar("Answer")

_SEARCHED = (".py", *DATA_SUFFIXES)
_HINTED = ("contract", "specification")


class Index:
    """The cheap facts about all files; nothing is parsed."""

    def __init__(self, repository: Repository, explicit: Iterable[str] = ()) -> None:
        self.repository = repository
        self.explicit = frozenset(explicit)
        self._glances: dict[str, Glance | None] = {}
        self._folders: dict[str, bool] = {}
        self._backwards: dict[str, list[str]] = {}

    @cached_property
    def usable(self) -> tuple[str, ...]:
        """Return the files that may be part of a step; tests, archives and built copies are left out."""
        return tuple(filter(self._is_usable, sorted(self.repository.files)))

    def _is_usable(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        usable = self._folders.get(folder)
        if usable is None:
            usable = self._folders[folder] = not (
                is_set_aside(folder) or is_test(folder + "/x") or is_left_out(folder + "/")
            )
        return usable and not is_test(name)

    @cached_property
    def glances(self) -> dict[str, Glance]:
        """Return the search results of the usable Python, YAML and JSON files that may be artefacts."""
        return {path: seen for path in self.searched if (seen := self.glance(path)) is not None}

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """Return the usable Python, YAML and JSON files, which may be artefacts by their names."""
        return tuple(path for path in self.usable if path.endswith(_SEARCHED))

    def _is_searched(self, path: str) -> bool:
        return path.endswith(_SEARCHED) and path in self.repository.files and self._is_usable(path)

    def answer(self, question: FileQuestion[Answer], path: str, *words: str) -> Answer | None:
        """Return the answer to a question about a file; None if it cannot be read."""
        try:
            return self.repository.answer(question, path, *words)
        except ReadError:
            return None

    def glance(self, path: str) -> Glance | None:
        """Return the search result of one file; None if it cannot be an artefact."""
        if path not in self._glances:
            seen = self._searched(path) if self._is_searched(path) else None
            self._glances[path] = seen if seen is not None and seen.artefact else None
        return self._glances[path]

    def _searched(self, path: str) -> Glance | None:
        expected = self.expected_role(path)
        try:
            if path.endswith(DATA_SUFFIXES) and not expected and path not in self.explicit:
                # Data files may be large and many: their size is checked before they are opened.
                if self.repository.is_large(path):
                    return None
            seen = Glance(path)
            with self.repository.guarded(path, but=ReadError):
                seen = self.repository.answer(GLANCE, path) or seen
        except ReadError as error:
            if expected or path in self.explicit:
                self.repository.errors.setdefault(path, error)
                return Glance(
                    path,
                    contract=expected == "contract",
                    specification=expected == "specification",
                    step_file=expected == "step_file",
                )
            if path.endswith(".py") and self._begins_as_registry(path):
                self.repository.errors.setdefault(path, error)
                return Glance(path, registry=True)
            return None
        hinted = self.hinted_role(path)
        if hinted and not seen.artefact:
            # The name declares the part. Bytes that show nothing may be broken, or use none of the searched
            # words.
            is_contract = hinted == "contract"
            return Glance(path, contract=is_contract, specification=not is_contract, certain=bool(expected))
        return seen

    def _begins_as_registry(self, path: str) -> bool:
        """Return whether the first bytes of a file that cannot be read whole are those of a registry of steps."""
        try:
            return glance(path, self.repository.beginning(path)).registry
        except ReadError:
            return False

    @staticmethod
    def hinted_role(path: str) -> str:
        """Return the part, contract or specification, that the last word of a file's name declares;

        else an empty string.
        """
        name = stem(path)
        declared = role(name)
        return (
            declared
            if declared in _HINTED and role(name.replace("-", "_").rpartition("_")[2]) == declared
            else ""
        )

    @staticmethod
    def expected_role(path: str) -> str:
        """Return the part that a file's name alone declares unambiguously; else an empty string."""
        if is_step_file(path):
            return "step_file"
        declared = role(stem(path))
        if path.endswith(DATA_SUFFIXES):
            # In YAML and JSON, "spec" is the name of many other things.
            return declared if declared == "contract" else ""
        return declared if declared in ("contract", "specification") else ""

    @cached_property
    def _by_last_part(self) -> list[str]:
        """Return the files, sorted by the last part of their paths; tests, archives and copies are included."""
        return sorted(sorted(self.repository.files), key=_last_part)

    def _called(self, last: str) -> tuple[str, ...]:
        """Return the files with this last part of their paths, sorted."""
        from bisect import bisect_left, bisect_right

        files = self._by_last_part
        start = bisect_left(files, last, key=_last_part)
        return tuple(files[start : bisect_right(files, last, start, key=_last_part)])

    def ending_in(self, name: str) -> tuple[str, ...]:
        """Return the files whose paths are ``name`` or end in ``/name``, sorted."""
        return searched(("ending in", name), lambda: self.files_ending_in(name))

    def files_ending_in(self, name: str) -> tuple[str, ...]:
        """Return the same files, for another search."""
        last = _last_part(name)
        if last == name:
            return self._called(name)
        if last not in self._backwards:
            self._backwards[last] = sorted(("/" + path)[::-1] for path in self._called(last))
        from bisect import bisect_left
        from itertools import islice, takewhile

        # Read backwards, the paths with one end stand side by side.
        backwards, end = self._backwards[last], ("/" + name)[::-1]
        found = takewhile(
            lambda path: path.startswith(end), islice(backwards, bisect_left(backwards, end), None)
        )
        return tuple(sorted(path[::-1][1:] for path in found))

    @cached_property
    def _python_files(self) -> dict[str, Named[str]]:
        """Return usable Python files by the part that their names declare, and by the rest of their names."""
        found: dict[str, Named[str]] = {}
        for path in self.usable:
            if path.endswith(".py") and not path.endswith("__init__.py"):
                name = stem(path)
                found.setdefault(role(name), Named()).add(key(name), path)
        return found

    def called(self, role: str, name: Key, *, nearly: bool = False) -> tuple[str, ...]:
        """Return the usable Python files with this name whose names declare the part ``role`` ("" for no part).

        With ``nearly``, those with a name that has more or fewer words at an end follow.
        """

        def run() -> list[str]:
            files = self._python_files.get(role)
            if files is None:
                return []
            return [*files.find(name), *files.nearly(name)] if nearly else files.find(name)

        return searched(("called", role, "nearly" * nearly, *name.words), run)

    def scripts_in(self, folder: str) -> tuple[str, ...]:
        """Return the usable Python files in a folder."""
        return searched(("in", folder), lambda: self._python_folders.get(folder, ()))

    def entry_points_in(self, folder: str) -> tuple[str, ...]:
        """Return the first entry points of the artefacts in a folder."""
        return tuple(self._entry_points.get(folder, ()))

    @cached_property
    def _entry_points(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, seen in self.glances.items():
            if seen.entry_points:
                found.setdefault(folder_of(path), []).append(seen.entry_points[0])
        return found

    @cached_property
    def _python_folders(self) -> dict[str, list[str]]:
        """Return usable Python files by their folders."""
        found: dict[str, list[str]] = {}
        for path in self.usable:
            if path.endswith(".py") and not path.endswith("__init__.py"):
                found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    def defining(self, class_name: str) -> str | None:
        """Return the only usable Python file with a top-level class of this name; None if there is none, or several."""
        found = searched(("defining", class_name), lambda: self._classes.get(class_name, ()))
        return found[0] if len(found) == 1 else None

    @cached_property
    def _classes(self) -> dict[str, list[str]]:
        """Return usable Python files by the top-level classes found in their bytes."""
        found: dict[str, list[str]] = {}
        for path in self.usable:
            if not path.endswith(".py"):
                continue
            for name in self.answer(CLASSES, path) or ():
                found.setdefault(name, []).append(path)
        return found


def _last_part(path: str) -> str:
    return path.rpartition("/")[2]
