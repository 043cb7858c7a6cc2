"""Grouping of artefacts into steps: explicit references first, then file names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from training_alignment.artefacts.model import Bound
from training_alignment.repository.folders import folder_of
from training_alignment.scan.name_forms import Named, key, stem
from training_alignment.steps.artefact_items import BuilderItem, ContractItem, Item, Items, SpecificationItem
from training_alignment.steps.drafts import Draft, Drafts, nearest
from training_alignment.steps.kinds import kind_of_builder
from training_alignment.steps.step import Part, Role

Guard = Callable[[str], AbstractContextManager[None]]


class Linker:
    """Links the artefacts of a repository. ``drafts`` are the steps so far.

    ``guarded`` records an exception about one file, so that the artefacts of the others are still linked.
    """

    def __init__(self, items: Items, drafts: Drafts, guarded: Guard) -> None:
        self.items = items
        self._guarded = guarded
        self.drafts = drafts
        self._taken = {(part.role, part.path, part.name) for draft in drafts for part in draft.parts}
        self._contracts_in: dict[str, list[ContractItem]] = {}
        for contract in items.contracts:
            self._contracts_in.setdefault(contract.path, []).append(contract)
        self._registered = {
            registration.builder_class: registration
            for registration in items.registrations.values()
            if registration.builder_class is not None
        }
        self._step_files = {step_file.registration.name: step_file.path for step_file in items.step_files}

    def _is_listed(self, role: Role, item: Item[Any]) -> bool:
        """Return whether the project's configuration assigns the artefact to a step."""
        return (role, item.path, item.name) in self._taken or (role, item.path, "") in self._taken

    def link(self) -> None:
        """Link all artefacts into ``drafts``."""
        self._from_step_files()
        self._specifications()
        self._contracts()
        self._builders()
        self._flows()

    # -- step files

    def _from_step_files(self) -> None:
        listed = {path for _, path, _ in self._taken}
        for step_file in self.items.step_files:
            if step_file.path in listed:
                continue
            name = step_file.registration.name or stem(step_file.path)
            draft = self.drafts.new(name, key(name), key(stem(step_file.path)))
            draft.step_file, draft.registration = step_file, step_file.registration
            if step_file.contracts:
                draft.add(Part(Role.CONTRACT, step_file.path, "", "the contract in the step file"))
            if step_file.specifications:
                draft.add(Part(Role.SPECIFICATION, step_file.path, "", "the specification in the step file"))
            if not draft.parts:
                draft.add(Part(Role.SPECIFICATION, step_file.path, "", "the step file"))
        for path in self.items.broken_step_files:
            if path in listed:
                continue
            draft = self.drafts.new(stem(path), key(stem(path)))
            for role in (Role.CONTRACT, Role.SPECIFICATION):
                draft.add(Part(role, path, "", "the step file, which cannot be read", readable=False))

    # -- specifications

    def _specifications(self) -> None:
        """Add each step type as a step; its specifications for several job types belong to one step."""
        groups: dict[tuple[str, str], Draft] = {}
        for item in self.items.specifications:
            if not self._is_listed(Role.SPECIFICATION, item):
                with self._guarded(item.path):
                    self._specification(item, groups)

    def _specification(self, item: SpecificationItem, groups: dict[tuple[str, str], Draft]) -> None:
        base = item.step
        home = self._home(item, base, groups)
        draft = groups.get((base, home)) if base else None
        if draft is None:
            named = self.drafts.called(item)
            is_its = named is not None and (not item.is_readable or named.step_file is not None)
            draft = named if is_its else None
        if draft is None:
            draft = self.drafts.new(base, item.key)
        if base:
            groups[(base, home)] = draft
            job_type = item.head.job_type if item.head is not None else ""
            reason = f"its step type is {base}" + (f", for {job_type}" if job_type else "")
            if not job_type:
                draft.know_as(key(stem(item.path)))
        else:
            reason = "it is a specification" if item.is_readable else "by its name; it cannot be read"
            draft.know_as(item.key)
        draft.add(Part(Role.SPECIFICATION, item.path, item.name, reason, readable=item.is_readable))
        draft.specifications.append(item)

    def _home(self, item: SpecificationItem, base: str, groups: dict[tuple[str, str], Draft]) -> str:
        """Return the folder that separates two steps of one name; empty for the first, and for its other job types."""
        draft = groups.get((base, ""))
        if draft is None or item.head is None:
            return ""
        same_job = [
            other
            for other in draft.specifications
            if other.head is not None and other.head.job_type == item.head.job_type
        ]
        folder = folder_of(item.path)
        return folder if same_job and all(folder_of(o.path) != folder for o in draft.specifications) else ""

    # -- contracts

    def _contracts(self) -> None:
        """Add the contract that each specification imports; link the others by name, or as steps of their own."""
        free = {(c.path, c.name): c for c in self.items.contracts if not self._is_listed(Role.CONTRACT, c)}
        imported: list[tuple[Draft, SpecificationItem, ContractItem]] = []
        for draft in self.drafts:
            for item in draft.specifications:
                contract = self._bound_contract(item.bound)
                if contract is not None:
                    imported.append((draft, item, contract))
        claims = {(id(draft), id(contract)) for draft, _, contract in imported}
        used = {id(contract) for _, _, contract in imported}
        unused: Named[ContractItem] = Named()
        for contract in free.values():
            if id(contract) not in used:
                unused.add(contract.key, contract)
        claimed: set[int] = set()
        for draft, item, contract in imported:
            own: list[ContractItem] = []
            with self._guarded(contract.path):
                natural = self.drafts.called(contract)
                if natural is not None and natural is not draft and (id(natural), id(contract)) in claims:
                    # The contract belongs to another step. An unused contract with this step's name is the
                    # intended one.
                    own = [c for name in draft.keys for c in unused.find(name)]
            if len(own) == 1:
                self._take_contract(
                    draft, own[0], f"named like the step, although {item.path} imports {contract.name}"
                )
                claimed.add(id(own[0]))
            else:
                self._take_contract(draft, contract, f"imported by {item.path}")
                claimed.add(id(contract))
        for contract in free.values():
            if id(contract) not in claimed:
                with self._guarded(contract.path):
                    self._free_contract(contract)

    def _bound_contract(self, bound: Bound | None) -> ContractItem | None:
        if bound is None or bound.path is None:
            return None
        inside = self._contracts_in.get(bound.path, ())
        return next((c for c in inside if c.name == bound.name or not c.is_readable), None)

    def _take_contract(self, draft: Draft, contract: ContractItem, reason: str) -> None:
        draft.add(Part(Role.CONTRACT, contract.path, contract.name, reason, readable=contract.is_readable))
        if not any(own is contract for own in draft.contracts):
            draft.contracts.append(contract)

    def _free_contract(self, contract: ContractItem) -> None:
        """Add a contract that no specification imports: by the step that it names, by its name, or by its folder."""
        role = Role.CONTRACT
        is_named = bool(self.drafts.by_name.find(contract.key))
        for draft, reason in (
            (self.drafts.in_file(contract, role), "in the file of the specification"),
            (self.drafts.called(contract, lacking=role), "named like the step"),
            (self.drafts.in_folder(contract, role), "in the folder of the step"),
            (
                self.drafts.nearly_called(contract, role) if not is_named else None,
                "named nearly like the step",
            ),
        ):
            if draft is not None:
                self._take_contract(draft, contract, reason)
                return
        reason = "it is a contract" if contract.is_readable else "by its name; it cannot be read"
        self._take_contract(self.drafts.new(contract.step, contract.key), contract, reason)

    # -- builders

    def _builders(self) -> None:
        """Add each builder to the step whose specification it imports; if that is another step's, its name decides."""
        waiting: list[tuple[BuilderItem, list[Draft]]] = []
        for item in self.items.builders:
            if not self._is_listed(Role.BUILDER, item):
                with self._guarded(item.path):
                    waiting.extend(self._builder(item))
        for item, referenced in waiting:
            with self._guarded(item.path):
                self._waiting_builder(item, referenced)

    def _builder(self, item: BuilderItem) -> list[tuple[BuilderItem, list[Draft]]]:
        """Add a builder to the step that its imports and its name agree on; return it if there is none."""
        referenced = self._referenced(item)
        named = self._named(item)
        agreed = [d for d in referenced if d is named] or (referenced[:1] if named is None else [])
        if agreed and agreed[0].builder is None:
            self._take_builder(agreed[0], item, self._import_reason(item, agreed[0]))
        elif not referenced and named is not None and named.builder is None:
            self._take_builder(named, item, self._name_reason(item, named))
        else:
            return [(item, referenced)]
        return []

    def _waiting_builder(self, item: BuilderItem, referenced: list[Draft]) -> None:
        named = self._named(item)
        free = [d for d in referenced if d.builder is None]
        if named is not None and named.builder is None and (not free or named not in referenced):
            others = ", ".join(b.name for b in self._bounds(item))
            reason = self._name_reason(item, named) + (
                f", although it imports {others}" if referenced else ""
            )
            self._take_builder(named, item, reason)
        elif free:
            self._take_builder(free[0], item, self._import_reason(item, free[0]))
        else:
            self._other_builder(item)

    @staticmethod
    def _bounds(item: BuilderItem) -> list[Bound]:
        model = item.model
        return [*model.specifications, *model.contracts] if model is not None else []

    def _referenced(self, item: BuilderItem) -> list[Draft]:
        """Return the steps whose specification or contract a builder imports, or whose step file it loads."""
        found: list[Draft] = []
        for bound in self._bounds(item):
            for draft in self.drafts.with_file(bound.path or ""):
                inside = [p for p in draft.parts if p.path == bound.path and p.name in (bound.name, "")]
                if any(part.role in (Role.SPECIFICATION, Role.CONTRACT) for part in inside):
                    found.append(draft)
        model = item.model
        for name in model.named_steps if model is not None else ():
            path = self._step_files.get(name.value)
            found.extend(d for d in self.drafts.with_file(path or "") if d.step_file is not None)
        return list(dict.fromkeys(found))

    def _named(self, item: BuilderItem) -> Draft | None:
        """Return the step that a registry, the builder's step name, its class or its file names; else None."""
        registered = self._registered.get(item.name)
        names = [registered.name] if registered is not None else []
        for name in (*names, *_step_names(item)):
            found = self.drafts.called(_renamed(item, name))
            if found is not None:
                return found
        return self.drafts.called(item) or self.drafts.called(_renamed(item, stem(item.path)))

    def _import_reason(self, item: BuilderItem, draft: Draft) -> str:
        own = {(part.path, part.name) for part in draft.parts}
        paths = {path for path, _ in own}
        names = [b.name for b in self._bounds(item) if (b.path, b.name) in own or b.path in paths]
        if names:
            return f"it imports {names[0]}"
        return f"it loads the step {draft.name}"

    def _name_reason(self, item: BuilderItem, draft: Draft) -> str:
        registered = self._registered.get(item.name)
        if registered is not None and draft.is_called(key(registered.name)):
            return "registered as the builder of the step"
        if any(key(name) and draft.is_called(key(name)) for name in _step_names(item)):
            return "it gives its step that name"
        return "named like the step"

    def _take_builder(self, draft: Draft, item: BuilderItem, reason: str) -> None:
        draft.take_builder(item)
        draft.add(Part(Role.BUILDER, item.path, item.name, reason, readable=item.is_readable))

    def _other_builder(self, item: BuilderItem) -> None:
        """Add a builder that no import and no name links to a step: by its folder, or as a step of its own."""
        role = Role.BUILDER
        here = self.drafts.in_file(item, role) or self.drafts.in_folder(item, role)
        if here is not None:
            self._take_builder(here, item, "in the folder of the step")
            return
        is_named = self._named(item) is not None
        near = self.drafts.nearly_called(item, role) if not is_named else None
        if near is not None:
            self._take_builder(near, item, "named nearly like the step")
            return
        if item.is_readable and (is_named or not builds(item)):
            return
        names = _step_names(item)
        self._take_builder(self.drafts.new(names[0] if names else "", item.key), item, "it builds a step")

    # -- flows

    def _flows(self) -> None:
        for path, flow in self.items.flows:
            with self._guarded(path):
                draft = self._flow_draft(path, flow.subject)
                if draft is not None:
                    draft.flows.append(flow)
        for path, requirement in self.items.requirements:
            with self._guarded(path):
                draft = self._flow_draft(path, requirement.subject)
                if draft is not None:
                    draft.requirements.append(requirement)

    def _flow_draft(self, path: str, subject: str) -> Draft | None:
        """Return the step of a flow or requirement, to which its file is added; else None."""
        draft = self._of_file(path) if not self._is_taken(path, subject) else None
        if draft is not None:
            draft.add(Part(Role.FLOW, path, subject, self._flow_reason(draft, path)))
        return draft

    def _is_taken(self, path: str, subject: str) -> bool:
        """Return whether the project's configuration assigns a flow to a step."""
        return bool({(Role.FLOW, path, ""), (Role.FLOW, path, subject)} & self._taken)

    def _of_file(self, path: str) -> Draft | None:
        inside = self.drafts.with_file(path)
        if inside:
            return inside[0] if len(inside) == 1 else None
        named = self.drafts.by_name.find(key(stem(path)))
        if named:
            return nearest(named, path)
        beside = self.drafts.with_folder(folder_of(path))
        if len(beside) == 1:
            return beside[0]
        return next(iter(self.drafts)) if len(self.drafts) == 1 else None

    @staticmethod
    def _flow_reason(draft: Draft, path: str) -> str:
        if any(part.path == path and part.role is not Role.FLOW for part in draft.parts):
            return "in a file of the step"
        return "named like the step" if draft.is_called(key(stem(path))) else "in the folder of the step"


def builds(item: BuilderItem) -> bool:
    """Return whether a builder alone certainly builds a step: of a known kind, with objects of the SDK."""
    model = item.model
    if model is None or kind_of_builder(model) is None:
        return False
    constructed = [one.name for one in model.constructions()]
    makes_steps = any(name.endswith("Step") for name in constructed)
    return makes_steps or (bool(constructed) and model.family.has_method("create_step") is True)


def _step_names(item: BuilderItem) -> list[str]:
    """Return the constant names that a builder sets for its step: ``self.step_name = "churn-training"``."""
    model = item.model
    if model is None:
        return []
    values = [getattr(node, "value", None) for node in model.attribute("step_name")]
    return [value for value in dict.fromkeys(values) if isinstance(value, str) and value]


def _renamed(item: BuilderItem, name: str) -> BuilderItem:
    return item._replace(called=name)
