"""Classes with their bases, across files."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.class_model import ClassBody, ClassHierarchy, Text
from training_alignment.artefacts.model import Bound, FileReading
from training_alignment.artefacts.name_resolution import defining_file
from training_alignment.artefacts.source import Files

MAX_BASES = 30
KEPT_FAMILIES = 256
"""Classes that are kept with their bases: each refers to the contents of several files."""

_NOTHING_TO_INHERIT = frozenset(
    {
        "object",
        "abc.ABC",
        "ABC",
        "typing.Generic",
        "typing.Protocol",
        "typing_extensions.Protocol",
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "pydantic_settings.BaseSettings",
        "pydantic.BaseSettings",
        "typing.NamedTuple",
        "typing.TypedDict",
    }
)
"""Bases outside the repository that add neither fields of a configuration nor methods of a builder."""


class Readings(Files, Protocol):
    """The files of a repository with their contents."""

    def reading(self, path: str) -> FileReading | None:
        """Return the contents of an artefact file; None if it cannot be read."""


class Classes:
    """Finds classes in the files of a repository.

    ``family`` returns a class with its bases by path and name; None if the file has no such class. The last ones are
    kept.
    """

    def __init__(self, files: Readings) -> None:
        self.files = files
        self.family = lru_cache(KEPT_FAMILIES)(self._family)

    def body(self, path: str, name: str) -> ClassBody | None:
        """Return the class of that name in a file, or None."""
        reading = self.files.reading(path)
        if reading is None:
            return None
        return next((body for body in reading.classes if body.name == name), None)

    def _family(self, path: str, name: str) -> ClassHierarchy | None:
        own = self.body(path, name)
        return None if own is None else self._with_bases(own)

    def _with_bases(self, own: ClassBody) -> ClassHierarchy:
        bodies: list[ClassBody] = []
        foreign: list[str] = []
        complete = True
        todo = [own]
        while todo:
            body = todo.pop(0)
            if any(body.place == known.place for known in bodies):
                continue
            if len(bodies) >= MAX_BASES:
                complete = False
                break
            bodies.append(body)
            nearer: list[ClassBody] = []
            for base in body.bases:
                found = self._base(body, base)
                if found is not None:
                    nearer.append(found)
                elif base.value not in _NOTHING_TO_INHERIT:
                    complete = False
                    foreign.append(base.value)
                else:
                    foreign.append(base.value)
            # Depth first: in single inheritance, by far the common case, that is Python's order.
            todo[:0] = nearer
        return ClassHierarchy(tuple(bodies), complete, tuple(foreign))

    def _base(self, body: ClassBody, base: Text) -> ClassBody | None:
        if not base.value:
            return None
        module, _, name = base.value.rpartition(".")
        path = body.place.path
        if not module:
            return self.body(path, name) if name != body.name else None
        if not base.value.strip("."):
            return None
        # "..base.Name" splits into "..base" and "Name"; "..Name" into "." and "Name", which lost a dot.
        stripped = base.value.lstrip(".")
        dots = base.value[: len(base.value) - len(stripped)]
        module, _, name = stripped.rpartition(".")
        defined = defining_file(self.files, dots + module, name, path)
        return self.body(defined, name) if defined is not None else None

    # -- builders and configurations

    def configuration(self, path: str, name: str) -> Configuration | None:
        """Return the configuration class of that name in a file, or None."""
        family = self.family(path, name)
        return None if family is None else Configuration(family)

    def builder(self, path: str, name: str, role_of: Callable[[Bound], str]) -> Builder | None:
        """Return the builder class of that name in a file, with the objects bound to it; None if there is none.

        ``role_of`` returns the role of an imported name: "contract", "specification", or another string.
        """
        family = self.family(path, name)
        reading = self.files.reading(path)
        if family is None or reading is None:
            return None
        used = {used.value: used for used in family.own.uses}
        bounds = {
            local: bound
            for local, (_, member) in reading.imported.items()
            if member and role_of(bound := self._imported(reading, local, used.get(local), family))
        }
        chosen = [bound for local, bound in bounds.items() if local in used] or list(bounds.values())
        return Builder(
            family=family,
            specifications=tuple(bound for bound in chosen if role_of(bound) == "specification"),
            contracts=tuple(bound for bound in chosen if role_of(bound) == "contract"),
            configurations=tuple(self._configurations(reading, family)),
            named_steps=(*family.own.named_steps, *reading.named_steps),
        )

    def _imported(self, reading: FileReading, name: str, used: Text | None, family: ClassHierarchy) -> Bound:
        module, member = reading.imported[name]
        defined = defining_file(self.files, module, member, reading.path)
        return Bound(member, module, defined, used.place if used else family.place)

    def _configurations(self, reading: FileReading, family: ClassHierarchy) -> list[Bound]:
        """Return the classes that the builder declares for its configuration, in the order of their annotations."""
        found: dict[str, Bound] = {}
        for annotation in family.own.configuration_annotations:
            imported = reading.imported.get(annotation.value)
            if imported is not None and imported[1]:
                module, member = imported
                defined = defining_file(self.files, module, member, reading.path)
                found.setdefault(member, Bound(member, module, defined, annotation.place))
            elif any(body.name == annotation.value for body in reading.classes):
                found.setdefault(
                    annotation.value, Bound(annotation.value, "", reading.path, annotation.place)
                )
        return list(found.values())
