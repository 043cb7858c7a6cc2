"""Drafts of steps, to which the linker adds files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flake8_training.configuration import StepFiles
from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.model import Flow, Registration, Requirement, StepFile
from training_alignment.repository.folders import folder_of, parts_of, shared_parts
from training_alignment.scan.name_forms import Key, Named, key, same
from training_alignment.steps.artefact_items import BuilderItem, ContractItem, Item, SpecificationItem
from training_alignment.steps.step import Part, Role, ScriptSearch

_FEW = 20
"""Steps of one name that are compared one by one."""


class Artefacts(NamedTuple):
    """The artefacts of a step; ``configuration`` is the file and the class of its configuration."""

    contracts: tuple[ContractItem, ...]
    specifications: tuple[SpecificationItem, ...]
    builder: BuilderItem | None
    configuration: tuple[str, str] | None
    step_file: StepFile | None
    flows: tuple[Flow, ...]
    requirements: tuple[Requirement, ...]


class Draft:
    """A step under construction; ``name`` is empty until an artefact names it."""

    __slots__ = (
        "_all",
        "_folders",
        "builder",
        "configuration",
        "contracts",
        "flows",
        "given",
        "keys",
        "listed",
        "name",
        "partial",
        "parts",
        "registration",
        "requirements",
        "script",
        "specifications",
        "step_file",
    )

    def __init__(self, all_: Drafts, name: str = "") -> None:
        self.name = name
        self.keys: list[Key] = []
        self.parts: list[Part] = []
        self.contracts: list[ContractItem] = []
        self.specifications: list[SpecificationItem] = []
        self.builder: BuilderItem | None = None
        self.given: tuple[str, str] | None = None
        """The file and the class of the configuration that the builder declares."""
        self.configuration: tuple[str, str] | None = None
        self.step_file: StepFile | None = None
        self.registration: Registration | None = None
        self.flows: list[Flow] = []
        self.requirements: list[Requirement] = []
        self.script: ScriptSearch | None = None
        self.listed: StepFiles | None = None
        self.partial = False
        self._all: Drafts | None = all_
        self._folders: list[list[str]] | None = None
        """The names in the paths of the folders, until a file is added: each artefact of the name asks for them."""

    def has(self, role: Role) -> bool:
        """Return whether a file plays this part."""
        return any(part.role is role for part in self.parts)

    def add(self, part: Part) -> None:
        """Add a file, once for each part that it plays."""
        if not any(p.role is part.role and p.path == part.path and p.name == part.name for p in self.parts):
            self.parts.append(part)
            self._folders = None
            if self._all is not None:
                self._all.note(self, part)

    def take_builder(self, item: BuilderItem) -> None:
        """Take a builder, and the first of its configurations that the repository has."""
        self.builder, builder = item, item.model
        known = (bound for bound in builder.configurations if bound.path) if builder is not None else ()
        self.given = next(((bound.path or "", bound.name) for bound in known), None)

    def know_as(self, name: Key) -> None:
        """Add a name of the step."""
        if name and not any(known.text == name.text for known in self.keys):
            self.keys.append(name)
            if self._all is not None:
                self._all.by_name.add(name, self)

    @property
    def folders(self) -> list[str]:
        """Return the folders of the step's files."""
        return list(dict.fromkeys(folder_of(part.path) for part in self.parts))

    @property
    def home(self) -> str:
        """Return the folder of the step's first file."""
        return folder_of(self.parts[0].path) if self.parts else ""

    def is_called(self, name: Key) -> bool:
        """Return whether the step has this name."""
        return any(same(known, name) for known in self.keys)

    def distance(self, folder: list[str]) -> int:
        """Return the number of folders between a folder, by its names, and the nearest file of the step."""
        if self._folders is None:
            self._folders = [parts_of(own) for own in self.folders]
        folders = self._folders
        least = len(folder) + min(map(len, folders)) if folders else 0
        for own in folders:
            least = min(least, len(folder) + len(own) - 2 * shared_parts(folder, own))
        return least

    def close(self) -> Artefacts:
        """Let go of the other drafts, and return the artefacts: the step is complete."""
        self._all = self._folders = None
        return Artefacts(
            tuple(item.linked() for item in self.contracts),
            tuple(item.linked() for item in self.specifications),
            self.builder,
            self.configuration,
            self.step_file,
            tuple(self.flows),
            tuple(self.requirements),
        )


