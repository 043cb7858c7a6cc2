"""Compares the output names in property paths with the outputs of the steps that the paths lead to."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.model import Output, Specification
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.producers import outputs_place
from training_alignment.comparisons.property_paths import data_sources, named_output
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.steps.graph import output_names, text_value


def missing_outputs(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rule TRN307: paths that lead to no output, or to another one than they are stated for."""
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
            near = closest(named, sorted(names))
            producers = ", ".join(dict.fromkeys(node.name for node in source.nodes))
            hint = did_you_mean(near)
            side = other_side(outputs_place(source.nodes[0]), f"the outputs of {source.nodes[0].name}")
            yield Declared("TRN307", source.text.place, f"{producers} gives no {named}{hint}", (side,))


def _of_output(subject: StepUnderCheck, specification: Specification, output: Output) -> Iterator[Declared]:
    text = text_value(output.property_path)
    named = named_output(text.value) if text is not None else None
    if text is None or named is None or specification.outputs is None or named == output.name.value:
        return
    contract = subject.contract
    declared = contract.outputs if contract is not None else None
    if named in specification.outputs:
        other = specification.outputs.entries[named]
        detail = f"{output.name.value} is read from {named}, which is another output"
        yield Declared("TRN307", text.place, detail, (other_side(other, f"the output {named}"),))
    elif (declared is None or declared.lacks(named)) and named not in _constructed_outputs(subject):
        known = list(dict.fromkeys([output.name.value, *(declared.names if declared is not None else ())]))
        near = closest(named, known) or output.name.value
        side = other_side(output.name, f"the output {output.name.value}")
        yield Declared("TRN307", text.place, f"{named}{did_you_mean(near)}", (side,))


def _constructed_outputs(subject: StepUnderCheck) -> set[str]:
    """Return the output names that the builder passes to ``ProcessingOutput`` as constants."""
    builder = subject.reading.builder
    found: set[str] = set()
    for construction in builder.constructions() if builder is not None else ():
        if construction.name.rpartition(".")[2] == "ProcessingOutput":
            text = construction.arguments.get("output_name")
            value = getattr(text, "value", None)
            if isinstance(value, str):
                found.add(value)
    return found
