"""Faults in specifications."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.seeding.fault import fault
from benchmarks.seeding.files import SPECIFICATION, Port, StepFiles
from benchmarks.seeding.trees import Value, misspelt

INPUTS = ("dependencies", "inputs")


def _inputs(step: StepFiles) -> list[Port]:
    return list(step.ports(SPECIFICATION, *INPUTS))


def _outputs(step: StepFiles) -> list[Port]:
    return list(step.ports(SPECIFICATION, "outputs"))


def _value(step: StepFiles, *names: str) -> Value | None:
    return step.value(SPECIFICATION).get(*names)


def _sources(port: Port) -> Value | None:
    return port.said("compatible_sources")


def _of(sources: Value, words: str) -> str:
    """Return the file with other sources; a block list may start at its key's column, a flow list may not."""
    return sources.replaced(words if sources.text[sources.start] == "[" else f"  {words}\n")


@fault(SPECIFICATION, "TRN202, TRN202 contract, TRN201, TRN201 contract", "TRN150 TRN303 TRN418")
def an_input_renamed(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        yield port.renamed(misspelt(port.name))


@fault(SPECIFICATION, "TRN201, TRN201 contract", "TRN303")
def an_input_dropped(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        yield port.dropped()


@fault(SPECIFICATION, "TRN203, TRN203 contract, TRN304", "TRN303")
def the_type_of_an_input_changed(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        kind = port.said("dependency_type", "type") or (port.body if port.body.word else None)
        if kind is None:
            continue
        if kind.word:
            yield kind.to("ProcessingInput" if "Input" in kind.word else "model_artifacts")
        elif kind.node is not None:
            start, _, _ = kind.text[kind.start : kind.end].rpartition(".")
            yield kind.replaced(f"{start}.MODEL_ARTIFACTS")


@fault(SPECIFICATION, "TRN216, TRN216 contract")
def an_input_that_the_contract_requires_made_optional(step: StepFiles) -> Iterator[str | None]:
    contract = {p.name: p.said("required") for p in step.ports("contract", "inputs")}
    for port in _inputs(step):
        stated = contract.get(port.name)
        if (
            (required := port.said("required"))
            and required.scalar is True
            and stated
            and stated.scalar is True
        ):
            yield required.to(False)


@fault(SPECIFICATION, "TRN301")
def a_source_misspelt(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        sources = _sources(port)
        for entry in sources.entries if sources is not None else ():
            yield entry.value.to(misspelt(entry.value.word))


@fault(SPECIFICATION, "TRN301", "TRN303")
def a_source_that_is_no_step(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if (sources := _sources(port)) is not None and sources.entries:
            yield sources.entries[0].value.to("InvoiceArchive")


@fault(SPECIFICATION, "TRN303")
def no_sources_for_a_required_input(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        sources, required = _sources(port), port.said("required")
        if sources is not None and sources.entries and (required is None or required.scalar is True):
            yield _of(sources, "[]")


@fault(SPECIFICATION, "TRN311, TRN304, TRN302", "TRN304 TRN302")
def a_step_that_waits_for_itself(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if (sources := _sources(port)) is not None and sources.entries:
            yield _of(sources, f'["{step.name}"]')


@fault(SPECIFICATION, "TRN205, TRN205 contract, TRN204, TRN204 contract", "TRN302 TRN307 TRN215")
def an_output_renamed(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        yield port.renamed(misspelt(port.name))


@fault(SPECIFICATION, "TRN204, TRN204 contract", "TRN302 TRN304 TRN305")
def an_output_dropped(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        yield port.dropped()


@fault(SPECIFICATION, "TRN206, TRN206 contract, TRN304, TRN304 other", "TRN304 TRN302 TRN305")
def the_type_of_an_output_changed(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        kind = port.said("output_type", "type") or (port.body if port.body.word else None)
        if kind is not None and kind.word and "/" not in kind.word:
            yield kind.to("hyperparameters" if "_" in kind.word else "ProcessingOutput")
        elif kind is not None and kind.node is not None:
            start, _, _ = kind.text[kind.start : kind.end].rpartition(".")
            yield kind.replaced(f"{start}.HYPERPARAMETERS")


@fault(SPECIFICATION, "TRN306")
def a_property_path_misspelt(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if path := port.said("property_path"):
            yield path.to(misspelt(path.word))


@fault(SPECIFICATION, "TRN306")
def a_property_of_another_kind_of_step(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if (path := port.said("property_path")) and "Processing" not in path.word:
            yield path.to(f"properties.ProcessingOutputConfig.Outputs['{port.name}'].S3Output.S3Uri")


@fault(SPECIFICATION, "TRN306")
def a_property_path_without_its_beginning(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if path := port.said("property_path"):
            yield path.to(path.word.removeprefix("properties."))


@fault(SPECIFICATION, "TRN307")
def a_property_path_with_another_output(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if (path := port.said("property_path")) and f"['{port.name}']" in path.word:
            yield path.to(path.word.replace(port.name, misspelt(port.name)))


@fault(SPECIFICATION, "TRN215")
def an_alias_equal_to_the_name(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if (aliases := port.said("aliases")) and aliases.entries:
            yield aliases.entries[0].value.to(port.name.upper())


@fault(SPECIFICATION, "TRN304", "TRN302")
def the_kind_of_data_changed(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if kind := port.said("data_type"):
            yield kind.to("Integer")


@fault(SPECIFICATION, "TRN312, TRN418 builder, TRN301, TRN301 other", "TRN301 TRN418 TRN305")
def the_name_of_the_step_misspelt(step: StepFiles) -> Iterator[str | None]:
    if (name := step.step_type) is not None and step.is_named_elsewhere(name.word):
        yield name.to(misspelt(name.word))


@fault(SPECIFICATION, "TRN210")
def a_setting_of_the_estimator_dropped(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "estimator_config")
    for entry in table.entries if table is not None else ():
        yield table.without(entry) if table is not None else None


@fault(SPECIFICATION, "TRN210, TRN211")
def a_setting_of_the_estimator_misspelt(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "estimator_config")
    for entry in table.entries if table is not None else ():
        yield entry.renamed(misspelt(entry.name or ""))


def _setting(step: StepFiles, *names: str) -> Value | None:
    table = _value(step, "estimator_config")
    return table.get(*names) if table is not None else None


@fault(SPECIFICATION, "TRN211")
def an_instance_type_misspelt(step: StepFiles) -> Iterator[str | None]:
    if kind := _setting(step, "instance_type"):
        yield kind.to(misspelt(kind.word))
        yield kind.to(kind.word.removeprefix("ml."))


@fault(SPECIFICATION, "TRN211")
def no_instance(step: StepFiles) -> Iterator[str | None]:
    if count := _setting(step, "instance_count"):
        yield count.to(0)


@fault(SPECIFICATION, "TRN211")
def a_run_time_beyond_the_limit(step: StepFiles) -> Iterator[str | None]:
    if run := _setting(step, "max_run"):
        yield run.to(3_600_000_000)
        yield run.to(0)


@fault(SPECIFICATION, "TRN211")
def a_volume_beyond_the_limit(step: StepFiles) -> Iterator[str | None]:
    if size := _setting(step, "volume_size_in_gb", "volume_size"):
        yield size.to(1_000_000)
        yield size.to(0)


@fault(SPECIFICATION, "TRN212")
def no_code_location(step: StepFiles) -> Iterator[str | None]:
    if (entry := step.value(SPECIFICATION).entry("code_location")) is not None:
        yield step.value(SPECIFICATION).without(entry)
        yield entry.value.to("")


@fault(SPECIFICATION, "TRN208, TRN208 contract")
def a_hyperparameter_changed(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "hyperparameters")
    for entry in table.entries if table is not None else ():
        if isinstance(entry.value.scalar, int | float):
            yield entry.value.to(entry.value.scalar * 2)


@fault(SPECIFICATION, "TRN207, TRN207 contract")
def a_hyperparameter_more(step: StepFiles) -> Iterator[str | None]:
    if (table := _value(step, "hyperparameters")) is not None:
        yield table.with_entry("min_child_weight", 2)


@fault(SPECIFICATION, "TRN207, TRN207 contract, TRN209", "TRN209")
def a_hyperparameter_misspelt(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "hyperparameters")
    for entry in table.entries if table is not None else ():
        yield entry.renamed(misspelt(entry.name or ""))


@fault(
    SPECIFICATION,
    "TRN201, TRN202, TRN204, TRN205, TRN202 contract, TRN418",
    "TRN418 TRN150 TRN153 TRN163 TRN162 TRN303",
)
def the_contract_of_another_step(step: StepFiles) -> Iterator[str | None]:
    yield from step.with_another_import(SPECIFICATION, "contract")


@fault(SPECIFICATION, "TRN002, TRN201, TRN201 contract, TRN302", "TRN303")
def the_key_of_the_inputs_misspelt(step: StepFiles) -> Iterator[str | None]:
    if (entry := step.value(SPECIFICATION).entry(*INPUTS)) is not None and entry.value.entries:
        yield entry.renamed(misspelt(entry.name or ""))


@fault(SPECIFICATION, "TRN002, TRN204, TRN204 contract, TRN302", "TRN303 TRN305")
def the_key_of_the_outputs_misspelt(step: StepFiles) -> Iterator[str | None]:
    if (entry := step.value(SPECIFICATION).entry("outputs")) is not None and entry.value.entries:
        yield entry.renamed(misspelt(entry.name or ""))
