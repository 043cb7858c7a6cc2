"""TRN307: a property path names an output that the producer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Related, Severity
from flake8_training.rules.rule import Example
from flake8_training.spelling import closest
from training_alignment.artefacts.model import Output, Specification, Text
from training_alignment.comparisons.producers import outputs_place
from training_alignment.comparisons.property_paths import data_sources, named_output
from training_alignment.comparisons.step_subject import StepUnderCheck, other_side
from training_alignment.rules.example_pipeline import OPTIONS, pipeline
from training_alignment.rules.step_rule import StepRule
from training_alignment.steps.graph import output_names, text_value


class OutputOfPropertyPathDoesNotExist(StepRule):
    """Reports `Outputs['name']` if the step has no output of that name, or if the path is another output's."""

    code = "TRN307"
    severity = Severity.ERROR
    between_steps = True
    summary = "a property path names an output that the producer does not have"
    why = """
        SageMaker looks up `ProcessingOutputConfig.Outputs['name']` by the name that the builder passes for the output,
        which is the logical name of the specification. A path with another name leads to no files, or to those of
        another output. SageMaker accepts the pipeline definition, and the execution fails at the step that reads the
        output.
    """
    fix = """
        Use the logical name of the output in its property path.
    """
    reported_when = (
        "the property path of an output names another output of the specification",
        "the property path of an output names no output of specification, contract or builder",
        "`data_source` of a `training_pipeline_flow` names an output that the step does not have",
    )
    not_reported_when = (
        "the path names no processing output, such as `ModelArtifacts.S3ModelArtifacts`",
        "the outputs of the specification or of the named step cannot be determined completely",
        "the builder constructs a `ProcessingOutput` with that `output_name`",
    )
    bad = Example(
        pipeline(
            producer=[
                ("Outputs['clean_data'].S3Output.S3Uri\",", "Outputs['cleaned'].S3Output.S3Uri\",  # TRN307"),
            ]
        ),
        options=OPTIONS,
    )
    good = Example(pipeline(), options=OPTIONS)

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding at each path whose output does not exist or is another one."""
        for where, detail, related in missing_outputs(subject):
            yield self.at(subject, where, detail, related)


Problem = tuple[Text, str, tuple[Related, ...]]


def missing_outputs(subject: StepUnderCheck) -> Iterator[Problem]:
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
            near = closest(named, sorted(names))
            producers = ", ".join(dict.fromkeys(node.name for node in source.nodes))
            hint = f", did you mean {near}?" if near else ""
            side = other_side(outputs_place(source.nodes[0]), f"the outputs of {source.nodes[0].name}")
            yield source.text, f"{producers} gives no {named}{hint}", (side,)


def _of_output(subject: StepUnderCheck, specification: Specification, output: Output) -> Iterator[Problem]:
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
    elif (declared is None or declared.lacks(named)) and named not in _constructed_outputs(subject):
        known = list(dict.fromkeys([output.name.value, *(declared.names if declared is not None else ())]))
        near = closest(named, known) or output.name.value
        yield (
            text,
            f"{named}, did you mean {near}?",
            (other_side(output.name, f"the output {output.name.value}"),),
        )


def _constructed_outputs(subject: StepUnderCheck) -> set[str]:
    """Return the output names that the builder passes to ``ProcessingOutput`` as constants."""
    builder = subject.reading.builder
    found: set[str] = set()
    for construction in builder.made() if builder is not None else ():
        if construction.name.rpartition(".")[2] == "ProcessingOutput":
            text = construction.arguments.get("output_name")
            value = getattr(text, "value", None)
            if isinstance(value, str):
                found.add(value)
    return found
