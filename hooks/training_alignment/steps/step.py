"""A step: its name, its kind, and its files by part, each with a reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

from flake8_training.named_tuple import NamedTuple
from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.model import (
    Contract,
    Flow,
    Format,
    Registration,
    Requirement,
    Specification,
    StepFile,
    StepKind,
)
from training_alignment.artefacts.tree import Located


class Role(StrEnum):
    """The part that a file plays in a step."""

    SCRIPT = "script"
    CONTRACT = "contract"
    SPECIFICATION = "specification"
    BUILDER = "builder"
    CONFIGURATION = "configuration"
    FLOW = "flow"


class Part(NamedTuple):
    """A file in a step. ``name`` is the constant or class in it, empty for the whole file.

    ``reason`` explains in words why the file was chosen. ``readable`` is False if it cannot be read.
    """

    role: Role
    path: str
    name: str
    reason: str
    readable: bool = True


class ScriptSearch(NamedTuple):
    """The result of the search for a step's script.

    - ``path``: the script; None if there is none.
    - ``reason``: why it was chosen, or why there is none.
    - ``entry_point``: the string that names it, with its place; None if nothing does.
    - ``candidates``: files with the entry point's name that were not chosen: copies, or too many to choose from.
    - ``missing``: the entry point names no usable file; ``path`` may still be a script that is named like the step.
    """

    path: str | None
    reason: str
    entry_point: Located[str] | None = None
    candidates: tuple[str, ...] = ()
    missing: bool = False


class Step(NamedTuple):
    """One step of a repository."""

    name: str
    kind: StepKind
    kind_reason: str
    parts: tuple[Part, ...]
    script: ScriptSearch
    registration: Registration | None = None
    explicit: bool = False
    """Whether the project's configuration lists it."""
    partial: bool = False
    """Whether only its specifications and flows were read, because another step needs them."""

    def of(self, role: Role) -> tuple[Part, ...]:
        """Return the parts with one role."""
        return tuple(part for part in self.parts if part.role is role)

    def part(self, role: Role) -> Part | None:
        """Return the first part with a role, or None."""
        return next((part for part in self.parts if part.role is role), None)

    def has(self, role: Role) -> bool:
        """Return whether a file has that role, readable or not."""
        return any(part.role is role for part in self.parts)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return its files, each once."""
        return tuple(dict.fromkeys(part.path for part in self.parts))


class Head(NamedTuple):
    """The beginning of a specification: what names its step, its form, and whether it holds flow tables."""

    base_name: str
    job_type: str
    step_name: str | None
    format: Format
    has_flows: bool


def head_of(specification: Specification) -> Head:
    """Return the beginning of a specification."""
    stated = specification.step_name
    return Head(
        sys.intern(specification.base_name),
        sys.intern(specification.job_type),
        sys.intern(stated.value) if stated is not None else None,
        specification.format,
        bool(specification.flows),
    )


class StepReading:
    """The contents of one step's artefacts. A part that cannot be read is None or missing.

    The functions are called at the first access: most askers need the contents of one file only.
    """

    def __init__(
        self,
        step: Step,
        *,
        contracts: Callable[[], tuple[Contract, ...]] = tuple,
        specifications: Callable[[], tuple[Specification, ...]] = tuple,
        heads: Callable[[], tuple[Head, ...]] | None = None,
        builder: Callable[[], Builder | None] = lambda: None,
        configuration: Callable[[], Configuration | None] = lambda: None,
        flows: tuple[Flow, ...] = (),
        requirements: tuple[Requirement, ...] = (),
        step_file: StepFile | None = None,
    ) -> None:
        self.step = step
        self._contracts = contracts
        self._specifications = specifications
        self._heads = heads
        self._builder = builder
        self._configuration = configuration
        self.flows = flows
        self.requirements = requirements
        self.step_file = step_file

    @cached_property
    def contracts(self) -> tuple[Contract, ...]:
        """Return the contract and its variants."""
        return self._contracts()

    @cached_property
    def specifications(self) -> tuple[Specification, ...]:
        """Return the specifications, one for each job type."""
        return self._specifications()

    @property
    def heads(self) -> tuple[Head, ...]:
        """Return the beginnings of the specifications, for which no file is read if they are known."""
        return self._heads() if self._heads is not None else tuple(map(head_of, self.specifications))

    @cached_property
    def builder(self) -> Builder | None:
        """Return the builder, or None."""
        return self._builder()

    @cached_property
    def configuration(self) -> Configuration | None:
        """Return the configuration class, or None."""
        return self._configuration()

    @property
    def contract(self) -> Contract | None:
        """Return the contract, or None."""
        return next(iter(self.contracts), None)

    @property
    def specification(self) -> Specification | None:
        """Return the first specification without a job type, else the first one, else None."""
        return next((s for s in self.specifications if not s.job_type), next(iter(self.specifications), None))
