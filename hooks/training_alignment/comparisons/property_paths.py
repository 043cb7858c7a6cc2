"""Compares the property paths in specifications and flow tables with the steps that they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from flake8_training.sagemaker.artifact_types import MODEL
from flake8_training.sagemaker.properties import output_name, parse_path, property_path, step_kinds
from flake8_training.spelling import did_you_mean
from training_alignment.artefacts.model import Format, Output, StepKind, Text
from training_alignment.comparisons.declared_checks import Declared
from training_alignment.comparisons.flow_tables import PIPELINE_FLOW, flow_tables
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.steps.graph import Node, text_value
from training_alignment.steps.name_lookup import Meaning, Reference

_ANY_STEP = pattern(r"(?i)(?:upstream|previous|prior|source|data|input|processing)?_?step")
"""Placeholder names for the step before. Any other name must be a step's."""

_WHOLE = pattern(r"(?s)(?P<step>[\w -]+?)\.properties\.(?P<path>.+)")


_USUAL = {
    StepKind.TRAINING: "OutputDataConfig.S3OutputPath",
    StepKind.PROCESSING: "ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
    StepKind.TRANSFORM: "TransformOutput.S3OutputPath",
    StepKind.TUNING: "BestTrainingJob.TrainingJobName",
    StepKind.CREATE_MODEL: "ModelName",
}
"""The property path of an output, by kind of step; the model of a training step is at ``_MODEL``."""

_MODEL = "ModelArtifacts.S3ModelArtifacts"


class DataSource(NamedTuple):
    """``step.properties.path`` in a flow table.

    ``text`` is the step's name with its place; ``path`` is the part after ``properties.``; ``nodes`` are the steps
    that it may refer to, empty if they are unknown.
    """

    text: Text
    path: str
    nodes: tuple[Node, ...]


def data_sources(subject: StepUnderCheck) -> Iterator[DataSource]:
    """Yield the sources of data that a step's flow tables write as property paths."""
    graph = subject.repository.graph
    for table in flow_tables(subject, PIPELINE_FLOW):
        text = text_value(table.data_source)
        match = _WHOLE.fullmatch(text.value.strip()) if text is not None else None
        if text is None or match is None:
            continue
        nodes = graph.in_flow(text._replace(value=match["step"])).nodes
        if not nodes and _ANY_STEP.fullmatch(match["step"]):
            upstream = [
                ref
                for other in flow_tables(subject)
                for ref in map(graph.in_flow, other.upstream_steps or ())
            ]
            if all(reference.nodes for reference in upstream):
                nodes = tuple(node for reference in upstream for node in reference.nodes)
        yield DataSource(text, match["path"], nodes)


def unknown_sources(subject: StepUnderCheck) -> Iterator[Reference[Node]]:
    """Yield the steps in the ``data_source`` of a flow that the repository does not have."""
    for table in flow_tables(subject, PIPELINE_FLOW):
        text = text_value(table.data_source)
        match = _WHOLE.fullmatch(text.value.strip()) if text is not None else None
        if text is None or match is None or _ANY_STEP.fullmatch(match["step"]):
            continue
        named = subject.repository.graph.in_flow(text._replace(value=match["step"]))
        if named.meaning is Meaning.MISSING:
            yield named


def property_problems(subject: StepUnderCheck) -> Iterator[Declared]:
    """Yield the problems of rule TRN306 in a step's specifications and flow tables."""
    for specification in subject.reading.specifications:
        for entry in specification.outputs or ():
            text = text_value(entry.value.property_path)
            if text is not None and (wrong := _wrong(text.value, [subject.kind], entry.value)):
                yield Declared("TRN306", text.place, wrong)
            elif text is not None and specification.format is not Format.TABLE and _has_no_start(text.value):
                yield Declared(
                    "TRN306", text.place, f"{text.value}{did_you_mean(f'properties.{text.value}')}"
                )
    for source in data_sources(subject):
        kinds = [node.step.kind for node in source.nodes] or [StepKind.UNKNOWN]
        if wrong := _wrong(source.path, kinds):
            yield Declared("TRN306", source.text.place, wrong)


def _wrong(path: str, kinds: list[StepKind], output: Output | None = None) -> str:
    """Return why a path is wrong for every kind of step; empty if it is right for one, or unknown."""
    if any(mark in path for mark in "{}$%<>"):
        return ""
    if parse_path(path) is None:
        return f"{path} cannot be read as a path"
    names: list[str] = []
    for kind in dict.fromkeys(kinds):
        if kind is StepKind.UNKNOWN:
            names.extend(sorted(step_kinds()))
        else:
            names.append(kind.value)
    judged = [property_path(name, path) for name in names]
    if not judged or any(one.kind != "wrong" for one in judged):
        return ""
    near = next((one.nearest for one in judged if one.nearest), None)
    if near is None and output is not None and len(names) == 1:
        near = _usual(kinds[0], output)
    hint = did_you_mean(near and f"properties.{near}")
    holder = f"a {names[0]} step" if len(names) == 1 else "no step"
    return f"{holder} has {'no ' if len(names) == 1 else ''}properties.{judged[0].detail or path}{hint}"


def _usual(kind: StepKind, output: Output) -> str | None:
    """Return the usual property path of an output of a kind of step, or None if the kind has none."""
    declared = text_value(output.type)
    if kind is StepKind.TRAINING and declared is not None and declared.value == MODEL:
        return _MODEL
    usual = _USUAL.get(kind)
    return usual.format(name=output.name.value) if usual is not None else None


def _has_no_start(path: str) -> bool:
    return not path.strip().startswith("properties") and parse_path(path) is not None


def named_output(path: str) -> str | None:
    """Return the output of a processing job that a path names, or None for another path."""
    segments = parse_path(path)
    return output_name(segments) if segments else None
