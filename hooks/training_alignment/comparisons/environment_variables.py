"""Compares the environment variables that a step's classes set with those that its script reads."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker.library_variables import is_read_by_libraries
from flake8_training.sagemaker.variables import who_sets
from flake8_training.spelling import closest
from training_alignment.artefacts.class_model import ClassHierarchy
from training_alignment.artefacts.model import Contract
from training_alignment.artefacts.tree import Entry, Node, table_of
from training_alignment.comparisons.step_subject import StepUnderCheck


class Set(NamedTuple):
    """A variable that a class sets: its entry, and the detail of the message."""

    entry: Entry[Node]
    detail: str


def declared_variables(contract: Contract) -> set[str]:
    """Return the names of all variables in a contract: required, optional, set, or in an ``env`` section."""
    names = {text.value for text in contract.required_variables or ()}
    sections = (entry.value for entry in contract.raw if "env" in entry.name.value.lower().split("_"))
    tables = (contract.optional_variables, contract.variables, *map(table_of, sections))
    return names | {entry.name.value for table in tables for entry in table or ()}


def set_by_classes(subject: StepUnderCheck) -> set[str]:
    """Return the names of the variables that the step's classes set in their own or inherited methods."""
    owners = (subject.reading.configuration, subject.reading.builder)
    return {
        entry.name.value
        for owner in owners
        if owner is not None
        for method in owner.family.methods()
        for entry in method.variables or ()
    }


def set_and_never_read(subject: StepUnderCheck) -> Iterator[Set]:
    """Yield the variables that the step's classes set, no contract declares and the script never reads.

    A variable that a base class sets is left out, because it may serve another step.
    """
    variables = subject.variables
    if variables is None or variables.open:
        return
    declared = {name for contract in subject.contracts for name in declared_variables(contract)}
    reading = subject.reading
    families = [one.family for one in (reading.configuration, reading.builder) if one is not None]
    set_names = {entry.name.value for family in families for _, entry in _own(family)}
    free = [read.name for read in variables.reads if read.name not in declared | set_names]
    seen: set[str] = set()
    for family in families:
        for method, entry in _own(family):
            name = entry.name.value
            if name in declared | seen or is_read_by_libraries(name) or who_sets(name) is not None:
                continue
            if variables.never_reads(name):
                seen.add(name)
                near = closest(name, free)
                hint = f", the script reads {near}" if near else ""
                yield Set(entry, f"{name}, set by {method} and not in the contract{hint}")


def _own(family: ClassHierarchy) -> Iterator[tuple[str, Entry[Node]]]:
    """Yield the variables that the class's own methods return, each with the method's name."""
    for method in family.own.methods:
        for entry in method.variables or ():
            yield method.name.value, entry
