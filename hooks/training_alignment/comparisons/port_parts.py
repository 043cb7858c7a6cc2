"""Ports of a contract that lack a part that its other ports have: the type, the path or the location.

A contract that declares no such part at all leaves it to another artefact. An input may take its location from an
upstream step, and a port that lacks two of them is written in a shorter form. Only contracts as tables are in scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from training_alignment.artefacts.model import Format, Port, Specification
from training_alignment.artefacts.tree import Entry, Place, Scalar, Table
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.misspelt_keys import PORT_KEYS, misspelt_in
from training_alignment.comparisons.ports import Side
from training_alignment.comparisons.step_subject import StepUnderCheck


def incomplete_ports(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rules TRN214 and TRN412: ports without a path, and inputs without a location."""
    for side in ("input", "output"):
        for entry in _without(subject, side, _path):
            word = "destination" if side == "input" else "source"
            yield Declared("TRN214", entry.place, f"{entry.name.value} has no {word}")
    for place, detail in missing_locations(subject, "input"):
        yield Declared("TRN412", place, detail)


def missing_locations(subject: StepUnderCheck, side: Side) -> Iterator[tuple[Place, str]]:
    """Yield the ports without a place outside the container, each with the detail of the message."""
    word = "source" if side == "input" else "destination"
    for entry in _without(subject, side, _location):
        yield entry.place, f"{entry.name.value} has no {word}"


def missing_types(subject: StepUnderCheck, side: Side) -> Iterator[tuple[Place, str]]:
    """Yield the ports without a type, if a specification declares that side, each with the detail of the message."""
    if not any(_declares(one, side) for one in subject.reading.specifications):
        return
    for entry in _without(subject, side, _type):
        yield entry.place, f"{entry.name.value} has no type"


def _declares(specification: Specification, side: Side) -> bool:
    if side == "input":
        return specification.listed_inputs is not None or specification.dependencies is not None
    return specification.listed_outputs is not None or specification.outputs is not None


def _without(
    subject: StepUnderCheck, side: Side, part: Callable[[Port], Scalar | None]
) -> Iterator[Entry[Port]]:
    """Yield the ports without a part that another port of their side has, or for a single port all of the other."""
    for contract in subject.contracts if subject.is_training else ():
        if contract.format is not Format.TABLE:
            continue
        sides = {"input": tuple(contract.inputs or ()), "output": tuple(contract.outputs or ())}
        ports = sides.pop(side)
        (opposite,) = sides.values()
        for entry in ports:
            node = entry.value.node
            if part(entry.value) is not None or not isinstance(node, Table) or not node.closed:
                continue
            if sum(other(entry.value) is None for other in (_type, _path, _location)) > 1:
                continue  # the port is written in a shorter form
            if any(misspelt_in(node, PORT_KEYS)):
                continue  # TRN002 reports the key
            others = [other for other in ports if other is not entry]
            if others:
                is_usual = any(part(other.value) is not None for other in others)
            else:
                is_usual = bool(opposite) and all(part(other.value) is not None for other in opposite)
                is_usual = is_usual and not (side == "input" and part is _location)
            if is_usual:
                yield entry


def _path(port: Port) -> Scalar | None:
    return port.path


def _location(port: Port) -> Scalar | None:
    return port.location


def _type(port: Port) -> Scalar | None:
    return port.type
