"""Faults in the declared flows between a step and its neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.seeding.fault import fault
from benchmarks.seeding.files import FLOW, StepFiles
from benchmarks.seeding.trees import Value, misspelt

DEPENDENCIES, PIPELINE, ARTIFACT = "dependencies", "training_pipeline_flow", "model_artifact_flow"


def _words(step: StepFiles, table: str, *names: str) -> Iterator[tuple[Value, Value]]:
    """Yield the strings of a list, each with the list."""
    for found in step.flow(table):
        words = found.get(*names)
        for entry in words.entries if words is not None else ():
            if words is not None:
                yield words, entry.value


def _text(step: StepFiles, table: str, name: str) -> Iterator[Value]:
    for found in step.flow(table):
        if (value := found.get(name)) is not None:
            yield value


@fault(FLOW, "TRN301", "TRN302 TRN303")
def an_upstream_step_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, word in _words(step, DEPENDENCIES, "upstream_steps"):
        yield word.to(misspelt(word.word))


@fault(FLOW, "TRN302", "TRN303")
def an_upstream_step_dropped(step: StepFiles) -> Iterator[str | None]:
    for words, word in _words(step, DEPENDENCIES, "upstream_steps"):
        if len(words.entries) > 1:
            yield words.without(next(entry for entry in words.entries if entry.value == word))


@fault(FLOW, "TRN302", "TRN303")
def an_artifact_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, word in _words(step, DEPENDENCIES, "input_artifacts"):
        yield word.to(misspelt(word.word))


@fault(FLOW, "TRN310")
def a_permission_dropped(step: StepFiles) -> Iterator[str | None]:
    for words, word in _words(step, DEPENDENCIES, "required_permissions"):
        yield words.without(next(entry for entry in words.entries if entry.value == word))


@fault(FLOW, "TRN310")
def a_permission_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, word in _words(step, DEPENDENCIES, "required_permissions"):
        yield word.to(misspelt(word.word))


@fault(FLOW, "TRN305")
def a_consumer_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, word in _words(step, DEPENDENCIES, "downstream_consumers"):
        yield word.to(misspelt(word.word))


@fault(FLOW, "TRN305")
def a_consumer_of_the_evaluation_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, word in _words(step, PIPELINE, "evaluation_consumers"):
        yield word.to(word.word.replace("-", "-m", 1))


@fault(FLOW, "TRN305")
def a_consumer_of_the_model_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, word in _words(step, ARTIFACT, "consumers"):
        yield word.to(misspelt(word.word))


@fault(FLOW, "TRN308")
def a_destination_that_is_no_location(step: StepFiles) -> Iterator[str | None]:
    for value in _text(step, PIPELINE, "model_destination"):
        yield value.to(value.word.replace("s3://", "s3:/"))
        yield value.to("models/")
        yield value.to("")


@fault(FLOW, "TRN308")
def the_destination_of_the_artifact_no_location(step: StepFiles) -> Iterator[str | None]:
    for value in _text(step, ARTIFACT, "destination"):
        yield value.to("/opt/ml/models")


@fault(FLOW, "TRN308")
def the_destination_dropped(step: StepFiles) -> Iterator[str | None]:
    for name, key in ((PIPELINE, "model_destination"), (ARTIFACT, "destination")):
        for found in step.flow(name):
            if (entry := found.entry(key)) is not None:
                yield found.without(entry)


@fault(FLOW, "TRN309")
def the_source_of_the_hyperparameters_misspelt(step: StepFiles) -> Iterator[str | None]:
    for value in _text(step, PIPELINE, "hyperparameter_source"):
        yield value.to(value.word.replace("_", "-") if "_" in value.word else misspelt(value.word))
        yield value.to("no-such-step")


@fault(FLOW, "TRN306")
def a_property_of_the_data_source_misspelt(step: StepFiles) -> Iterator[str | None]:
    for value in _text(step, PIPELINE, "data_source"):
        yield value.to(value.word.replace("S3Output.S3Uri", "S3Output.S3Url"))
        yield value.to(value.word.replace("ProcessingOutputConfig", "ProcessingOutputsConfig"))


@fault(FLOW, "TRN307")
def an_output_of_the_data_source_misspelt(step: StepFiles) -> Iterator[str | None]:
    for value in _text(step, PIPELINE, "data_source"):
        before, quote, rest = value.word.partition("['")
        if quote:
            name, _, after = rest.partition("']")
            yield value.to(f"{before}['{misspelt(name)}']{after}")


@fault(FLOW, "TRN304, TRN214, TRN111")
def the_source_of_the_artifact_misspelt(step: StepFiles) -> Iterator[str | None]:
    for value in _text(step, ARTIFACT, "source"):
        yield value.to("/opt/ml/models")
