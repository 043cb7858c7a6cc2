"""Where the inputs of a step come from, as contract and flow tables say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Entry, Listing
from training_alignment.levels.flow_tables import PIPELINE_FLOW, flow_tables, is_empty, is_left_out
from training_alignment.levels.subject import StepSubject


def unsupplied_inputs(subject: StepSubject, flow: Flow) -> Iterator[Entry[Any]]:
    """The inputs of a step whose dependencies certainly name no source, where the contract names no place either."""
    if not (is_left_out(flow, "upstream_steps", "input_artifacts") or _both_empty(flow)):
        return
    if any(not is_left_out(other, "data_source") for other in flow_tables(subject, PIPELINE_FLOW)):
        return
    contract = subject.contract
    if contract is not None and contract.inputs is not None:
        for entry in contract.inputs:
            port = entry.value
            optional = port.required is not None and port.required.value is not True
            if port.location is None and port.node is not None and not optional and not is_empty(port.node):
                yield entry


def _both_empty(flow: Flow) -> bool:
    """Whether steps and artifacts are lists without items, or one of them is and the other is not there."""
    listings: list[Listing[Any] | None] = [flow.upstream_steps, flow.input_artifacts]
    stated = [listing for listing in listings if listing is not None]
    return bool(stated) and flow.raw.closed and all(one.closed and not one.items for one in stated)
