"""Reads the flow tables of a step for the rules of level 3."""

from __future__ import annotations

from collections.abc import Iterator

from training_alignment.artefacts.flows import ARTIFACT_FLOW, DEPENDENCIES, PIPELINE_FLOW
from training_alignment.artefacts.model import Flow
from training_alignment.artefacts.tree import Place, all_closed, is_empty
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.steps.graph import flows

__all__ = [
    "ARTIFACT_FLOW",
    "DEPENDENCIES",
    "PIPELINE_FLOW",
    "flow_tables",
    "is_empty",
    "is_left_out",
    "is_reference",
    "written_or",
]


def flow_tables(subject: StepUnderCheck, *subjects: str) -> Iterator[Flow]:
    """Yield each flow table of a step once, or only those about ``subjects`` if any are passed."""
    seen: set[int] = set()
    for node in subject.nodes:
        for flow in flows(node):
            if id(flow) not in seen and (not subjects or flow.subject in subjects):
                seen.add(id(flow))
                yield flow


def is_left_out(flow: Flow, *keys: str) -> bool:
    """Return whether a table certainly has no value under any of the keys: absent, None or an empty string."""
    return all(is_empty(flow.raw.get(key)) for key in keys) and all_closed(flow.raw)


def written_or(flow: Flow, *keys: str) -> Place:
    """Return the place of the first of the keys that a table has, else of the table."""
    found = (flow.raw.entries[key].place for key in keys if key in flow.raw)
    return next(found, flow.place)


def is_reference(text: str) -> bool:
    """Return whether a string refers to a value of the pipeline: ``{bucket}``, ``${...}``, ``step.properties.X``."""
    return any(mark in text for mark in ("{", "}", "$", "<", ".properties", "%("))
