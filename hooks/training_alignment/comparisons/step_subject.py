"""What the rules of the commit hook see: a step with its parts, each read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flake8_training.finding import Related
from flake8_training.record import Record
from training_alignment.artefacts.model import Contract, Specification, StepKind
from training_alignment.artefacts.tree import Entry, Located, Place, ReadError, Scalar, table_of
from training_alignment.scan.step_mentions import may_lead_back
from training_alignment.steps.discovery import Discovery
from training_alignment.steps.graph import Node, StepGraph
from training_alignment.steps.graph_reading import graph_of
from training_alignment.steps.step import Step, StepReading

if TYPE_CHECKING:
    from flake8_training.script import Script
    from flake8_training.script.accesses import ReferencedPaths
    from flake8_training.script.hyperparameter_reads import HyperparameterReads
    from flake8_training.script.logical_names import Logical
    from flake8_training.script.variable_reads import VariablesRead
    from training_alignment.steps.cycles import Cycle


_WITH_SCRIPTS = (StepKind.TRAINING, StepKind.TUNING, StepKind.PROCESSING, StepKind.UNKNOWN)

"""Kinds of steps that run a script of the repository; others may bring their own."""


class Pair(Record):
    """A specification of a step and the contract that it is about."""

    contract: Contract
    specification: Specification


class RepositorySubject:
    """A repository with the steps that are asked about, for what no single step decides.

    ``steps`` and ``files`` limit what is told: to these steps, and to their files and ``files``; None for everything.
    Of ``dependents`` only that is told which the steps have to do with.
    """

    def __init__(
        self,
        discovery: Discovery,
        steps: Iterable[Step] | None = None,
        files: Iterable[str] = (),
        dependents: Iterable[Step] = (),
    ) -> None:
        self.discovery = discovery
        chosen = discovery.steps if steps is None else tuple(steps)
        self.steps = tuple(StepUnderCheck(self, discovery.read(step)) for step in chosen)
        self.dependents = tuple(StepUnderCheck(self, discovery.read(step)) for step in dependents)
        files = tuple(files)
        self.gone = tuple(path for path in files if not discovery.repository.exists(path))
        """The files asked about that are not there any more."""
        self._paths = None if steps is None else {*files, *(path for step in chosen for path in step.paths)}

    @property
    def path(self) -> str:
        """The repository itself."""
        return "."

    @cached_property
    def graph(self) -> StepGraph:
        """Every step of the repository, and what flows between them."""
        return graph_of(self.discovery, [step.reading for step in (*self.steps, *self.dependents)])

    @cached_property
    def cycles(self) -> tuple[Cycle, ...]:
        """The steps that wait for each other, those of the whole repository where one asked about may be among them."""
        from training_alignment.steps.cycles import cycles, own_cycles

        if self.discovery.complete:
            return cycles(self.graph)
        paths = [path for step in self.steps for path in step.step.paths]
        if may_lead_back(self.discovery.index, paths):
            return cycles(self.graph.whole)
        return tuple(own_cycles(self.graph, [node for step in self.steps for node in step.nodes]))

    @cached_property
    def errors(self) -> tuple[ReadError, ...]:
        """What is wrong with the artefacts that are asked about."""
        return tuple(e for e in self.discovery.errors if self._paths is None or e.path in self._paths)

    @property
    def failures(self) -> dict[str, Exception]:
        """Where the reader itself failed, by the path of the file, among what is asked about."""
        failed = self.discovery.repository.failures
        return {path: e for path, e in failed.items() if self._paths is None or path in self._paths}


class StepUnderCheck:
    """One step. Parts that it does not have, or that cannot be read, are None or empty."""

    def __init__(self, repository: RepositorySubject, reading: StepReading) -> None:
        self.repository = repository
        self.reading = reading
        self.step = reading.step
        self.script_error: ReadError | None = None
        """Why the script cannot be read, once it has been asked for."""

    @property
    def path(self) -> str:
        """The file to name where the step as a whole is meant."""
        return next(iter(self.step.paths), ".")

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The step in the graph of all steps: once, or once for each of its specifications."""
        return self.repository.graph.of(self.step)

    @property
    def kind(self) -> StepKind:
        """What SageMaker runs for it."""
        return self.step.kind

    @property
    def contract(self) -> Contract | None:
        """The contract."""
        return self.reading.contract

    @cached_property
    def contracts(self) -> tuple[Contract, ...]:
        """The contract and those of its variants, each once."""
        return (
            tuple({id(pair.contract): pair.contract for pair in self.pairs}.values())
            or self.reading.contracts[:1]
        )

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Each specification with its contract: for a variant of a step file, the contract of that variant."""
        contract = self.contract
        if contract is None:
            return ()
        step_file = self.reading.step_file
        if step_file is None:
            return tuple(Pair(contract, s) for s in self.reading.specifications)
        own = iter(step_file.contracts[1:] if len(step_file.contracts) > 1 else ())
        variants = table_of(step_file.raw.get("variants"))
        by_variant = {
            entry.name.value: next(own, contract)
            for entry in variants or ()
            if (overlay := table_of(entry.value)) is not None and "contract" in overlay
        }
        return tuple(Pair(by_variant.get(s.job_type, contract), s) for s in self.reading.specifications)

    # -- the script

    @property
    def script_path(self) -> str | None:
        """The script's path in the repository."""
        return self.step.script.path

    @cached_property
    def script(self) -> Script | None:
        """The script; None where there is none, or none that can be read: see ``script_error``."""
        path = self.script_path
        if path is None or not path.endswith(".py") or self.kind not in _WITH_SCRIPTS:
            return None
        try:
            return self.repository.discovery.repository.programs.script(path)
        except ReadError as error:
            self.script_error = error
            return None

    def release(self) -> None:
        """Let go of the script and of all that was found out about it: a tree of scripts is large."""
        for name in ("script", "logical", "mentions", "variables", "hyperparameters"):
            self.__dict__.pop(name, None)

    @cached_property
    def logical(self) -> Logical | None:
        """What the script takes and gives by logical names; None where there is no script to tell."""
        if self.script is None:
            return None
        from flake8_training.script.logical_names import logical

        return logical(self.script.analysis)

    @cached_property
    def mentions(self) -> ReferencedPaths:
        """The paths that the script names anywhere; open where there is none to tell."""
        from flake8_training.script.accesses import ReferencedPaths, referenced_paths

        return (
            referenced_paths(self.script.analysis)
            if self.script is not None
            else ReferencedPaths(frozenset(), True)
        )

    @cached_property
    def variables(self) -> VariablesRead | None:
        """The environment variables that the script reads."""
        from flake8_training.script.variable_reads import VariablesRead

        return VariablesRead(self.script.analysis, self.logical) if self.script is not None else None

    @cached_property
    def hyperparameters(self) -> HyperparameterReads | None:
        """The hyperparameters that the script reads by key."""
        from flake8_training.script.hyperparameter_reads import hyperparameter_reads

        return hyperparameter_reads(self.script.analysis) if self.script is not None else None

    @property
    def is_training(self) -> bool:
        """Whether SageMaker runs it as a training job, or as several of a tuner."""
        return self.kind in (StepKind.TRAINING, StepKind.TUNING)


Placed = Place | Located[Any] | Scalar | Entry[Any]


def place_of(where: Placed) -> Place:
    """The place of anything that has one."""
    return where if isinstance(where, Place) else where.place


def other_side(where: Placed, message: str) -> Related:
    """The other side of a disagreement."""
    place = place_of(where)
    return Related(place.path, place.line, message)
