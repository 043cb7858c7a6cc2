"""The subjects of the commit hook's rules: a repository, and a step whose parts are read on first access."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flake8_training.finding import Related
from flake8_training.ledger import Reason, note_unknown
from flake8_training.record import Record
from training_alignment.artefacts.model import Contract, Specification, StepKind
from training_alignment.artefacts.read_error import ReadError
from training_alignment.artefacts.tree import Entry, Located, Place, Scalar, table_of
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


_RELEASED = (
    "reading", "contracts", "pairs", "_script", "logical", "mentions", "variables", "hyperparameters"
)  # fmt: skip


class Pair(Record):
    """A specification of a step and the contract that it is about."""

    contract: Contract
    specification: Specification


class RepositorySubject:
    """A repository with the requested steps, for the rules that no single step decides.

    ``steps`` and ``files`` limit the findings to these steps, their files and ``files``; ``steps`` is None for all.
    ``dependents`` are steps that depend on the requested ones: their findings count only if a requested step is
    involved.
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
        self.steps = tuple(StepUnderCheck(self, step) for step in chosen)
        self.dependents = tuple(StepUnderCheck(self, step) for step in dependents)
        files = tuple(files)
        self.gone = tuple(path for path in files if not discovery.repository.exists(path))
        """The requested files that no longer exist."""
        self._paths = None if steps is None else {*files, *(path for step in chosen for path in step.paths)}

    @property
    def path(self) -> str:
        """Return the path of the repository itself."""
        return "."

    @cached_property
    def graph(self) -> StepGraph:
        """Return the graph of the repository's steps and the values that flow between them."""
        return graph_of(self.discovery)

    @cached_property
    def kinds_in(self) -> dict[str, list[tuple[int, StepKind]]]:
        """Return the first lines of the contracts and specifications of each file, with the kinds of their steps."""
        found: dict[str, list[tuple[int, StepKind]]] = {}
        for step in (*self.steps, *self.dependents):
            reading = self.discovery.read(step.step)
            tables: list[Contract | Specification] = [*reading.contracts, *reading.specifications]
            for table in tables:
                start = min(table.place.line, table.raw.place.line)
                found.setdefault(table.path, []).append((start, step.kind))
        return found

    @cached_property
    def cycles(self) -> tuple[Cycle, ...]:
        """Return the cycles between steps: all of the repository, if a requested step may be in one."""
        from training_alignment.steps.cycles import cycles, own_cycles

        if self.discovery.complete:
            return cycles(self.graph)
        paths = [path for step in self.steps for path in step.step.paths]
        if may_lead_back(self.discovery.index, paths):
            return cycles(self.graph.whole)
        return tuple(own_cycles(self.graph, [node for step in self.steps for node in step.nodes]))

    @cached_property
    def errors(self) -> tuple[ReadError, ...]:
        """Return the errors in the requested artefacts."""
        return tuple(e for e in self.discovery.errors if self._paths is None or e.path in self._paths)

    @property
    def failures(self) -> dict[str, Exception]:
        """Return the internal errors of the reader in the requested files, by path."""
        failed = self.discovery.repository.failures
        return {path: e for path, e in failed.items() if self._paths is None or path in self._paths}


