"""Artefacts put together into steps: by what the files say of each other, and only then by their names."""

from __future__ import annotations

from typing import Any

from training_alignment.artefacts.model import Bound
from training_alignment.steps.drafts import Draft, called, in_file, in_folder, nearest
from training_alignment.steps.folders import folder_of
from training_alignment.steps.items import BuilderItem, ContractItem, Item, Items, SpecificationItem
from training_alignment.steps.kinds import kind_of_builder
from training_alignment.steps.naming import key, stem
from training_alignment.steps.step import Part, Role


class Linker:
    """Puts the artefacts of a repository together. ``drafts`` are the steps so far."""

    def __init__(self, items: Items, drafts: list[Draft]) -> None:
        self.items = items
        self.drafts = drafts
        self._taken = {(part.role, part.path, part.name) for draft in drafts for part in draft.parts}

    def _is_listed(self, role: Role, item: Item[Any]) -> bool:
        """Whether the project's configuration has given the artefact to a step."""
        return (role, item.path, item.name) in self._taken or (role, item.path, "") in self._taken

    def link(self) -> list[Draft]:
        """Put everything together; return the steps."""
        self._step_files()
        self._specifications()
        self._contracts()
        self._builders()
        self._flows()
        return self.drafts

    # -- step files

    def _step_files(self) -> None:
        listed = [draft.step_file for draft in self.drafts]
        paths = {path for _, path, _ in self._taken}
        for step_file in self.items.step_files:
            if any(step_file is one for one in listed):
                continue
            name = step_file.registration.name.value or stem(step_file.path)
            draft = Draft(name, [key(name)])
            draft.step_file, draft.registration = step_file, step_file.registration
            draft.know_as(key(stem(step_file.path)))
            if step_file.contracts:
                draft.add(Part(Role.CONTRACT, step_file.path, "", "the contract in the step file"))
            if step_file.specifications:
                draft.add(Part(Role.SPECIFICATION, step_file.path, "", "the specification in the step file"))
            if not draft.parts:
                draft.add(Part(Role.SPECIFICATION, step_file.path, "", "the step file"))
            self.drafts.append(draft)
        for path in self.items.broken_step_files:
            if path in paths:
                continue
            draft = Draft(stem(path), [key(stem(path))])
            for role in (Role.CONTRACT, Role.SPECIFICATION):
                draft.add(Part(role, path, "", "the step file, which cannot be read", readable=False))
            self.drafts.append(draft)

    # -- specifications

    def _specifications(self) -> None:
        """Each step type is a step; its specifications for several job types are one step's."""
        groups: dict[tuple[str, str], Draft] = {}
        for item in self.items.specifications:
            if self._is_listed(Role.SPECIFICATION, item):
                continue
            model = item.model
            base = model.base_name if model is not None else ""
            home = self._home(item, base, groups)
            draft = groups.get((base, home)) if base else None
            if draft is None:
                draft = called([d for d in self.drafts if d.step_file is not None], item)
            if draft is None and model is None:
                draft = called(self.drafts, item)
            if draft is None:
                draft = Draft(base, [item.key] if item.key else [])
                self.drafts.append(draft)
            if base:
                groups[(base, home)] = draft
                job_type = model.job_type if model is not None else ""
                reason = f"its step type is {base}" + (f", for {job_type}" if job_type else "")
                if not job_type:
                    draft.know_as(key(stem(item.path)))
            else:
                reason = "it is a specification" if model is not None else "by its name; it cannot be read"
                draft.know_as(item.key)
            draft.add(Part(Role.SPECIFICATION, item.path, item.name, reason, readable=model is not None))
            draft.specifications.append(item)

    def _home(self, item: SpecificationItem, base: str, groups: dict[tuple[str, str], Draft]) -> str:
        """A folder that tells two steps of one name apart; empty for the first, and for more of its job types."""
        draft = groups.get((base, ""))
        if draft is None or item.model is None:
            return ""
        same_job = [
            other
            for other in draft.specifications
            if other.model is not None and other.model.job_type == item.model.job_type
        ]
        folder = folder_of(item.path)
        return folder if same_job and all(folder_of(o.path) != folder for o in draft.specifications) else ""

    # -- contracts

    def _contracts(self) -> None:
        """A specification says which contract is its step's; the others go by names, or are steps of their own."""
        free = {(c.path, c.name): c for c in self.items.contracts if not self._is_listed(Role.CONTRACT, c)}
        imported: list[tuple[Draft, SpecificationItem, Bound, ContractItem]] = []
        for draft in self.drafts:
            for item in draft.specifications:
                bound = item.model.contract if item.model is not None else None
                contract = self._bound_contract(bound)
                if bound is not None and contract is not None:
                    imported.append((draft, item, bound, contract))
        claimed: set[tuple[str, str]] = set()
        for draft, item, _, contract in imported:
            natural = called(self.drafts, contract)
            if (
                natural is not None
                and natural is not draft
                and self._is_claimed_by(natural, contract, imported)
            ):
                # Another step's contract: if this step has one of its own lying about, that is the one meant.
                own = self._own_contract(draft, free, imported)
                if own is not None:
                    reason = f"named like the step, although {item.path} imports {contract.name}"
                    self._take_contract(draft, own, reason)
                    claimed.add((own.path, own.name))
                    continue
            self._take_contract(draft, contract, f"imported by {item.path}")
            claimed.add((contract.path, contract.name))
        for place, contract in free.items():
            if place not in claimed:
                self._free_contract(contract)

    def _bound_contract(self, bound: Bound | None) -> ContractItem | None:
        if bound is None or bound.path is None:
            return None
        in_path = [c for c in self.items.contracts if c.path == bound.path]
        exact = [c for c in in_path if c.name == bound.name or c.model is None]
        return exact[0] if exact else None

    @staticmethod
    def _is_claimed_by(
        draft: Draft,
        contract: ContractItem,
        imported: list[tuple[Draft, SpecificationItem, Bound, ContractItem]],
    ) -> bool:
        return any(d is draft and c is contract for d, _, _, c in imported)

    @staticmethod
    def _own_contract(
        draft: Draft,
        free: dict[tuple[str, str], ContractItem],
        imported: list[tuple[Draft, SpecificationItem, Bound, ContractItem]],
    ) -> ContractItem | None:
        used = [c for _, _, _, c in imported]
        found = [c for c in free.values() if draft.is_called(c.key) and not any(c is u for u in used)]
        return found[0] if len(found) == 1 else None

    def _take_contract(self, draft: Draft, contract: ContractItem, reason: str) -> None:
        draft.add(
            Part(Role.CONTRACT, contract.path, contract.name, reason, readable=contract.model is not None)
        )
        if not any(own is contract for own in draft.contracts):
            draft.contracts.append(contract)

    def _free_contract(self, contract: ContractItem) -> None:
        """A contract that no specification imports: to the step it names, is named like, or stands beside."""
        lacking = [d for d in self.drafts if not d.has(Role.CONTRACT)]
        here = in_file(lacking, contract)
        if here is not None:
            self._take_contract(here, contract, "in the file of the specification")
            return
        named = called(lacking, contract)
        if named is not None:
            self._take_contract(named, contract, "named like the step")
            return
        beside = in_folder(lacking, contract)
        if beside is not None:
            self._take_contract(beside, contract, "in the folder of the step")
            return
        near = [d for d in lacking if d.is_nearly_called(contract.key)]
        if len(near) == 1 and called(self.drafts, contract) is None:
            self._take_contract(near[0], contract, f"named nearly like the step {near[0].name}")
            return
        name = (
            contract.model.step_name.value if contract.model is not None and contract.model.step_name else ""
        )
        draft = Draft(name, [contract.key] if contract.key else [])
        reason = "it is a contract" if contract.model is not None else "by its name; it cannot be read"
        self._take_contract(draft, contract, reason)
        self.drafts.append(draft)

    # -- builders

    def _builders(self) -> None:
        """A builder imports its step's specification; where that is another step's, its own name decides."""
        waiting: list[tuple[BuilderItem, list[Draft]]] = []
        for item in self.items.builders:
            if self._is_listed(Role.BUILDER, item):
                continue
            said = self._said_by(item)
            named = self._named(item)
            agreed = [d for d in said if d is named] or (said[:1] if named is None else [])
            if agreed and agreed[0].builder is None:
                self._take_builder(agreed[0], item, self._import_reason(item, agreed[0]))
            elif not said and named is not None and named.builder is None:
                self._take_builder(named, item, self._name_reason(item, named))
            else:
                waiting.append((item, said))
        for item, said in waiting:
            named = self._named(item)
            free = [d for d in said if d.builder is None]
            if named is not None and named.builder is None and (not free or named not in said):
                others = ", ".join(b.name for b in self._bounds(item))
                reason = self._name_reason(item, named) + (f", although it imports {others}" if said else "")
                self._take_builder(named, item, reason)
            elif free:
                self._take_builder(free[0], item, self._import_reason(item, free[0]))
            else:
                self._other_builder(item)

    @staticmethod
    def _bounds(item: BuilderItem) -> list[Bound]:
        return [*item.model.specifications, *item.model.contracts] if item.model is not None else []

    def _said_by(self, item: BuilderItem) -> list[Draft]:
        """The steps whose specification or contract a builder imports, or whose step file it loads."""
        found: list[Draft] = []
        for bound in self._bounds(item):
            found.extend(
                draft
                for draft in self.drafts
                if any(
                    part.path == bound.path and part.name in (bound.name, "")
                    for role in (Role.SPECIFICATION, Role.CONTRACT)
                    for part in draft.parts
                    if part.role is role
                )
            )
        for name in item.model.named_steps if item.model is not None else ():
            found.extend(d for d in self.drafts if d.step_file is not None and d.name == name.value)
        return list(dict.fromkeys(found))

    def _named(self, item: BuilderItem) -> Draft | None:
        """The step that a registry, the builder's step name, its class or its file names."""
        for registration in self.items.registrations.values():
            registered = registration.builder_class
            if registered is not None and registered.value == item.name:
                found = called(self.drafts, _renamed(item, registration.name.value))
                if found is not None:
                    return found
        for step_name in _step_names(item):
            found = called(self.drafts, _renamed(item, step_name))
            if found is not None:
                return found
        return called(self.drafts, item) or called(self.drafts, _renamed(item, stem(item.path)))

    def _import_reason(self, item: BuilderItem, draft: Draft) -> str:
        own = {(part.path, part.name) for part in draft.parts}
        paths = {path for path, _ in own}
        names = [b.name for b in self._bounds(item) if (b.path, b.name) in own or b.path in paths]
        if names:
            return f"it imports {names[0]}"
        return f"it loads the step {draft.name}"

    def _name_reason(self, item: BuilderItem, draft: Draft) -> str:
        registered = next((r for r in self.items.registrations.values() if r.name.value == draft.name), None)
        if (
            registered is not None
            and registered.builder_class
            and registered.builder_class.value == item.name
        ):
            return "registered as the builder of the step"
        if any(key(name) and draft.is_called(key(name)) for name in _step_names(item)):
            return "it gives its step that name"
        return "named like the step"

    def _take_builder(self, draft: Draft, item: BuilderItem, reason: str) -> None:
        draft.builder = item
        draft.add(Part(Role.BUILDER, item.path, item.name, reason, readable=item.model is not None))

    def _other_builder(self, item: BuilderItem) -> None:
        """A builder that belongs to no step by what it says or is named: by its place, or a step of its own."""
        lacking = [d for d in self.drafts if d.builder is None]
        here = in_file(lacking, item) or in_folder(lacking, item)
        if here is not None:
            self._take_builder(here, item, "in the folder of the step")
            return
        near = [d for d in lacking if d.is_nearly_called(item.key)]
        if len(near) == 1 and self._named(item) is None:
            self._take_builder(near[0], item, f"named nearly like the step {near[0].name}")
            return
        if item.model is not None and (self._named(item) is not None or not builds(item)):
            return
        names = _step_names(item)
        draft = Draft(names[0] if names else "", [k for k in (item.key,) if k])
        self._take_builder(draft, item, "it builds a step")
        self.drafts.append(draft)

    # -- flows

    def _flows(self) -> None:
        for path, flow in self.items.flows:
            draft = self._of_file(path) if not self._is_taken(path, flow.subject) else None
            if draft is not None:
                draft.flows.append(flow)
                draft.add(Part(Role.FLOW, path, flow.subject, self._flow_reason(draft, path)))
        for path, requirement in self.items.requirements:
            draft = self._of_file(path) if not self._is_taken(path, requirement.subject) else None
            if draft is not None:
                draft.requirements.append(requirement)
                draft.add(Part(Role.FLOW, path, requirement.subject, self._flow_reason(draft, path)))

    def _is_taken(self, path: str, subject: str) -> bool:
        """Whether the project's configuration has given a flow to a step."""
        return bool({(Role.FLOW, path, ""), (Role.FLOW, path, subject)} & self._taken)

    def _of_file(self, path: str) -> Draft | None:
        inside = [d for d in self.drafts if any(part.path == path for part in d.parts)]
        if inside:
            return inside[0] if len(inside) == 1 else None
        name = key(stem(path))
        named = [d for d in self.drafts if d.is_called(name)]
        if named:
            return nearest(named, path)
        folder = folder_of(path)
        beside = [d for d in self.drafts if folder in d.folders]
        if len(beside) == 1:
            return beside[0]
        return self.drafts[0] if len(self.drafts) == 1 else None

    @staticmethod
    def _flow_reason(draft: Draft, path: str) -> str:
        if any(part.path == path and part.role is not Role.FLOW for part in draft.parts):
            return "in a file of the step"
        return "named like the step" if draft.is_called(key(stem(path))) else "in the folder of the step"


def builds(item: BuilderItem) -> bool:
    """Whether a builder, standing alone, certainly builds a step: of a known kind, with objects of the SDK."""
    if item.model is None or kind_of_builder(item.model) is None:
        return False
    return any(True for _ in item.model.made())


def _step_names(item: BuilderItem) -> list[str]:
    """The literal names that a builder gives its step: ``self.step_name = "churn-training"``."""
    if item.model is None:
        return []
    values = [getattr(node, "value", None) for node in item.model.attribute("step_name")]
    return [value for value in dict.fromkeys(values) if isinstance(value, str) and value]


def _renamed(item: BuilderItem, name: str) -> BuilderItem:
    return item._replace(key=key(name))
