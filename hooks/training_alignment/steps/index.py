"""Every file of a repository at a glance: artefacts, files by name, and the files that are out of the question."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cached_property

from training_alignment.artefacts.errors import ReadError
from training_alignment.artefacts.file_names import is_step_file
from training_alignment.steps.glance import (
    DATA_SUFFIXES,
    MAX_DATA_BYTES,
    Glance,
    glance,
    is_set_aside,
    is_test,
)
from training_alignment.steps.naming import Key, Named, key, role, stem
from training_alignment.steps.repository import Repository

_NAME = re.compile(rb"\w+")

_HINTED = ("contract", "specification")


class Index:
    """The cheap facts about all files; nothing here is parsed."""

    def __init__(self, repository: Repository, explicit: Iterable[str] = ()) -> None:
        self.repository = repository
        self.explicit = frozenset(explicit)

    @cached_property
    def usable(self) -> tuple[str, ...]:
        """Files that may play a part: no tests, nothing set aside."""
        folders: dict[str, bool] = {}
        found: list[str] = []
        for path in sorted(self.repository.files):
            folder, _, name = path.rpartition("/")
            if folder not in folders:
                folders[folder] = not is_set_aside(folder) and not is_test(folder + "/x")
            if folders[folder] and not is_test(name):
                found.append(path)
        return tuple(found)

    @cached_property
    def glances(self) -> dict[str, Glance]:
        """A look at each usable Python, YAML and JSON file, of those that may be artefacts."""
        found: dict[str, Glance] = {}
        for path in self.usable:
            if not path.endswith((".py", *DATA_SUFFIXES)):
                continue
            seen = self._look(path)
            if seen is not None and seen.artefact:
                found[path] = seen
        return found

    def _look(self, path: str) -> Glance | None:
        expected = self.expected_role(path)
        try:
            if path.endswith(DATA_SUFFIXES) and not expected and path not in self.explicit:
                # Data files may be large and many: their size is looked at before they are opened.
                if os.stat(os.path.join(self.repository.root, path)).st_size > MAX_DATA_BYTES:
                    return None
            data = self.repository.data(path)
        except OSError:
            return None
        except ReadError as error:
            if expected or path in self.explicit:
                self.repository.errors.setdefault(path, error)
                return Glance(
                    path,
                    contract=expected == "contract",
                    specification=expected == "specification",
                    step_file=expected == "step_file",
                )
            return None
        seen = Glance(path)
        with self.repository.guarded(path):
            seen = glance(path, data)
        hinted = self.hinted_role(path)
        if hinted and not seen.artefact:
            # Its name speaks for it; if its bytes show nothing, it may be broken, or have no word of its own.
            is_contract = hinted == "contract"
            return Glance(path, contract=is_contract, specification=not is_contract, certain=bool(expected))
        return seen

    @staticmethod
    def hinted_role(path: str) -> str:
        """The part, contract or specification, in which a file's name ends; empty otherwise."""
        name = stem(path)
        said = role(name)
        return said if said in _HINTED and role(name.replace("-", "_").rpartition("_")[2]) == said else ""

    @staticmethod
    def expected_role(path: str) -> str:
        """The part that a file is by its name alone, where that leaves no doubt; empty otherwise."""
        if is_step_file(path):
            return "step_file"
        said = role(stem(path))
        if path.endswith(DATA_SUFFIXES):
            # "spec" is what many other things are called in YAML and JSON.
            return said if said == "contract" else ""
        return said if said in ("contract", "specification") else ""

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Files by the last part of their paths, tests and what is set aside included."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.repository.files):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def python_files(self) -> dict[str, Named[str]]:
        """Usable Python files by the part that their names speak of, and by what else they are called."""
        found: dict[str, Named[str]] = {}
        for path in self.usable:
            if path.endswith(".py") and not path.endswith("__init__.py"):
                name = stem(path)
                found.setdefault(role(name), Named()).add(key(name), path)
        return found

    def called(self, role: str, name: Key) -> list[str]:
        """The usable Python files that are called so, and whose names speak of that part (or of none)."""
        files = self.python_files.get(role)
        return files.find(name) if files is not None else []

    @cached_property
    def python_folders(self) -> dict[str, list[str]]:
        """Usable Python files by their folders."""
        found: dict[str, list[str]] = {}
        for path in self.usable:
            if path.endswith(".py") and not path.endswith("__init__.py"):
                found.setdefault(path.rpartition("/")[0], []).append(path)
        return found

    def defining(self, class_name: str) -> str | None:
        """The one usable Python file with a top-level class of that name; None where there is none, or several."""
        found = self._classes.get(class_name, [])
        return found[0] if len(found) == 1 else None

    @cached_property
    def _classes(self) -> dict[str, list[str]]:
        """Usable Python files by the top-level classes that their bytes show."""
        found: dict[str, list[str]] = {}
        for path in self.usable:
            if not path.endswith(".py"):
                continue
            try:
                data = b"\n" + self.repository.data(path)
            except ReadError:
                continue
            for piece in data.split(b"\nclass ")[1:]:
                match = _NAME.match(piece)
                if match is not None:
                    found.setdefault(match[0].decode("ascii", "replace"), []).append(path)
        return found
