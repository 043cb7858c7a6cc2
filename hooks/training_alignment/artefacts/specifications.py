"""Specifications, built from the tree of any format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from training_alignment.artefacts.flows import DEPENDENCIES, flows_in, is_flow
from training_alignment.artefacts.model import Bound, Dependency, Format, Output, Specification, Text
from training_alignment.artefacts.sections import a_scalar, a_table, entries_of, first, texts, wrong
from training_alignment.artefacts.step_types import names_of, split_job_type
from training_alignment.artefacts.tree import (
    UNKNOWN,
    Call,
    Entry,
    Listing,
    Located,
    Name,
    Node,
    Place,
    Scalar,
    Table,
    is_absent,
)

T = TypeVar("T")

MARKS = frozenset(
    {
        "step_name",
        "step_type",
        "node_type",
        "estimator_config",
        "estimator",
        "code_location",
        "dependencies",
        "inputs",
        "outputs",
        "hyperparameters",
        "script_contract",
    }
)
"""Keys of a specification; a table with none of them is no specification."""


def is_specification_class(name: str) -> bool:
    """Return whether a class is named like a class of step specifications."""
    return name in ("StepSpecification", "TrainingStepSpecification", "StepSpec", "TrainingStepSpec")


def specification(
    table: Table[Node],
    *,
    name: str = "",
    place: Place | None = None,
    form: Format,
    contract: Bound | None = None,
    base_name: str = "",
    variant: str = "",
) -> Specification:
    """Return the specification that a table defines. Raises `ReadError` for a part of the wrong kind.

    ``base_name`` and ``variant`` are the step and the job type if something outside the table declares them.
    """
    stated, step_type = names_of(table, form)
    step_name, base, job_type = _step_name(stated)
    if variant:
        base, job_type = base_name or base, variant
    inside = table.get("dependencies")
    if inside is not None and is_flow(DEPENDENCIES, inside):
        inside = None
    inputs = inside if inside is not None else table.get("inputs")
    return Specification(
        name=name,
        place=place or table.place,
        format=form,
        raw=table,
        step_name=step_name,
        base_name=base,
        job_type=job_type,
        step_type=step_type,
        node_type=_member(table.get("node_type")),
        contract=contract,
        dependencies=_named(inputs, "dependencies", _dependency),
        outputs=_named(table.get("outputs"), "outputs", _output),
        listed_inputs=_listed(inputs, "inputs"),
        listed_outputs=_listed(table.get("outputs"), "outputs"),
        hyperparameters=entries_of(table.get("hyperparameters"), "hyperparameters"),
        estimator=a_table(first(table, "estimator_config", "estimator"), "estimator_config"),
        code_location=a_scalar(table.get("code_location")),
        flows=flows_in(table),
    )


def _step_name(node: Node | None) -> tuple[Text | None, str, str]:
    """Return name, name without job type, and job type; ``get_step_type("Name", "training")`` defines both."""
    if isinstance(node, Call):
        arguments = [*node.positional, *(entry.value for entry in node.arguments)]
        words = [n.value for n in arguments if isinstance(n, Scalar) and isinstance(n.value, str)]
        if not words or len(words) != len(arguments):
            return None, "", ""
        job_type = words[1].lower() if len(words) > 1 else ""
        whole = f"{words[0]}_{job_type.capitalize()}" if job_type else words[0]
        return Located(whole, node.place), words[0], job_type
    if isinstance(node, Scalar) and isinstance(node.value, str):
        base, job_type = split_job_type(node.value)
        return Located(node.value, node.place), base, job_type
    return None, "", ""


def _member(node: Node | None) -> Scalar | None:
    """Return a member of an enumeration by its value: ``DependencyType.TRAINING_DATA`` is ``training_data``."""
    scalar = a_scalar(node)
    if scalar is not None and isinstance(scalar.value, Name):
        dotted = scalar.value.dotted.removesuffix(".value")
        owner, _, last = dotted.rpartition(".")
        if owner.rpartition(".")[2][:1].isupper() and last.isupper():  # a constant of a module is no member
            return Scalar(last.lower(), scalar.place)
    return scalar


def _is_bare(node: Node | None) -> bool:
    """Return whether a part lists only words, as in ``"inputs": ["TrainingInput"]``."""
    return isinstance(node, Listing) and all(isinstance(item, Scalar) for item in node) and len(node) > 0


def _listed(node: Node | None, subject: str) -> Listing[Text] | None:
    return texts(node, subject) if _is_bare(node) else None


def _named(node: Node | None, subject: str, read: Callable[[Entry[Node]], T]) -> Table[T] | None:
    """Return the dependencies or outputs that are declared one by one; None for a mere list of words."""
    table = None if _is_bare(node) else entries_of(node, subject)
    if table is None:
        return None
    entries = {entry.name.value: Entry(entry.name, read(entry)) for entry in table}
    return Table(entries, table.place, table.closed)


def _dependency(entry: Entry[Node]) -> Dependency:
    fields = _fields(entry.value, "a dependency")
    return Dependency(
        name=entry.name,
        place=entry.value.place if isinstance(entry.value, Call) else entry.name.place,
        type=_type(entry.value, fields, "dependency_type", "type"),
        required=_required(fields),
        compatible_sources=texts(fields.get("compatible_sources"), "compatible_sources"),
        semantic_keywords=texts(fields.get("semantic_keywords"), "semantic_keywords"),
        data_type=_member(fields.get("data_type")),
        node=entry.value,
    )


def _required(fields: Table[Node]) -> Scalar | None:
    """Return ``required`` as declared; unknown if a ``**spread`` may declare it."""
    scalar = a_scalar(fields.get("required"))
    return Scalar(UNKNOWN, fields.place) if scalar is None and not fields.closed else scalar


def _output(entry: Entry[Node]) -> Output:
    fields = _fields(entry.value, "an output")
    return Output(
        name=entry.name,
        place=entry.value.place if isinstance(entry.value, Call) else entry.name.place,
        type=_type(entry.value, fields, "output_type", "type"),
        property_path=a_scalar(fields.get("property_path")),
        aliases=texts(fields.get("aliases"), "aliases"),
        data_type=_member(fields.get("data_type")),
        node=entry.value,
    )


def _fields(node: Node, subject: str) -> Table[Node]:
    """Return the fields of one dependency or output: of a table or a call; a bare type has none."""
    if isinstance(node, Table):
        return node
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Scalar):
        plain = isinstance(node.value, str) or is_absent(node)
        return Table({}, node.place, closed=plain)
    raise wrong(node, subject, "a table")


def _type(node: Node, fields: Table[Node], *keys: str) -> Scalar | None:
    """Return the type of a dependency or output: a field, or the bare string (``"data": "TrainingInput"``)."""
    if isinstance(node, Scalar):
        return None if is_absent(node) else _member(node)
    return _member(first(fields, *keys))
