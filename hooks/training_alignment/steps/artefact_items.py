"""The artefacts of a repository's files, before they are linked into steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.builder_model import Builder
from training_alignment.artefacts.class_hierarchy import Classes
from training_alignment.artefacts.class_model import ClassBody
from training_alignment.artefacts.model import (
    Bound,
    Contract,
    FileReading,
    Flow,
    Registration,
    Requirement,
    Specification,
    StepFile,
)
from training_alignment.artefacts.python_file import CONTRACT_NAME, SPECIFICATION_NAME
from training_alignment.artefacts.tree import Scalar
from training_alignment.repository.repository import Repository
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import Key, key, role, stem
from training_alignment.steps.step import Head, head_of

M = TypeVar("M")

BUILDING = frozenset(
    {"create_step", "_create_estimator", "_create_processor", "_create_model", "_create_transformer"}
)
"""Methods of which a builder has at least one."""


class Item(NamedTuple, Generic[M]):
    """One artefact of a file: its path, the constant or class, and the name that may identify its step.

    ``read`` returns the contents by path, name and ``number``, the item's number among its file's; it is None if the
    file cannot be read.
    """

    path: str
    name: str
    called: str
    read: Callable[[str, str, int], M | None] | None
    number: int = 0
    step: str = ""
    """The name of the step that a contract or a specification states, without the job type; empty if unknown."""
    head: Head | None = None
    """The beginning of a specification."""
    bound: Bound | None = None
    """The contract that a specification names."""
    entry_point: Scalar | None = None
    """The entry point that a contract declares."""

    @property
    def key(self) -> Key:
        """Return the key of its name, which is empty if the name identifies no step (``contract.py``)."""
        return key(self.called)

    @property
    def is_readable(self) -> bool:
        """Return whether the file can be read."""
        return self.read is not None

    @property
    def model(self) -> M | None:
        """Return the contents, which nothing else keeps; None if the file cannot be read."""
        return self.read(self.path, self.name, self.number) if self.read is not None else None

    def linked(self) -> Item[M]:
        """Return the item without what only the links to other artefacts need."""
        return self._replace(called="", step="", bound=None, entry_point=None)


ContractItem: TypeAlias = Item[Contract]
SpecificationItem: TypeAlias = Item[Specification]
BuilderItem: TypeAlias = Item[Builder]


def models(items: Iterable[Item[M]]) -> list[M]:
    """Return the contents of the items whose files can be read."""
    return [model for item in items if (model := item.model) is not None]


class _Class(NamedTuple):
    """A class that may be a builder; ``is_builder`` means that it defines a method that builds."""

    path: str
    name: str
    bases: tuple[str, ...]
    is_builder: bool
    is_abstract: bool


KEPT_BUILDERS = 256
"""Builders that are kept: each refers to the contents of its file and those of its bases."""


class Items:
    """All artefacts of the files that were read."""

    def __init__(self) -> None:
        self.contracts: list[ContractItem] = []
        self.specifications: list[SpecificationItem] = []
        self.builders: list[BuilderItem] = []
        self.step_files: list[StepFile] = []
        self.broken_step_files: list[str] = []
        self.flows: list[tuple[str, Flow]] = []
        self.requirements: list[tuple[str, Requirement]] = []
        self.registrations: dict[str, Registration] = {}


def collect(index: Index, classes: Classes, paths: Iterable[str]) -> Items:
    """Read the files at ``paths`` and return their artefacts."""
    items = Items()
    repository = index.repository
    builder_classes: list[_Class] = []
    for path in sorted(paths):
        seen = index.glance(path)
        expected = index.expected_role(path)
        hinted = index.hinted_role(path)
        if hinted or path in index.explicit:
            repository.expect(path, hinted, certain=bool(expected) or path in index.explicit)
        reading = repository.reading(path)
        if reading is None:
            if seen is not None and not seen.certain and not expected and path not in index.explicit:
                repository.errors.pop(path, None)
            else:
                _add_unreadable(items, index, path)
            continue
        with repository.guarded(path):
            _add_artefacts(items, repository, path, reading)
            if (seen is not None and seen.builder) or path in index.explicit:
                builder_classes.extend(_class(path, body) for body in reading.classes)
                for body in reading.classes:
                    if any(method.name.value in BUILDING and not method.abstract for method in body.methods):
                        _ = body.facts, body.uses  # the class facts are read while the file is parsed
    _builders(items, repository, classes, builder_classes)
    return items


def _add_artefacts(items: Items, repository: Repository, path: str, reading: FileReading) -> None:
    """Add the artefacts of a file, except for its builders."""
    several = len(reading.contracts) > 1, len(reading.specifications) > 1
    for number, contract in enumerate(reading.contracts):
        step = contract.step_name.value if contract.step_name else ""
        own = _name(path, contract.name, several[0], step)
        items.contracts.append(
            Item(
                path,
                contract.name,
                own,
                repository.contract,
                number,
                step,
                entry_point=contract.entry_point,
            )
        )
    for number, specification in enumerate(reading.specifications):
        step = specification.base_name
        own = _name(path, specification.name, several[1], step)
        read, head, bound = repository.specification, head_of(specification), specification.contract
        items.specifications.append(Item(path, specification.name, own, read, number, step, head, bound))
    if reading.step_file is not None:
        items.step_files.append(reading.step_file)
        registered = reading.step_file.registration
        if registered.name and registered.sagemaker_type is not None:
            items.registrations[registered.name] = registered
    items.flows.extend((path, flow) for flow in reading.flows)
    items.requirements.extend((path, requirement) for requirement in reading.requirements)
    for registration in reading.registrations:
        items.registrations.setdefault(registration.name, registration)


def _name(path: str, name: str, several: bool, step: str) -> str:
    """Return the name of an artefact:

    that of the step that it names, that of its constant if the file has several, or that of its file.
    """
    return step or (name if several and key(name) else stem(path))


def _add_unreadable(items: Items, index: Index, path: str) -> None:
    """Add a file that cannot be read as the part that its name declares, or that its bytes suggest."""
    seen = index.glance(path)
    name = stem(path)
    if seen is not None and seen.step_file:
        items.broken_step_files.append(path)
        return
    declared = role(name)
    if declared not in ("contract", "specification", "builder") and seen is not None:
        declared = (
            "contract"
            if seen.contract
            else "specification"
            if seen.specification
            else "builder"
            if seen.builder
            else ""
        )
    if declared == "contract":
        items.contracts.append(Item(path, "", name, None))
    elif declared == "specification":
        items.specifications.append(Item(path, "", name, None))
    elif declared == "builder":
        items.builders.append(Item(path, "", name, None))


def _class(path: str, body: ClassBody) -> _Class:
    return _Class(
        path,
        body.name,
        tuple(base.value for base in body.bases),
        any(method.name.value in BUILDING for method in body.methods),
        any(method.abstract for method in body.methods),
    )


def _builders(items: Items, repository: Repository, classes: Classes, found: list[_Class]) -> None:
    """Add the classes that build a step; skip abstract classes and base classes of the others."""
    read = builder_reader(items, classes)
    bases = {base.rpartition(".")[2] for one in found for base in one.bases}
    for one in found:
        if one.name in bases or one.is_abstract:
            continue
        with repository.guarded(one.path):
            if not one.is_builder and not _inherits_building(classes, one):
                continue
            items.builders.append(Item(one.path, one.name, _name(one.path, one.name, True, ""), read))


def _inherits_building(classes: Classes, one: _Class) -> bool:
    if not one.bases or not one.name.endswith(("Builder", "Step")):
        return False
    family = classes.family(one.path, one.name)
    return family is not None and any(m.name.value in BUILDING and not m.abstract for m in family.methods())


def builder_reader(items: Items, classes: Classes) -> Callable[[str, str, int], Builder | None]:
    """Return the function that reads a builder by its path and its class."""
    roles = RoleOf(items)

    @lru_cache(KEPT_BUILDERS)
    def read(path: str, name: str, _: int) -> Builder | None:
        return classes.builder(path, name, roles)

    return read


class RoleOf:
    """Returns the role of an imported name: a contract or specification that was read, or else by its name."""

    def __init__(self, items: Items) -> None:
        self._roles = {(item.path, item.name): "contract" for item in items.contracts}
        self._roles.update({(item.path, item.name): "specification" for item in items.specifications})

    def __call__(self, bound: Bound) -> str:
        """Return "contract", "specification" or an empty string."""
        known = self._roles.get((bound.path or "", bound.name))
        if known is not None:
            return known
        if CONTRACT_NAME.search(bound.name):
            return "contract"
        return "specification" if SPECIFICATION_NAME.search(bound.name) else ""
