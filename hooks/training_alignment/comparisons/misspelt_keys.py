"""Misspelt keys of contracts, specifications and flows.

A reader of such an artefact skips an unknown key or rejects the whole artefact; either way it loses the value. An
unknown key counts as a misspelling only if the key that it resembles is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.contracts import MARKS as CONTRACT_KEYS
from training_alignment.artefacts.flows import FLOW_MARKS
from training_alignment.artefacts.specifications import MARKS as SPECIFICATION_KEYS
from training_alignment.artefacts.tree import Call, Entry, Node, Table
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.step_subject import StepUnderCheck

_OF_BOTH = frozenset(
    {"description", "name", "step_name", "step_type", "source_dir", "framework", "skip_inputs"}
)
PORT_KEYS = frozenset({"type", "path", "source", "destination", "required", "channels", "description"})
_DEPENDENCY_KEYS = frozenset(
    {
        "logical_name",
        "dependency_type",
        "type",
        "required",
        "compatible_sources",
        "semantic_keywords",
        "data_type",
    }
) | {"description"}
_OUTPUT_KEYS = frozenset(
    {"logical_name", "output_type", "type", "aliases", "property_path", "semantic_keywords", "data_type"}
) | {"description"}
_STEP_FILE_KEYS = frozenset(
    {"step_type", "node_type", "registry", "patterns", "compute", "contract", "spec", "variants"}
)


def misspelt_keys(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rule TRN002 in the keys of a step's artefacts."""
    reading = subject.reading
    if reading.step_file is not None:
        yield from _misspellings([reading.step_file.raw], _STEP_FILE_KEYS)
    for contract in subject.contracts or reading.contracts:
        yield from _misspellings([contract.raw], CONTRACT_KEYS | _OF_BOTH)
        for ports in (contract.inputs, contract.outputs):
            yield from _misspellings((entry.value.node for entry in ports or ()), PORT_KEYS)
    for specification in reading.specifications:
        yield from _misspellings([specification.raw], SPECIFICATION_KEYS | _OF_BOTH | FLOW_MARKS.keys())
        yield from _misspellings((e.value.node for e in specification.dependencies or ()), _DEPENDENCY_KEYS)
        yield from _misspellings((e.value.node for e in specification.outputs or ()), _OUTPUT_KEYS)
    flows = [*reading.flows, *(flow for s in reading.specifications for flow in s.flows)]
    for flow in {id(flow.raw): flow for flow in flows}.values():
        yield from _misspellings([flow.raw], FLOW_MARKS[flow.subject])


def _misspellings(nodes: Iterable[Node | None], known: frozenset[str]) -> Iterator[Declared]:
    for node in nodes:
        table = node.arguments if isinstance(node, Call) else node
        if isinstance(table, Table):
            for entry, meant in misspelt_in(table, known):
                yield Declared("TRN002", entry.place, f"unknown key {entry.name.value}{did_you_mean(meant)}")


def misspelt_in(table: Table[Node], known: frozenset[str]) -> Iterator[tuple[Entry[Node], str]]:
    """Yield the entries of a table that misspell a known key, which the table lacks, with that key."""
    missing = sorted(known - set(table.names))
    for entry in table:
        name = entry.name.value
        meant = closest(name, missing) if name not in known else None
        if meant is not None:
            yield entry, meant
