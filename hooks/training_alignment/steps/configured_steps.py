"""Steps that the project's configuration lists, with their files."""

from __future__ import annotations

from typing import TypeVar

from flake8_training.configuration import ConfigurationError, PartReference, ProjectConfiguration, StepFiles
from training_alignment.artefacts.class_hierarchy import Classes
from training_alignment.scan.name_forms import key
from training_alignment.steps.artefact_items import (
    ContractItem,
    Item,
    Items,
    SpecificationItem,
    builder_reader,
)
from training_alignment.steps.drafts import Draft, Drafts
from training_alignment.steps.step import Part, Role

_Item = TypeVar("_Item", ContractItem, SpecificationItem)

REASON = "listed in pyproject.toml"


class Lister:
    """Builds drafts of the listed steps; ``errors`` collects the mistakes in the lists."""

    def __init__(self, configuration: ProjectConfiguration, items: Items, classes: Classes) -> None:
        self.configuration = configuration
        self._listing = configuration.path
        """The file that lists the step at hand."""
        self.items = items
        self.classes = classes
        self.errors: list[ConfigurationError] = []

    def drafts(self) -> Drafts:
        """Return a draft for each listed step."""
        drafts = Drafts()
        for step in self.configuration.steps:
            self._listing = step.configuration
            self._draft(drafts, step)
        return drafts

    def _draft(self, drafts: Drafts, step: StepFiles) -> None:
        draft = drafts.new(step.name, key(step.name))
        draft.listed = step
        for reference in step.references("contract"):
            self._contract(draft, reference)
        for reference in step.references("specification"):
            self._specification(draft, reference)
        for reference in step.references("builder"):
            self._builder(draft, reference)
        for reference in step.references("configuration"):
            self._class(draft, reference)
        for reference in step.references("script"):
            draft.add(Part(Role.SCRIPT, reference.path, "", REASON))
        for reference in step.references("flow"):
            draft.add(Part(Role.FLOW, reference.path, reference.name, REASON))
            draft.flows.extend(f for path, f in self.items.flows if path == reference.path)
            draft.requirements.extend(r for path, r in self.items.requirements if path == reference.path)

    def _contract(self, draft: Draft, reference: PartReference) -> None:
        step_file = next((s for s in self.items.step_files if s.path == reference.path), None)
        if step_file is not None:
            draft.step_file, draft.registration = step_file, step_file.registration
            draft.add(Part(Role.CONTRACT, reference.path, "", REASON))
            return
        found = [
            c for c in self.items.contracts if c.path == reference.path and reference.name in ("", c.name)
        ]
        item = self._one(reference, found, "contract")
        draft.add(
            Part(Role.CONTRACT, reference.path, item.name if item else "", REASON, readable=_readable(item))
        )
        if item is not None:
            draft.contracts.append(item)

    def _specification(self, draft: Draft, reference: PartReference) -> None:
        step_file = next((s for s in self.items.step_files if s.path == reference.path), None)
        if step_file is not None:
            draft.step_file, draft.registration = step_file, step_file.registration
            draft.add(Part(Role.SPECIFICATION, reference.path, "", REASON))
            return
        found = [
            s
            for s in self.items.specifications
            if s.path == reference.path and reference.name in ("", s.name)
        ]
        item = self._one(reference, found, "specification")
        name = item.name if item else ""
        draft.add(Part(Role.SPECIFICATION, reference.path, name, REASON, readable=_readable(item)))
        if item is not None:
            draft.specifications.append(item)

    def _one(self, reference: PartReference, found: list[_Item], what: str) -> _Item | None:
        if not found:
            self._error(
                reference, f"no {what} {reference.name + ' ' if reference.name else ''}in {reference.path}"
            )
            return None
        if len(found) > 1:
            names = ", ".join(item.name for item in found)
            self._error(reference, f"several {what}s in {reference.path}: {names}; say which, behind a colon")
        return found[0]

    def _builder(self, draft: Draft, reference: PartReference) -> None:
        reading = self.classes.files.reading(reference.path)
        if reading is None:
            draft.builder = Item(reference.path, "", draft.name, None)
            draft.add(Part(Role.BUILDER, reference.path, "", REASON, readable=False))
            return
        names = (
            [reference.name]
            if reference.name
            else [b.name for b in self.items.builders if b.path == reference.path]
        )
        read = builder_reader(self.items, self.classes)
        if not names or read(reference.path, names[0], 0) is None:
            self._error(
                reference, f"no builder {reference.name + ' ' if reference.name else ''}in {reference.path}"
            )
            return
        draft.take_builder(Item(reference.path, names[0], names[0], read))
        draft.add(Part(Role.BUILDER, reference.path, names[0], REASON))

    def _class(self, draft: Draft, reference: PartReference) -> None:
        reading = self.classes.files.reading(reference.path)
        if reading is None:
            draft.add(Part(Role.CONFIGURATION, reference.path, reference.name, REASON, readable=False))
            return
        names = [body.name for body in reading.classes if reference.name in ("", body.name)]
        called = [name for name in names if draft.is_called(key(name))]
        if not names:
            self._error(
                reference, f"no class {reference.name + ' ' if reference.name else ''}in {reference.path}"
            )
            return
        name = (called or names)[-1]
        draft.configuration = (reference.path, name)
        draft.add(Part(Role.CONFIGURATION, reference.path, name, REASON))

    def _error(self, reference: PartReference, message: str) -> None:
        self.errors.append(ConfigurationError(self._listing, reference.line, 1, message))


def _readable(item: ContractItem | SpecificationItem | None) -> bool:
    return item is not None and item.is_readable
