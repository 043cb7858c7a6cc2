"""Selection of the artefact files to read for the steps of some files.

The result for these steps is the same as after a full read.

The selection uses only a search of the bytes: imports, entry points, names. It may include too many files, never too
few for the steps of the selected files.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache

from flake8_training.source_file import searched
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.file_questions import FileQuestion
from training_alignment.repository.folders import folder_of
from training_alignment.scan.glance import CLASSES, HAS_ANY, NAMES_ENTRY, Glance
from training_alignment.scan.import_lines import Imports
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import Key, Named, are_near, key, stem

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

_MAX_IN_FOLDER = 40
"""The greatest number of artefacts of a folder that are read together if their names do not distinguish them."""

_MOST_NAMES = 100
"""The greatest number of steps whose names are searched for; if there are more, every file may name one of them."""

_MOST_REACHED = 20
"""The greatest number of names that are compared with every file; if there are more, every artefact is looked into."""

_MOST_SEARCHES = 20_000
"""The greatest number of searches for a file's classes in YAML and JSON; if there are more, all of these are found."""


class Neighbours:
    """Finds the artefact files related to some files."""

    def __init__(self, index: Index, imports: Imports) -> None:
        self.index = index
        self.imports = imports

    def around(self, files: Iterable[str]) -> set[str]:
        """Return the artefact files that may belong to a step of one of ``files``, which need not exist."""
        files = set(files)
        found: set[str] = {path for path, seen in self.index.glances.items() if seen.registry}
        todo = [path for path in files if path in self.index.glances]
        for path in files - set(todo):
            todo.extend(self._of_other(path))
        followed: set[str] = set()
        likened: set[str] = set()
        while todo:
            path = todo.pop()
            if path in followed:
                continue
            followed.add(path)
            found.add(path)
            beside = self._beside(path)
            if self._keys[path].text not in likened:
                likened.add(self._keys[path].text)
                beside |= self._alike(self._keys[path])
            todo.extend(one for one in beside if one not in found)
        return found

    def are_none(self, files: Iterable[str]) -> bool:
        """Return whether files that are no artefacts are certainly related to none: `around` finds registries alone.

        Only the artefacts that may be related are looked into, so most commits read no more than names and words.
        """
        files = frozenset(files)
        if any(map(self.index.glance, files)):
            return False
        names = {key(stem(path)) for path in files}
        if len(names) > _MOST_REACHED:
            return False
        folders = frozenset(map(folder_of, files))
        words = sorted({path.rpartition("/")[2] for path in files})
        classes = sorted({found for path in files for found in self.index.answer(CLASSES, path) or ()})
        data_files = [path for path in self.index.searched if not path.endswith(".py")]
        if len(classes) * len(data_files) > _MOST_SEARCHES:
            return False

        naming = set(self.index.repository.possible(NAMES_ENTRY, self.index.searched, *words))

        def may_be_related(path: str) -> bool:
            name = key(stem(path))
            if not name and folder_of(path) in folders:
                return True
            if any(are_near(name, other) for other in names):
                return True
            if path in naming and self.index.answer(NAMES_ENTRY, path, *words):
                return True
            if path.endswith(".py") or not classes:
                return False
            return bool(self.index.answer(HAS_ANY, path, *classes))

        return not any(may_be_related(path) and self.index.glance(path) for path in self.index.searched)

    def mentioning(self, names: Iterable[str]) -> set[str]:
        """Return the specifications, flows and step files that mention a step by one of the names, in any spelling."""
        words = sorted({" ".join(key(name).words) for name in names} - {""})

        def run() -> list[str]:
            naming = [path for path, seen in self.index.glances.items() if _may_name_steps(seen)]
            if len(words) > _MOST_NAMES:
                return naming
            return [path for path in naming if self.index.answer(_MENTIONS, path, *words)]

        return set(searched(("mentioning", *words), run))

    def named(self, names: Iterable[Key]) -> set[str]:
        """Return the specifications and step files with one of the keys as their name, or as its beginning."""
        spellings = tuple(sorted({name.text for name in names}))

        def run() -> list[str]:
            return [
                path
                for path, seen in self.index.glances.items()
                if _may_name_steps(seen) and self._keys[path].text.startswith(spellings)
            ]

        return set(searched(("named", *spellings), run))

    def naming(self) -> set[str]:
        """Return the artefact files that name the steps of the repository and declare the flows between them.

        A contract or builder that is linked to a specification does not name a step.
        """

        def run() -> list[str]:
            glances = self.index.glances
            return [
                path
                for path, seen in glances.items()
                if seen.registry
                or _may_name_steps(seen)
                or not any(glances[other].specification for other in self._links.get(path, ()))
            ]

        return set(searched(("naming",), run))

    # -- relations

    @cached_property
    def _keys(self) -> dict[str, Key]:
        return {path: key(stem(path)) for path in self.index.glances}

    @cached_property
    def _links(self) -> dict[str, set[str]]:
        """Return artefacts linked by an import of a contract or specification, in both directions."""
        links: dict[str, set[str]] = defaultdict(set)
        glances = self.index.glances
        for path, seen in glances.items():
            if not path.endswith(".py") or not (
                seen.specification or seen.builder or seen.contract or seen.flow
            ):
                continue
            for target, names in self.imports.of(path):
                inner = [target]
                if target.endswith("__init__.py"):
                    inner = [d for n in names if n.isupper() and (d := self._defining(target, n)) is not None]
                for one in inner:
                    linked = glances.get(one)
                    if linked is not None and (linked.contract or linked.specification) and one != path:
                        links[path].add(one)
                        links[one].add(path)
        return links

    def _defining(self, package: str, name: str) -> str | None:
        from training_alignment.artefacts.name_resolution import defining_file

        try:
            return defining_file(self.index.repository, ".", name, package)
        except ReadError:
            return None

    def _beside(self, path: str) -> set[str]:
        """Return the artefacts that may share a step with another, whatever their names: linked, or in its folder."""
        found = set(self._links.get(path, ()))
        here = self._folders[folder_of(path)]
        if not self._keys[path] or self.index.glances[path].flow:
            found.update(here[:_MAX_IN_FOLDER])
        else:
            found.update(o for o in here if not self._keys[o] or self.index.glances[o].flow)
        return found

    @cached_property
    def _named(self) -> Named[str]:
        found: Named[str] = Named()
        for path, name in self._keys.items():
            found.add(name, path)
        return found

    def _alike(self, name: Key) -> set[str]:
        return {*self._named.find(name), *self._named.nearly(name)}

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.index.glances:
            found[folder_of(path)].append(path)
        return found

    def _of_other(self, path: str) -> set[str]:
        """Return the artefacts related to a file that is not one: a script, a configuration class or a deleted file."""
        found = self._alike(key(stem(path)))
        found.update(self._starting.get(path.rpartition("/")[2], ()))
        found.update(o for o in self._folders[folder_of(path)] if not self._keys[o])
        classes = sorted(set(self.index.answer(CLASSES, path) or ()))
        if classes:
            every = len(classes) * len(self._data_files) > _MOST_SEARCHES
            found.update(o for o in self._data_files if every or self.index.answer(HAS_ANY, o, *classes))
        return found

    @cached_property
    def _data_files(self) -> list[str]:
        """Return the artefacts that are not Python."""
        return [path for path in self.index.glances if not path.endswith(".py")]

    @cached_property
    def _starting(self) -> dict[str, list[str]]:
        """Return the artefacts by the names of the files that their entry points name."""
        found: dict[str, list[str]] = defaultdict(list)
        for path, seen in self.index.glances.items():
            for entry in seen.entry_points:
                found[entry.rpartition("/")[2]].append(path)
        return found


def _may_name_steps(seen: Glance) -> bool:
    """Return whether a file may name other steps: a specification, a flow, or any table in YAML or JSON."""
    return seen.specification or seen.flow or not seen.path.endswith(".py")


def _mentions(_: str, data: bytes, *names: str) -> bool:
    """Return whether a file mentions one of the names in any spelling: its words, in this order."""
    squashed = data.lower().replace(b"_", b"").replace(b"-", b"").replace(b" ", b"")
    return any(_spelled(name).search(squashed) is not None for name in names)


@lru_cache(maxsize=256)
def _spelled(name: str) -> re.Pattern[bytes]:
    import re

    return re.compile(b"[a-z]*?".join(word.encode(errors="surrogatepass") for word in name.split(" ")))


_MENTIONS = FileQuestion(_mentions)
