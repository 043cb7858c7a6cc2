"""Registries: tables of all steps of a repository, with their kinds."""

from __future__ import annotations

import sys

from training_alignment.artefacts.model import Registration, StepKind
from training_alignment.artefacts.step_types import kind_of_type
from training_alignment.artefacts.tree import Located, Node, Scalar, Table, table_of, text_of

MARKS = frozenset({"sagemaker_step_type", "builder_step_name", "spec_type"})
"""Keys of a registered step, of which it has at least one."""


def is_registry(node: Node) -> bool:
    """Return whether a table holds registered steps."""
    table = table_of(node)
    if table is None or not len(table):
        return False
    inner = [entry.value for entry in table if isinstance(entry.value, Table)]
    return bool(inner) and all(MARKS & set(one.names) for one in inner)


def registrations(table: Table[Node]) -> tuple[Registration, ...]:
    """Return the steps of a registry."""
    return tuple(registration(entry.name, entry.value) for entry in table if isinstance(entry.value, Table))


def registration(name: Located[str], table: Table[Node]) -> Registration:
    """Return the registration of one step."""
    step_type = table.get("sagemaker_step_type")
    kind = StepKind.UNKNOWN
    if isinstance(step_type, Scalar) and isinstance(step_type.value, str):
        kind = kind_of_type(step_type.value)
    return Registration(
        name=sys.intern(name.value),
        path=name.path,
        kind=kind,
        sagemaker_type=text_of(step_type),
        specification_type=_string(table.get("spec_type")),
        builder_class=_string(table.get("builder_step_name")),
        configuration_class=_string(table.get("config_class")),
    )


def _string(node: Node | None) -> str | None:
    text = text_of(node)
    return sys.intern(text.value) if text is not None else None
