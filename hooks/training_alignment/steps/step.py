"""A step: its name, its kind, and which file plays which part in it, each with the reason."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from training_alignment.artefacts.builder_model import Builder, Configuration
from training_alignment.artefacts.errors import ReadError
from training_alignment.artefacts.model import (
    Contract,
    Flow,
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
    """A file in a step. ``name`` is the constant or class in it, empty where the whole file is meant.

    ``reason`` says in words why the file was chosen. ``readable`` is False where it cannot be read.
    """

    role: Role
    path: str
    name: str
    reason: str
    readable: bool = True


class ScriptSearch(NamedTuple):
    """How the script of a step was looked for.

    ``entry_point`` is what names it, with its place; None where nothing does. ``path`` is the script, None where
    there is none. ``missing`` says that the entry point names no file that it could mean; ``path`` may still be
    a script, one that is named like the step. ``candidates`` are files of the entry point's name that were not
    taken: copies, or too many to choose from.
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
    """Whether only its specifications and flows were looked for, since it was read for another step's sake."""

    def of(self, role: Role) -> tuple[Part, ...]:
        """The parts of one role."""
        return tuple(part for part in self.parts if part.role is role)

    def part(self, role: Role) -> Part | None:
        """The first part of a role."""
        return next((part for part in self.parts if part.role is role), None)

    def has(self, role: Role) -> bool:
        """Whether any file plays that part, readable or not."""
        return any(part.role is role for part in self.parts)

    @property
    def paths(self) -> tuple[str, ...]:
        """Its files, each once."""
        return tuple(dict.fromkeys(part.path for part in self.parts))


class StepReading(NamedTuple):
    """What the artefacts of one step hold. What cannot be read is None, and in ``errors``."""

    step: Step
    contract: Contract | None = None
    contracts: tuple[Contract, ...] = ()
    """The contract and those of its variants."""
    specifications: tuple[Specification, ...] = ()
    builder: Builder | None = None
    configuration: Configuration | None = None
    flows: tuple[Flow, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    step_file: StepFile | None = None
    errors: tuple[ReadError, ...] = ()

    @property
    def specification(self) -> Specification | None:
        """The first specification: the one without job type, if there is one."""
        return next((s for s in self.specifications if not s.job_type), next(iter(self.specifications), None))
