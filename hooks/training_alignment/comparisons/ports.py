"""Compares the names of inputs and outputs in contract and specification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from flake8_training.finding import Related
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.record import Record
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.model import Contract, Format, Specification, Text
from training_alignment.artefacts.sections import first
from training_alignment.artefacts.tree import Entry, Listing, Located, Place, Scalar, Table, all_closed
from training_alignment.comparisons.step_subject import Pair, StepUnderCheck, other_side

Side = Literal["input", "output"]


class Missing(Record):
    """An entry that the other artefact lacks.

    ``near`` is the nearest unmatched name there, or None; ``related`` is the other side.
    """

    entry: Entry[Any]
    near: str | None
    related: tuple[Related, ...]
    only: tuple[str, ...] = ()
    """The specifications that lack the entry, if others of the step have it."""

    @property
    def detail(self) -> str:
        """Return the name, the specifications that lack it, and the near match."""
        hint = did_you_mean(self.near)
        only = f", not in {', '.join(self.only)}" if self.only else ""
        return f"{self.entry.name.value}{only}{hint}"


def of_contract(contract: Contract, side: Side) -> Table[Any] | None:
    """Return the inputs or outputs of a contract, or None if it declares none."""
    return contract.inputs if side == "input" else contract.outputs


def of_specification(specification: Specification, side: Side) -> Table[Any] | None:
    """Return the inputs or outputs of a specification, or None if it does not name them."""
    return specification.dependencies if side == "input" else specification.outputs


def pairs(subject: StepUnderCheck) -> Iterator[Pair]:
    """Yield the pairs whose specification is bound to the pair's contract, or to no known one."""
    for pair in subject.pairs:
        bound = pair.specification.contract
        if bound is None or bound.path in (None, pair.contract.path):
            yield pair


def missing_from_specifications(subject: StepUnderCheck, side: Side) -> Iterator[Missing]:
    """Yield the entries of a contract that none of its specifications names, or none of those for one job type."""
    groups: dict[int, list[Pair]] = {}
    for pair in pairs(subject):
        groups.setdefault(id(pair.contract), []).append(pair)
    for group in groups.values():
        contract = group[0].contract
        named = {
            id(pair.specification): (pair.specification, table)
            for pair in group
            if (table := of_specification(pair.specification, side)) is not None
        }
        declared = of_contract(contract, side)
        note_question(len(declared or ()))
        if not named or len(named) != len(group):
            unnamed = next(pair.specification for pair in group if id(pair.specification) not in named)
            note_unknown(Reason.UNDECLARED, unnamed.place, what=f"{side}s")
            continue
        if not all_closed(*(table for _, table in named.values())):
            continue
        skipped = {text.value for text in contract.skipped_inputs or ()}
        for entry in declared or ():
            if entry.name.value not in skipped:
                yield from _missing(entry, list(named.values()), declared, side)


def _missing(
    entry: Entry[Any], named: list[tuple[Specification, Table[Any]]], ours: Table[Any] | None, side: Side
) -> Iterator[Missing]:
    """Yield the entry if all specifications lack it, or all for one job type."""
    name = entry.name.value
    having = {one.job_type for one, table in named if name in table}
    lacking = [(one, table) for one, table in named if one.job_type not in having]
    if not lacking:
        return
    tables = [table for _, table in lacking]
    related = [other_side(t.place, f"the {side}s of the specification") for t in tables]
    only = tuple(dict.fromkeys(one.name or one.job_type for one, _ in lacking)) if having else ()
    yield Missing(entry, closest(name, _unmatched(tables, ours)), tuple(related[:3]), only)


def missing_from_contract(subject: StepUnderCheck, side: Side) -> Iterator[Missing]:
    """Yield the entries of a specification that its contract does not name."""
    for pair in pairs(subject):
        declared, table = of_contract(pair.contract, side), of_specification(pair.specification, side)
        if table is None:
            continue
        note_question(len(table))
        if declared is None:
            note_unknown(Reason.UNDECLARED, pair.contract.place, what=f"{side}s")
            continue
        if not all_closed(declared):
            continue
        for entry in table:
            if entry.name.value not in declared:
                near = closest(entry.name.value, _unmatched([declared], table))
                related = other_side(declared.place, f"the {side}s of the contract")
                yield Missing(entry, near, (related,))


class LeftOut(Record):
    """A section that an artefact lacks and its other side has: where to add it, and the detail of the message."""

    place: Place
    detail: str
    related: tuple[Related, ...]


_KEYS = {
    "inputs": ("inputs", "expected_input_paths", "dependencies"),
    "outputs": ("outputs", "expected_output_paths"),
    "environment_variables": ("environment_variables", "env_vars", "environment", "required_env_vars"),
    "estimator_config": ("estimator_config", "estimator"),
}
"""The keys of a section, if it has several."""
_SECTIONS = {
    "contract": ("inputs", "outputs", "hyperparameters", "environment_variables"),
    "specification": ("estimator_config", "inputs", "outputs", "hyperparameters", "code_location"),
}


def left_out(
    subject: StepUnderCheck, section: str, *, of: Literal["contract", "specification"]
) -> Iterator[LeftOut]:
    """Yield the artefacts that lack only this section, if the other side declares names in it.

    An artefact that lacks others too declares only a part of its step.
    """
    for pair in pairs(subject):
        sides: dict[str, Contract | Specification] = {
            "contract": pair.contract,
            "specification": pair.specification,
        }
        ours = sides.pop(of)
        ((other, theirs),) = sides.items()
        lacking = [name for name in _SECTIONS[of] if not any(key in ours.raw for key in _keys(name))]
        if ours.format is not Format.TABLE or not ours.raw.closed or lacking != [section]:
            continue
        declared = first(theirs.raw, *_keys(section))
        if isinstance(declared, Table | Listing) and len(declared):
            related = other_side(declared.place, f"the {section} of the {other}")
            yield LeftOut(ours.place, f"the {of} has no {section}", (related,))


def _keys(section: str) -> tuple[str, ...]:
    return _KEYS.get(section, (section,))


def _unmatched(tables: Iterable[Table[Any]], other: Table[Any] | None) -> list[str]:
    """Return the names in the tables that the other side lacks: candidates for a misspelt name there."""
    return [name for table in tables for name in table.names if other is None or name not in other]


def unknown_direct_inputs(subject: StepUnderCheck) -> Iterator[tuple[Text, str]]:
    """Yield each direct input that a step file lists and does not declare, with the detail of the message."""
    step_file = subject.reading.step_file
    patterns = step_file.patterns if step_file is not None else None
    listed = patterns.get("direct_input_keys") if patterns is not None else None
    tables = [t for p in subject.pairs for t in (p.contract.inputs, p.specification.dependencies)]
    if not isinstance(listed, Listing) or not tables or any(t is None or not t.closed for t in tables):
        return
    known = dict.fromkeys(name for table in tables if table is not None for name in table.names)
    keys = [item for item in listed if isinstance(item, Scalar) and isinstance(item.value, str)]
    left = [name for name in known if all(key.value != name for key in keys)]
    for key in keys:
        if isinstance(key.value, str) and key.value not in known:
            near = closest(key.value, left)
            if near:
                hint = did_you_mean(near)
            else:
                hint = f", the step has {', '.join(left)}" if left else ""
            yield Located(key.value, key.place), f"{key.value}, listed in direct_input_keys{hint}"