class Drafts:
    """All drafts of a repository, by their names and files."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self.by_name: Named[Draft] = Named()
        self._by_path: dict[str, Draft | dict[Draft, None]] = {}
        """The only draft of a file, or its drafts."""
        self._by_folder: dict[str, dict[Draft, None]] = {}

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._drafts)

    def __len__(self) -> int:
        return len(self._drafts)

    def new(self, name: str = "", *keys: Key) -> Draft:
        """Return a new draft with the names ``keys``."""
        draft = Draft(self, name)
        self._drafts.append(draft)
        for one in keys:
            draft.know_as(one)
        return draft

    def note(self, draft: Draft, part: Part) -> None:
        """Record that a file belongs to a draft."""
        self._by_folder.setdefault(folder_of(part.path), {})[draft] = None
        known = self._by_path.setdefault(part.path, draft)
        if isinstance(known, dict):
            known[draft] = None
        elif known is not draft:
            self._by_path[part.path] = {known: None, draft: None}

    def with_file(self, path: str) -> list[Draft]:
        """Return the drafts that a file belongs to."""
        known = self._by_path.get(path, {})
        return list(known) if isinstance(known, dict) else [known]

    def with_folder(self, folder: str) -> list[Draft]:
        """Return the drafts that have a file in a folder."""
        return list(self._by_folder.get(folder, ()))

    def called(self, item: Item[Any], *, lacking: Role | None = None) -> Draft | None:
        """Return the nearest draft with an artefact's name, or None; only drafts without the part ``lacking`` count."""
        found = self.by_name.find(item.key)
        if len(found) > _FEW:
            # the step in the file's own folder is nearer than the others, which need not be compared
            here = [d for d in self.with_folder(folder_of(item.path)) if d in found and _lacks(d, lacking)]
            if len(here) == 1:
                return here[0]
        return nearest((d for d in found if _lacks(d, lacking)), item.path)

    def nearly_called(self, item: Item[Any], lacking: Role) -> Draft | None:
        """Return the only draft without the part ``lacking`` whose name nearly matches an artefact's, or None."""
        found = dict.fromkeys(d for d in self.by_name.nearly(item.key) if not d.has(lacking))
        return next(iter(found)) if len(found) == 1 else None

    def in_file(self, item: Item[Any], lacking: Role) -> Draft | None:
        """Return the draft without ``lacking`` that has a part in the same file, or None.

        Among several drafts, it is the one whose constant begins with the same words.
        """
        found = [draft for draft in self.with_file(item.path) if not draft.has(lacking)]
        if len(found) <= 1:
            return found[0] if found else None
        prefix = key(item.name)
        alike = [d for d in found if any(p.path == item.path and same(key(p.name), prefix) for p in d.parts)]
        return alike[0] if len(alike) == 1 else None

    def in_folder(self, item: Item[Any], lacking: Role) -> Draft | None:
        """Return the only draft of a folder, or None; the draft or the artefact must have no name of its own."""
        folder = folder_of(item.path)
        found = [d for d in self.with_folder(folder) if not d.has(lacking) and d.folders == [folder]]
        if len(found) != 1:
            return None
        return found[0] if not item.key or not found[0].keys else None


def _lacks(draft: Draft, role: Role | None) -> bool:
    return role is None or not draft.has(role)


def nearest(drafts: Iterable[Draft], path: str) -> Draft | None:
    """Return the draft whose files are nearest to a file, the first of several, or None."""
    folder = parts_of(folder_of(path))
    return min(drafts, key=lambda draft: draft.distance(folder), default=None)
