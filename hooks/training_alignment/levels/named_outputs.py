"""Outputs that property paths name, against those that the steps have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Related
from flake8_training.sagemaker.near import nearest
from training_alignment.artefacts.model import Output, Specification, Text
from training_alignment.levels.base import other_side
from training_alignment.levels.declared_paths import data_sources, named_output
from training_alignment.levels.producers import outputs_place
from training_alignment.levels.subject import StepSubject
from training_alignment.steps.graph import output_names, text_value

Problem = tuple[Text, str, tuple[Related, ...]]


def missing_outputs(subject: StepSubject) -> Iterator[Problem]:
    """Yield the property paths that lead to no output, or to another one than they are stated for."""
    for specification in subject.reading.specifications:
        if specification.outputs is not None and specification.outputs.closed:
            for entry in specification.outputs:
                yield from _of_output(subject, specification, entry.value)
    for source in data_sources(subject):
        named = named_output(source.path)
        if named is None or not source.nodes:
            continue
        known = [output_names(node) for node in source.nodes]
        if any(names is None for names in known):
            continue
        names = {name for outputs in known for name in outputs or ()}
        if named not in names:
            near = nearest(named, sorted(names))
            producers = ", ".join(dict.fromkeys(node.name for node in source.nodes))
            hint = f", did you mean {near}?" if near else ""
            side = other_side(outputs_place(source.nodes[0]), f"the outputs of {source.nodes[0].name}")
            yield source.text, f"{producers} gives no {named}{hint}", (side,)


def _of_output(subject: StepSubject, specification: Specification, output: Output) -> Iterator[Problem]:
    text = text_value(output.property_path)
    named = named_output(text.value) if text is not None else None
    if text is None or named is None or specification.outputs is None or named == output.name.value:
        return
    contract = subject.contract
    declared = contract.outputs if contract is not None else None
    if named in specification.outputs:
        other = specification.outputs.entries[named]
        detail = f"{output.name.value} is read from {named}, which is another output"
        yield text, detail, (other_side(other, f"the output {named}"),)
    elif (declared is None or declared.lacks(named)) and named not in _made(subject):
        known = list(dict.fromkeys([output.name.value, *(declared.names if declared is not None else ())]))
        near = nearest(named, known) or output.name.value
        yield (
            text,
            f"{named}, did you mean {near}?",
            (other_side(output.name, f"the output {output.name.value}"),),
        )


def _made(subject: StepSubject) -> set[str]:
    """The names that the builder gives to outputs where it writes them out."""
    builder = subject.reading.builder
    found: set[str] = set()
    for made in builder.made() if builder is not None else ():
        if made.name.rpartition(".")[2] == "ProcessingOutput":
            text = made.arguments.get("output_name")
            value = getattr(text, "value", None)
            if isinstance(value, str):
                found.add(value)
    return found