class StepUnderCheck:
    """One step. A part that is missing or unreadable is None or empty."""

    def __init__(self, repository: RepositorySubject, step: Step) -> None:
        self.repository = repository
        self.step = step
        self.script_error: ReadError | None = None
        """The reason why the script is unreadable, set when ``script`` is first accessed."""

    @cached_property
    def reading(self) -> StepReading:
        """Return the contents of the step's artefacts."""
        return self.repository.discovery.read(self.step)

    @property
    def path(self) -> str:
        """Return the file to report for the step as a whole."""
        return next(iter(self.step.paths), ".")

    @property
    def name(self) -> str:
        """Return the step's name."""
        return self.step.name

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the step's nodes in the graph of all steps: one, or one for each specification."""
        return self.repository.graph.of(self.step)

    @property
    def kind(self) -> StepKind:
        """Return the kind of job that SageMaker runs for the step."""
        return self.step.kind

    @property
    def contract(self) -> Contract | None:
        """Return the contract, or None."""
        return self.reading.contract

    @cached_property
    def contracts(self) -> tuple[Contract, ...]:
        """Return the contract and the contracts of its variants, each once."""
        return (
            tuple({id(pair.contract): pair.contract for pair in self.pairs}.values())
            or self.reading.contracts[:1]
        )

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Return each specification with its contract: for a variant of a step file, the variant's contract."""
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
        """Return the script's path in the repository, or None."""
        return self.step.script.path

    @property
    def script(self) -> Script | None:
        """Return the script, or None if it is missing or unreadable: see ``script_error``."""
        found = self._script
        if found is None:
            self._note_missing_script()
        return found

    def _note_missing_script(self) -> None:
        """Note for the rule that asks that there is no script to compare with, if the rule reports nothing."""
        search = self.step.script
        if self.script_error is not None:
            note_unknown(Reason.UNPARSED, self.script_error, weak=True)
        elif self.kind in _WITH_SCRIPTS:
            if search.path is not None:
                note_unknown(Reason.UNPARSED, 1, search.path, weak=True)
            elif search.entry_point is not None:
                reason = Reason.SEVERAL if search.candidates and not search.missing else Reason.ABSENT
                note_unknown(reason, search.entry_point, what=search.entry_point.value, weak=True)
            else:
                note_unknown(Reason.UNDECLARED, 1, self.path, what="script", weak=True)

    @cached_property
    def _script(self) -> Script | None:
        path = self.script_path
        if path is None or not path.endswith(".py") or self.kind not in _WITH_SCRIPTS:
            return None
        from training_alignment.repository.programs import Unfollowed

        try:
            return self.repository.discovery.repository.programs.script(path)
        except Unfollowed:
            return None
        except ReadError as error:
            self.script_error = error
            return None

    def release(self) -> None:
        """Release the contents of the step, its script and the facts derived from them."""
        # a dict keeps its room when names are removed from it, and there may be thousands of steps
        self.__dict__ = {name: value for name, value in vars(self).items() if name not in _RELEASED}

    @cached_property
    def logical(self) -> Logical | None:
        """Return the inputs and outputs that the script uses by logical names; None without a script or such names."""
        if self.script is None:
            return None
        from flake8_training.script.logical_names import logical

        return logical(self.script.analysis)

    @cached_property
    def mentions(self) -> ReferencedPaths:
        """Return the paths that the script names anywhere; an open set without a script."""
        from flake8_training.script.accesses import ReferencedPaths, referenced_paths

        return (
            referenced_paths(self.script.analysis)
            if self.script is not None
            else ReferencedPaths(frozenset(), reads_others=True, writes_others=True)
        )

    @cached_property
    def variables(self) -> VariablesRead | None:
        """Return the environment variables that the script reads, or None without a script."""
        from flake8_training.script.variable_reads import VariablesRead

        return VariablesRead(self.script.analysis, self.logical) if self.script is not None else None

    @cached_property
    def hyperparameters(self) -> HyperparameterReads | None:
        """Return the hyperparameters that the script reads by key, or None without a script."""
        from flake8_training.script.hyperparameter_reads import hyperparameter_reads

        return hyperparameter_reads(self.script.analysis) if self.script is not None else None

    @property
    def is_training(self) -> bool:
        """Return whether SageMaker runs the step as a training job, or as a tuner's jobs."""
        return self.kind in (StepKind.TRAINING, StepKind.TUNING)


Placed = Place | Located[Any] | Scalar | Entry[Any]


def place_of(where: Placed) -> Place:
    """Return the place of an object that has one, or of a place itself."""
    return where if isinstance(where, Place) else where.place


def other_side(where: Placed, message: str) -> Related:
    """Return the other side of a disagreement, for the finding's related places."""
    place = place_of(where)
    return Related(place.path, place.line, message)
