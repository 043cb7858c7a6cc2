"""Which inputs and outputs only one of contract and specification names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from flake8_training.finding import Related
from flake8_training.sagemaker.near import nearest
from training_alignment.artefacts.model import Contract, Specification, Text
from training_alignment.artefacts.tree import Entry, Listing, Located, Scalar, Table
from training_alignment.levels.base import other_side
from training_alignment.levels.subject import Pair, StepSubject

Side = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Missing:
    """An entry that the other artefact lacks; ``near`` is what it was meant to be there, where that is evident."""

    entry: Entry[Any]
    near: str | None
    related: tuple[Related, ...]

    @property
    def detail(self) -> str:
        """The name, and the near match."""
        hint = f", did you mean {self.near}?" if self.near else ""
        return f"{self.entry.name.value}{hint}"


def of_contract(contract: Contract, side: Side) -> Table[Any] | None:
    """The inputs or outputs of a contract."""
    return contract.inputs if side == "input" else contract.outputs


def of_specification(specification: Specification, side: Side) -> Table[Any] | None:
    """The inputs or outputs of a specification, where it names them."""
    return specification.dependencies if side == "input" else specification.outputs


def pairs(subject: StepSubject) -> Iterator[Pair]:
    """The specifications that are about their step's contract, and not about another one."""
    for pair in subject.pairs:
        bound = pair.specification.contract
        if bound is None or bound.path in (None, pair.contract.path):
            yield pair


def missing_from_specifications(subject: StepSubject, side: Side) -> Iterator[Missing]:
    """The entries of a contract that none of its specifications names."""
    groups: dict[int, list[Pair]] = {}
    for pair in pairs(subject):
        groups.setdefault(id(pair.contract), []).append(pair)
    for group in groups.values():
        contract = group[0].contract
        tables = [of_specification(pair.specification, side) for pair in group]
        named = [table for table in tables if table is not None]
        skipped = {text.value for text in contract.skipped_inputs or ()}
        if not named or len(named) != len(tables) or any(not table.closed for table in named):
            continue
        for entry in of_contract(contract, side) or ():
            name = entry.name.value
            if name not in skipped and all(name not in table for table in named):
                free = _unmatched(named, of_contract(contract, side))
                related = [other_side(t.place, f"the {side}s of the specification") for t in named]
                yield Missing(entry, nearest(name, free), tuple(related[:3]))


def missing_from_contract(subject: StepSubject, side: Side) -> Iterator[Missing]:
    """The entries of a specification that its contract does not name."""
    for pair in pairs(subject):
        declared, table = of_contract(pair.contract, side), of_specification(pair.specification, side)
        if declared is None or table is None or not declared.closed:
            continue
        for entry in table:
            if entry.name.value not in declared:
                near = nearest(entry.name.value, _unmatched([declared], table))
                related = other_side(declared.place, f"the {side}s of the contract")
                yield Missing(entry, near, (related,))


def _unmatched(tables: Iterable[Table[Any]], other: Table[Any] | None) -> list[str]:
    """The names of the tables that the other side does not have: what a name there may be a slip of."""
    return [name for table in tables for name in table.names if other is None or name not in other]


def unknown_direct_inputs(subject: StepSubject) -> Iterator[Text]:
    """The direct inputs that a step file lists and that are no input of its contract or specification."""
    step_file = subject.reading.step_file
    patterns = step_file.patterns if step_file is not None else None
    listed = patterns.get("direct_input_keys") if patterns is not None else None
    tables = [t for p in subject.pairs for t in (p.contract.inputs, p.specification.dependencies)]
    if not isinstance(listed, Listing) or not tables or any(t is None or not t.closed for t in tables):
        return
    known = {name for table in tables if table is not None for name in table.names}
    for item in listed:
        if isinstance(item, Scalar) and isinstance(item.value, str) and item.value not in known:
            yield Located(item.value, item.place)
