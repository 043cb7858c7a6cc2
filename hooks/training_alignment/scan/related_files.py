"""Selection of the artefact files to read for the steps of some files.

The result for these steps is the same as after a full read.

The selection uses only a search of the bytes: imports, entry points, names. It may include too many files, never too
few for the steps of the selected files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from training_alignment.artefacts.tree import ReadError
from training_alignment.repository.folders import folder_of
from training_alignment.scan.glance import Glance
from training_alignment.scan.import_lines import Imports
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import Key, Named, key, stem

_CLASS = re.compile(rb"^class (\w+)", re.MULTILINE)
_MAX_IN_FOLDER = 40
"""The greatest number of artefacts of a folder that are read together if their names do not distinguish them."""


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
        while todo:
            path = todo.pop()
            if path in found and not self.index.glances[path].registry:
                continue
            found.add(path)
            todo.extend(one for one in self._beside(path) if one not in found)
        return found

    def mentioning(self, names: Iterable[str]) -> set[str]:
        """Return the specifications, flows and step files that mention a step by one of the names, in any spelling."""
        patterns = [
            re.compile(b"[a-z]*?".join(w.encode(errors="surrogatepass") for w in key(name).words))
            for name in names
            if key(name)
        ]
        return {
            path
            for path, seen in self.index.glances.items()
            if _may_name_steps(seen)
            and any(pattern.search(_squashed(self._bytes(path))) is not None for pattern in patterns)
        }

    def named(self, names: Iterable[Key]) -> set[str]:
        """Return the specifications and step files with one of the keys as their name, or as its beginning."""
        spellings = {name.text for name in names}
        return {
            path
            for path, seen in self.index.glances.items()
            if _may_name_steps(seen)
            and any(own.startswith(spelling) for spelling in spellings for own in (self._keys[path].text,))
        }

    def naming(self) -> set[str]:
        """Return the artefact files that name the steps of the repository and declare the flows between them.

        A contract or builder that is linked to a specification does not name a step.
        """
        glances = self.index.glances
        return {
            path
            for path, seen in glances.items()
            if seen.registry
            or _may_name_steps(seen)
            or not any(glances[other].specification for other in self._links.get(path, ()))
        }

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
        """Return the artefacts that may share a step with another:

        linked, with a similar name, or in the same folder.
        """
        found = set(self._links.get(path, ()))
        found |= self._alike(self._keys[path])
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
        last = path.rpartition("/")[2]
        found.update(
            artefact
            for artefact, seen in self.index.glances.items()
            if any(entry.rpartition("/")[2] == last for entry in seen.entry_points)
        )
        found.update(o for o in self._folders[folder_of(path)] if not self._keys[o])
        for name in _CLASS.findall(self._bytes(path)):
            found.update(o for o in self.index.glances if not o.endswith(".py") and name in self._bytes(o))
        return found

    def _bytes(self, path: str) -> bytes:
        return self.imports.bytes_of(path)


def _may_name_steps(seen: Glance) -> bool:
    """Return whether a file may name other steps: a specification, a flow, or any table in YAML or JSON."""
    return seen.specification or seen.flow or not seen.path.endswith(".py")


def _squashed(data: bytes) -> bytes:
    return data.lower().replace(b"_", b"").replace(b"-", b"").replace(b" ", b"")
