"""A step: its name, its kind, and which file plays which part in it, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a step. ``name`` is the constant or class in it, empty where the whole file is meant.

    ``reason`` says in words why the file was chosen. ``readable`` is False where it cannot be read.
    """

    role: Role
    path: str
    name: str
    reason: str
    readable: bool = True


@dataclass(frozen=True, slots=True)
class ScriptSearch:
    """How the script of a step was looked for.

    ``entry_point`` is what names it, with its place; None where nothing does. ``path`` is the script, None where
    there is none. ``candidates`` are files of that name that were not taken: copies, or too many to choose from.
    ``certain`` says that the script named is nowhere it could be: then its absence is a mistake.
    """

    path: str | None
    reason: str
    entry_point: Located[str] | None = None
    candidates: tuple[str, ...] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a repository."""

    name: str
    kind: StepKind
    kind_reason: str
    parts: tuple[Part, ...]
    script: ScriptSearch
    registration: Registration | None = None
    explicit: bool = False
    """Whether the project's configuration lists it."""

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


@dataclass(frozen=True, slots=True)
class StepReading:
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
