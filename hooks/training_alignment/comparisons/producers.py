"""Compares the types of outputs with the types of the inputs that they feed."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.record import Record
from flake8_training.sagemaker.artifact_types import is_class, plain_type, type_fits
from training_alignment.artefacts.model import Dependency, Output
from training_alignment.artefacts.tree import Place, Scalar
from training_alignment.steps.graph import Need, Node
from training_alignment.steps.graph import text_value as text_of
from training_alignment.steps.name_lookup import Meaning, Reference

_STRINGS = frozenset({"s3uri", "string"})
_NUMBERS = frozenset({"integer", "float"})


class Misfit(Record):
    """A source without an output of the type that an input takes; ``produced`` holds the types of its outputs."""

    source: Reference[Node]
    node: Node
    produced: tuple[str, ...]


def value_fits(wanted: str, offered: str) -> bool | None:
    """Return whether a value of one data type can be one of another; None if a type is unknown."""
    wanted, offered = wanted.lower(), offered.lower()
    if wanted == offered:
        return True
    groups = [_STRINGS, _NUMBERS, frozenset({"boolean"})]
    sides = [next((g for g in groups if name in g), None) for name in (wanted, offered)]
    return None if None in sides else sides[0] is sides[1]


def misfits(need: Need) -> tuple[list[Misfit], bool]:
    """Return the sources of an input without a fitting output, and whether the input has no other source."""
    dependency = need.dependency
    if dependency is None:
        return [], False
    found = [m for source in need.sources if (m := _misfit(need, dependency, source)) is not None]
    return found, bool(found) and need.closed and len(found) == len(need.sources)


def _misfit(need: Need, dependency: Dependency, source: Reference[Node]) -> Misfit | None:
    if not source.nodes or source.meaning is not Meaning.STEP:
        return None
    produced: list[str] = []
    for node in source.nodes:
        outputs = list(_outputs(node))
        if not outputs or any(_fits(dependency, output) is not False for output in outputs):
            return None
        produced.extend(text for output in outputs if (text := _unfitting_type(dependency, output)))
    return Misfit(source, source.nodes[0], tuple(dict.fromkeys(produced)))


def _outputs(node: Node) -> Iterator[Output]:
    """Yield the outputs of a node if all are known."""
    table = node.specification.outputs if node.specification is not None else None
    if table is not None and table.closed:
        yield from (entry.value for entry in table)


def _fits(dependency: Dependency, output: Output) -> bool | None:
    of_type = _both(dependency.type, output.type, type_fits)
    if of_type is False and _is_meant(dependency, output):
        of_type = None
    of_value = _both(dependency.data_type, output.data_type, value_fits)
    return False if of_type is False or of_value is False else True if of_type else None


def _is_meant(dependency: Dependency, output: Output) -> bool:
    """Return whether an output of a class of the SDK has the input's name; such an output may hold any content."""
    offered = text_of(output.type)
    names = {plain_type(text.value) for text in (output.name, *(output.aliases or ()))}
    return offered is not None and is_class(offered.value) and plain_type(dependency.name.value) in names


def _both(wanted: Scalar | None, offered: Scalar | None, fits: object) -> bool | None:
    one, other = text_of(wanted), text_of(offered)
    if one is None or other is None or not callable(fits):
        return None
    judged: bool | None = fits(one.value, other.value)
    return judged


def _unfitting_type(dependency: Dependency, output: Output) -> str:
    """Return the type of an output that does not fit: its type, or its data type if the type fits."""
    of_type = _both(dependency.type, output.type, type_fits)
    text = text_of(output.type if of_type is False else output.data_type)
    return text.value if text is not None else ""


def wanted_by(misfit: Misfit, dependency: Dependency) -> str:
    """Return the type or data type of an input that the outputs do not fit."""
    by_type = [text_of(output.type) for output in _outputs(misfit.node)]
    wanted = text_of(dependency.type)
    if wanted is not None and any(
        t is not None and type_fits(wanted.value, t.value) is False for t in by_type
    ):
        return wanted.value
    data = text_of(dependency.data_type)
    return data.value if data is not None else ""


def outputs_place(node: Node) -> Place:
    """Return the place of a node's outputs, of its specification or contract, or else of its first file."""
    specification = node.specification
    if specification is not None:
        return specification.outputs.place if specification.outputs is not None else specification.place
    if node.reading.contract is not None:
        return node.reading.contract.place
    return Place(next(iter(node.step.paths), "."), 1, 1)
