"""Flows and requirements, built from the tree of any format."""

from __future__ import annotations

from training_alignment.artefacts.model import Flow, Requirement
from training_alignment.artefacts.sections import a_scalar, first, names, texts
from training_alignment.artefacts.tree import Listing, Node, Place, Scalar, Table

DEPENDENCIES = "dependencies"
PIPELINE_FLOW = "training_pipeline_flow"
ARTIFACT_FLOW = "model_artifact_flow"

FLOW_MARKS = {
    DEPENDENCIES: frozenset(
        {"upstream_steps", "input_artifacts", "required_permissions", "downstream_consumers"}
    ),
    PIPELINE_FLOW: frozenset(
        {"data_source", "model_destination", "evaluation_consumers", "hyperparameter_source"}
    ),
    ARTIFACT_FLOW: frozenset({"source", "destination", "consumers", "format"}),
}
"""Keys of which each flow has at least one (an artifact flow two, because its keys are common words)."""

REQUIRED_CONFIG = "required_config"
REQUIRED_METHODS = "required_methods"


def flow_subject(name: str) -> str | None:
    """Return the flow that a constant or key names (``training_pipeline_flow``, ``CHURN_DEPENDENCIES``), or None."""
    lower = name.lower()
    if lower == DEPENDENCIES or lower.endswith("_" + DEPENDENCIES):
        return DEPENDENCIES
    if lower.endswith("pipeline_flow"):
        return PIPELINE_FLOW
    return ARTIFACT_FLOW if lower.endswith(("artifact_flow", "artifacts_flow")) else None


def is_flow(subject: str, node: Node) -> bool:
    """Return whether a table has the keys of that flow."""
    if not isinstance(node, Table):
        return False
    count = sum(name in FLOW_MARKS[subject] for name in node.names)
    return count >= (2 if subject == ARTIFACT_FLOW else 1)


def flow(subject: str, table: Table[Node], place: Place | None = None) -> Flow:
    """Return the flow that a table defines. Raises `ReadError` for a part of the wrong kind."""
    return Flow(
        subject=subject,
        place=place or table.place,
        raw=table,
        upstream_steps=names(table.get("upstream_steps"), "upstream_steps"),
        input_artifacts=names(table.get("input_artifacts"), "input_artifacts"),
        required_permissions=texts(table.get("required_permissions"), "required_permissions"),
        downstream_consumers=names(table.get("downstream_consumers"), "downstream_consumers"),
        data_source=a_scalar(table.get("data_source")),
        source=a_scalar(table.get("source")),
        destination=a_scalar(first(table, "model_destination", "destination")),
        consumers=names(first(table, "evaluation_consumers", "consumers"), "consumers"),
        hyperparameter_source=a_scalar(table.get("hyperparameter_source")),
        format=a_scalar(table.get("format")),
    )


def flows_in(table: Table[Node]) -> tuple[Flow, ...]:
    """Return the flows in the sections of an artefact: of a whole file, of a specification or of a contract."""
    found: list[Flow] = []
    for entry in table:
        subject = flow_subject(entry.name.value)
        if subject and isinstance(entry.value, Table) and is_flow(subject, entry.value):
            found.append(flow(subject, entry.value, entry.place))
    return tuple(found)


def requirements_in(table: Table[Node]) -> tuple[Requirement, ...]:
    """Return the requirements on a builder in the sections of an artefact."""
    found: list[Requirement] = []
    for entry in table:
        subject = requirement_subject(entry.name.value)
        read = requirement(subject, entry.value, entry.place) if subject else None
        found.extend([read] if read is not None else [])
    return tuple(found)


def requirement_subject(name: str) -> str | None:
    """Return ``required_config`` or ``required_methods`` if a constant or key names one, else None."""
    lower = name.lower()
    for subject in (REQUIRED_CONFIG, REQUIRED_METHODS):
        if lower == subject or lower.endswith("_" + subject):
            return subject
    return None


def requirement(subject: str, node: Node, place: Place | None = None) -> Requirement | None:
    """Return the requirements on a builder in a table or list; None for any other node."""
    if subject == REQUIRED_CONFIG and isinstance(node, Table):
        return Requirement(subject, place or node.place, parameters=node)
    if isinstance(node, Listing) and all(
        isinstance(i, Scalar) and (isinstance(i.value, str) or not i.known) for i in node
    ):
        return Requirement(subject, place or node.place, names=texts(node, subject))
    return None
