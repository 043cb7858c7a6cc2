"""Steps while they are put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flake8_training.configuration import StepFiles
from training_alignment.artefacts.model import Flow, Registration, Requirement, StepFile
from training_alignment.steps.folders import distance, folder_of
from training_alignment.steps.items import BuilderItem, ContractItem, Item, SpecificationItem
from training_alignment.steps.naming import Key, contains, key, same
from training_alignment.steps.step import Part, Role, ScriptSearch


class Draft:
    """A step that is being put together; ``name`` is empty until something names it."""

    def __init__(self, name: str = "", keys: Iterable[Key] = ()) -> None:
        self.name = name
        self.keys = list(keys)
        self.parts: list[Part] = []
        self.contracts: list[ContractItem] = []
        self.specifications: list[SpecificationItem] = []
        self.builder: BuilderItem | None = None
        self.configuration: tuple[str, str] | None = None
        self.step_file: StepFile | None = None
        self.registration: Registration | None = None
        self.flows: list[Flow] = []
        self.requirements: list[Requirement] = []
        self.script: ScriptSearch | None = None
        self.listed: StepFiles | None = None
        self.partial = False

    def has(self, role: Role) -> bool:
        """Whether a file plays that part."""
        return any(part.role is role for part in self.parts)

    def add(self, part: Part) -> None:
        """Take a file in, once for each part it plays."""
        if not any(p.role is part.role and p.path == part.path and p.name == part.name for p in self.parts):
            self.parts.append(part)

    def know_as(self, name: Key) -> None:
        """Take in one more name by which the step goes."""
        if name and not any(known.text == name.text for known in self.keys):
            self.keys.append(name)

    @property
    def folders(self) -> list[str]:
        """The folders of its files."""
        return list(dict.fromkeys(folder_of(part.path) for part in self.parts))

    @property
    def home(self) -> str:
        """The folder of its first file."""
        return folder_of(self.parts[0].path) if self.parts else ""

    def is_called(self, name: Key) -> bool:
        """Whether the step goes by that name."""
        return any(same(known, name) for known in self.keys)

    def is_nearly_called(self, name: Key) -> bool:
        """Whether it goes by a name with words more or less in front or behind."""
        return any(contains(known, name) or contains(name, known) for known in self.keys)

    def distance(self, path: str) -> int:
        """How far a file is from its files."""
        folder = folder_of(path)
        return min((distance(folder, own) for own in self.folders), default=0)


def nearest(drafts: Iterable[Draft], path: str) -> Draft | None:
    """The draft whose files are nearest to a file; the first of several."""
    return min(drafts, key=lambda draft: draft.distance(path), default=None)


def called(drafts: Iterable[Draft], item: Item[Any]) -> Draft | None:
    """The draft that goes by an artefact's name, the nearest of several."""
    return nearest([draft for draft in drafts if draft.is_called(item.key)], item.path)


def in_file(drafts: Iterable[Draft], item: Item[Any]) -> Draft | None:
    """The draft with a part in the same file: the only one, or the one whose constant has the same first words."""
    found = [draft for draft in drafts if any(part.path == item.path for part in draft.parts)]
    if len(found) <= 1:
        return found[0] if found else None
    prefix = key(item.name)
    alike = [d for d in found if any(p.path == item.path and same(key(p.name), prefix) for p in d.parts)]
    return alike[0] if len(alike) == 1 else None


def in_folder(drafts: Iterable[Draft], item: Item[Any]) -> Draft | None:
    """The only draft of a folder that holds one step: the item's name says nothing, or the draft's files' do not."""
    folder = folder_of(item.path)
    found = [draft for draft in drafts if draft.parts and all(own == folder for own in draft.folders)]
    if len(found) != 1:
        return None
    return found[0] if not item.key or not found[0].keys else None
