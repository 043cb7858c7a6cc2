"""A step: its name, its kind, and its files by part, each with a reason."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.model import (
    Contract,
    Flow,
    Registration,
    Requirement,
    Specification,
    StepFile,
    StepKind,
)
from training_alignment.artefacts.read_error import ReadError
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


class StepReading(NamedTuple):
    """The contents of one step's artefacts. A part that cannot be read is None, with its error in ``errors``."""

    step: Step
    contract: Contract | None = None
    contracts: tuple[Contract, ...] = ()
    """The contract and its variants."""
    specifications: tuple[Specification, ...] = ()
    builder: Builder | None = None
    configuration: Configuration | None = None
    flows: tuple[Flow, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    step_file: StepFile | None = None
    errors: tuple[ReadError, ...] = ()

    @property
    def specification(self) -> Specification | None:
        """Return the first specification without a job type, else the first one, else None."""
        return next((s for s in self.specifications if not s.job_type), next(iter(self.specifications), None))
