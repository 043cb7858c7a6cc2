"""Does a step take anything from another, as its own artefacts have it?"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from training_alignment.artefacts.model import StepKind
from training_alignment.artefacts.tree import Place
from training_alignment.levels.producers import MODEL, type_fits
from training_alignment.steps.graph import Node, StepGraph, text_value
from training_alignment.steps.step_names import Meaning

_TAKE_MODELS = (StepKind.CREATE_MODEL, StepKind.REGISTER_MODEL, StepKind.TRANSFORM)


class Nothing(NamedTuple):
    """Why a step takes nothing from another, and where it says so."""

    why: str
    place: Place


def takes_nothing(
    graph: StepGraph, node: Node, producers: Collection[Node], *, of_model: bool
) -> Nothing | None:
    """Why a node certainly takes nothing from the producers; None where it does, or may.

    ``of_model``: it is a model that it is said to take.
    """
    names = ", ".join(dict.fromkeys(producer.step.name for producer in producers))
    needs = graph.needs(node)
    ids = {id(producer) for producer in producers}
    if any(id(n) in ids for need in needs for source in need.sources for n in source.nodes):
        return None
    table = node.specification.dependencies if node.specification is not None else None
    contract = node.reading.contract
    if table is None and contract is not None and contract.inputs is not None:
        closed, count, place = contract.inputs.closed, len(contract.inputs), contract.inputs.place
        if closed and not count:
            return Nothing("takes no inputs", place)
    if table is not None and table.closed and not len(table) and contract is None and not node.step.partial:
        return Nothing("takes no inputs", table.place)
    told = [
        need for need in needs if need.dependency is None or need.dependency.compatible_sources is not None
    ]
    if needs and len(told) == len(needs) and all(need.closed and need.sources for need in needs):
        if all(source.nodes and source.meaning is Meaning.STEP for need in needs for source in need.sources):
            return Nothing(f"takes nothing from {names}", needs[0].place)
    if of_model and table is not None and table.closed and len(table) and node.step.kind not in _TAKE_MODELS:
        types = [text_value(entry.value.type) for entry in table]
        if all(t is not None and type_fits(MODEL, t.value) is False for t in types):
            return Nothing("takes no model artifact", table.place)
    return None
