"""Compares the types of inputs and outputs in contract and specification.

A specification defines its inputs by name, each with a type, or lists bare words: types (``["TrainingInput"]``) or
names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from flake8_training.finding import Related
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.artifact_types import MODEL, is_class, job_of_type, same_type
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.model import Port, Text
from training_alignment.artefacts.tree import Listing, Located, Place, Scalar, Table, all_closed
from training_alignment.comparisons.ports import Side, of_contract, of_specification, pairs
from training_alignment.comparisons.step_subject import Pair, StepUnderCheck, other_side

Kind = Literal["type", "not in the specification", "not in the contract"]

OUTPUT_KINDS = frozenset({MODEL, "processing_output", "evaluation_output", "checkpoints"})
"""Kinds of artifacts that are no usual names of outputs: a bare word of these is a type."""


class Disagreement(Record):
    """A disagreement between contract and specification.

    ``place`` is the place to fix; ``detail`` is the detail of the message; ``related`` is the other side.
    """

    kind: Kind
    place: Place
    detail: str
    related: tuple[Related, ...]


def disagreements(subject: StepUnderCheck, side: Side) -> Iterator[Disagreement]:
    """Yield each disagreement of the step's contracts and specifications on a type, or on a bare name."""
    for pair in pairs(subject):
        declared = of_contract(pair.contract, side)
        if declared is None:
            continue
        specification = pair.specification
        listed = specification.listed_inputs if side == "input" else specification.listed_outputs
        if listed is not None:
            yield from _listed(declared, listed, side)
        else:
            yield from _named(subject, declared, pair, side)


def _named(subject: StepUnderCheck, declared: Table[Any], pair: Pair, side: Side) -> Iterator[Disagreement]:
    for entry in of_specification(pair.specification, side) or ():
        port = declared.get(entry.name.value)
        contracted, specified = _string(port.type if port is not None else None), _string(entry.value.type)
        if contracted is None and port is not None and subject.is_training and side == "output":
            contracted = _by_path(port)
        if port is not None:
            note_question()
        if contracted is None or specified is None:
            if port is not None:
                _note_type(entry.place, port.type, entry.value.type, entry.name.value)
            continue
        is_same = same_type(contracted.value, specified.value, subject.kind.value)
        if is_same is None:
            note_unknown(Reason.UNDECLARED, specified.place, what=entry.name.value)
        if is_same is False:
            detail = (
                f"{entry.name.value!r} has type {contracted.value} in the contract, {specified.value} here"
            )
            yield Disagreement("type", specified.place, detail, (other_side(contracted, contracted.value),))


def _note_type(place: Place, ours: Scalar | None, theirs: Scalar | None, name: str) -> None:
    """Note why the types of a port are not compared: one is unknown, or none declares it."""
    unknown = next((one for one in (ours, theirs) if one is not None and not one.known), None)
    if unknown is not None:
        note_unknown(Reason.COMPUTED, unknown.place, what=name)
    else:
        note_unknown(Reason.UNDECLARED, place, what=name)


def _by_path(port: Port) -> Text | None:
    """Return the type of an output without a declared one: ``/opt/ml/model`` holds a training job's model artifact.

    Return None for another path.
    """
    path = _string(port.path)
    if path is None or paths.normal_path(path.value) != paths.MODEL_DIR:
        return None
    return Located(MODEL, path.place)


def _listed(declared: Table[Any], listed: Listing[Text], side: Side) -> Iterator[Disagreement]:
    """Yield the disagreements of a contract with a list of bare words, each a type or a name."""
    words = {word.value for word in listed}
    types = {entry.name.value: _string(entry.value.type) for entry in declared}
    known = {text.value for text in types.values() if text is not None}
    open_type = any(e.value.type is not None and not e.value.type.known for e in declared)
    extra = [w for w in listed if w.value not in types and not any(_agree(w.value, t) for t in known)]
    lacking = [
        entry
        for entry in declared
        if entry.name.value not in words
        and ((of := types[entry.name.value]) is None or not any(_agree(word, of.value) for word in words))
    ]
    note_question(len(types))
    if open_type:
        note_unknown(Reason.COMPUTED, declared.place, what="type")
    all_closed(listed, declared)
    if open_type or not declared.closed:
        extra = []
    if not listed.closed:
        lacking = []
    there = (other_side(declared.place, f"the {side}s of the contract"),)
    for word in extra:
        if lacking and any(types[e.name.value] is not None for e in lacking):
            expected = sorted({t.value for e in lacking if (t := types[e.name.value]) is not None})
            yield Disagreement("type", word.place, f"{word.value}{_meant(word, expected, lacking)}", there)
        elif _is_type(word.value, side):
            detail = f"{word.value}, and no {side} of the contract is of that type"
            yield Disagreement("type", word.place, detail, there)
        else:
            near = closest(word.value, [e.name.value for e in lacking])
            hint = did_you_mean(near)
            yield Disagreement("not in the contract", word.place, f"{word.value}{hint}", there)
    if extra:
        return
    here = (other_side(listed.place, f"the {side}s of the specification"),)
    for entry in declared:
        declared_type = types[entry.name.value]
        if entry in lacking and (declared_type is None or side == "output"):
            if declared_type is not None or not any(_is_type(word, side) for word in words):
                yield Disagreement("not in the specification", entry.place, entry.name.value, here)
        elif entry in lacking or (
            declared_type is not None
            and not any(_agree(word, declared_type.value) for word in words)
            and _is_type(entry.name.value, side)
        ):
            assert declared_type is not None
            detail = f"{entry.name.value} is {declared_type.value}, the specification has {', '.join(sorted(words))}"
            yield Disagreement("type", declared_type.place, detail, here)


def _agree(word: str, declared_type: str) -> bool:
    """Return whether a bare word may mean a type: the same word, or a class beside a kind that it may hold."""
    if word == declared_type:
        return True
    one, other = (word, declared_type) if is_class(word) else (declared_type, word)
    is_mixed = job_of_type(one) is not None and not is_class(other)
    return is_mixed and same_type(word, declared_type) is not False


def _meant(word: Text, types: list[str], lacking: list[Any]) -> str:
    near = closest(word.value, types)
    if near:
        return did_you_mean(near)
    names = ", ".join(entry.name.value for entry in lacking)
    return f", the contract has {', '.join(types)} for {names}"


def _string(scalar: Scalar | None) -> Text | None:
    if scalar is None or not isinstance(scalar.value, str):
        return None
    return Located(scalar.value, scalar.place)


def _is_type(word: str, side: Side) -> bool:
    """Return whether a bare word is a type rather than a name."""
    return (
        word.endswith("Input") and word[:1].isupper()
        if side == "input"
        else word in OUTPUT_KINDS or job_of_type(word) is not None
    )
