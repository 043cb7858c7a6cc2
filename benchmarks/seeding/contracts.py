"""Faults in contracts."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.seeding.fault import fault
from benchmarks.seeding.files import CONTRACT, SCRIPT, Port, StepFiles
from benchmarks.seeding.trees import Entry, Value, misspelt

INPUTS = ("expected_input_paths", "inputs")
OUTPUTS = ("expected_output_paths", "outputs")
ARGUMENTS = ("expected_arguments", "arguments")


def _inputs(step: StepFiles) -> list[Port]:
    return list(step.ports(CONTRACT, *INPUTS))


def _outputs(step: StepFiles) -> list[Port]:
    return list(step.ports(CONTRACT, *OUTPUTS))


def _value(step: StepFiles, *names: str) -> Value | None:
    return step.value(CONTRACT).get(*names)


def _required_variables(step: StepFiles) -> Value | None:
    table = _value(step, "env_vars")
    return table.get("required") if table is not None else _value(step, "required_env_vars")


def _optional_variables(step: StepFiles) -> Value | None:
    table = _value(step, "env_vars")
    return table.get("optional") if table is not None else _value(step, "optional_env_vars")


@fault(CONTRACT, "TRN202, TRN202 specification, TRN201, TRN150 script, TRN162", "TRN151 TRN163 TRN303")
def an_input_renamed(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        yield port.renamed(misspelt(port.name))


@fault(CONTRACT, "TRN202, TRN202 specification, TRN150 script", "TRN163")
def an_input_dropped(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        yield port.dropped()


@fault(CONTRACT, "TRN201, TRN151", "TRN303")
def an_input_that_nothing_knows(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step)[:1]:
        start, end = port.entry.start, port.body.end
        text = port.table.text
        again = text[start:end].replace(port.name, "lookup_table")
        if port.path is not None:
            again = again.replace(port.path.word, "/opt/ml/input/data/lookup_table")
        between = text[end : port.table.entries[1].start] if len(port.table.entries) > 1 else ", "
        if port.table.node is None:
            between = (
                text[text.rfind("\n", 0, start) : start] if port.table.text[port.table.start] != "{" else ", "
            )
            again = again.rstrip()
        yield text[:start] + again + between + text[start:]


@fault(CONTRACT, "TRN214, TRN111, TRN162, TRN162 script", "TRN150 TRN151 TRN153")
def the_path_of_an_input_misspelt(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if port.path is not None:
            yield port.path.to(port.path.word.replace("/input", "/inputs", 1).replace("/code", "/coed", 1))


@fault(
    CONTRACT,
    "TRN162, TRN150 script, TRN162 script, TRN151, TRN408 builder, TRN409 builder",
    "TRN150 TRN151 TRN153",
)
def an_input_moved_to_another_channel(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if port.path is not None and port.path.word.startswith("/opt/ml/input/data/"):
            yield port.path.to("/opt/ml/input/data/elsewhere")


@fault(CONTRACT, "TRN214", "TRN150 TRN151 TRN162 TRN153")
def an_input_moved_out_of_the_input_folder(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if port.path is not None:
            yield port.path.to("/opt/ml/processing/input/data")


@fault(CONTRACT, "TRN162, TRN162 script", "TRN150 TRN151 TRN152 TRN153 TRN214")
def the_paths_of_two_inputs_swapped(step: StepFiles) -> Iterator[str | None]:
    # Only a script that uses the inputs by name can distinguish them.
    script = step.text(SCRIPT)
    paths = [port.path for port in _inputs(step) if port.path is not None and f'"{port.name}"' in script]
    if len(paths) > 1 and paths[0].word != paths[1].word:
        text = paths[0].text
        first, second = paths[0], paths[1]
        yield (
            text[: first.start]
            + text[second.start : second.end]
            + text[first.end : second.start]
            + text[first.start : first.end]
            + text[second.end :]
        )


@fault(CONTRACT, "TRN203, TRN203 specification", "TRN216 TRN304")
def the_type_of_an_input_changed(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if kind := port.said("type"):
            yield kind.to("ProcessingInput")


@fault(CONTRACT, "TRN216, TRN216 specification")
def an_input_no_longer_required(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step):
        if (required := port.said("required")) and required.scalar is True:
            yield required.to(False)


@fault(CONTRACT, "TRN205, TRN205 specification, TRN204, TRN153 script, TRN162", "TRN152 TRN163 TRN215")
def an_output_renamed(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        yield port.renamed(misspelt(port.name))


@fault(CONTRACT, "TRN205, TRN205 specification, TRN153 script", "TRN163")
def an_output_dropped(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        yield port.dropped()


@fault(CONTRACT, "TRN214, TRN111, TRN162, TRN162 script, TRN152", "TRN153 TRN304")
def the_path_of_an_output_misspelt(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if port.path is not None:
            yield port.path.to(misspelt(port.path.word))


@fault(CONTRACT, "TRN214", "TRN152 TRN153 TRN162 TRN304")
def an_output_moved_out_of_what_is_kept(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if port.path is not None:
            yield port.path.to("/tmp/model")


@fault(CONTRACT, "TRN206, TRN206 specification", "TRN305 TRN304")
def the_type_of_an_output_changed(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step):
        if kind := port.said("type"):
            yield kind.to("processing_output" if "_" in kind.word else "ProcessingOutput")


@fault(CONTRACT, "TRN154", "TRN419")
def a_required_variable_that_nothing_reads(step: StepFiles) -> Iterator[str | None]:
    if SCRIPT in step.paths and (required := _required_variables(step)) is not None:
        yield required.with_entry(None, "LABEL_COLUMN")


@fault(CONTRACT, "TRN154, TRN155 script", "TRN419")
def a_required_variable_renamed(step: StepFiles) -> Iterator[str | None]:
    required = _required_variables(step)
    for entry in required.entries if required is not None else ():
        yield entry.value.to(misspelt(entry.value.word))


@fault(CONTRACT, "TRN155 script", "TRN419")
def a_required_variable_dropped(step: StepFiles) -> Iterator[str | None]:
    required = _required_variables(step)
    for entry in required.entries if required is not None else ():
        yield required.without(entry) if required is not None else None


@fault(CONTRACT, "TRN155 script", "TRN419 TRN154")
def an_optional_variable_renamed(step: StepFiles) -> Iterator[str | None]:
    optional = _optional_variables(step)
    for entry in optional.entries if optional is not None else ():
        if entry.name and not entry.name.startswith("SM_"):
            yield entry.renamed(misspelt(entry.name))


@fault(CONTRACT, "TRN155 script")
def an_optional_variable_dropped(step: StepFiles) -> Iterator[str | None]:
    optional = _optional_variables(step)
    for entry in optional.entries if optional is not None else ():
        if optional is not None and entry.name and not entry.name.startswith("SM_"):
            yield optional.without(entry)


@fault(CONTRACT, "TRN156")
def an_argument_that_the_script_does_not_take(step: StepFiles) -> Iterator[str | None]:
    if SCRIPT in step.paths and (arguments := _value(step, *ARGUMENTS)) is not None:
        yield arguments.with_entry("rows-per-shard", "1000")


@fault(CONTRACT, "TRN156, TRN157 script")
def an_argument_renamed(step: StepFiles) -> Iterator[str | None]:
    arguments = _value(step, *ARGUMENTS)
    for entry in arguments.entries if arguments is not None else ():
        if entry.name:
            yield entry.renamed(misspelt(entry.name))


@fault(CONTRACT, "TRN157 script, TRN157")
def a_required_argument_dropped(step: StepFiles) -> Iterator[str | None]:
    arguments = _value(step, *ARGUMENTS)
    for entry in arguments.entries if arguments is not None else ():
        if arguments is not None and _is_required(step, entry.name or ""):
            yield arguments.without(entry)


def _is_required(step: StepFiles, name: str) -> bool:
    import ast

    source = step.source(SCRIPT)
    for call in source.all(ast.Call) if source else ():
        value = source.value(call) if source else None
        flags = [a.value for a in getattr(call, "args", []) if isinstance(a, ast.Constant)]
        if value and f"--{name}" in flags and (required := value.get("required")) and required.scalar is True:
            return True
    return False


@fault(CONTRACT, "TRN156, TRN157 script", "TRN157")
def a_job_argument_misspelt(step: StepFiles) -> Iterator[str | None]:
    arguments = _value(step, "job_arguments")
    for entry in arguments.entries if arguments is not None else ():
        if flag := entry.value.get("flag"):
            yield flag.to(misspelt(flag.word))


@fault(CONTRACT, "TRN417 contract, TRN417 configuration, TRN417 builder")
def the_source_of_a_job_argument_misspelt(step: StepFiles) -> Iterator[str | None]:
    arguments = _value(step, "job_arguments")
    for entry in arguments.entries if arguments is not None else ():
        if source := entry.value.get("source"):
            yield source.to(misspelt(source.word))


@fault(CONTRACT, "TRN160, TRN406 builder", "TRN004")
def the_entry_point_misspelt(step: StepFiles) -> Iterator[str | None]:
    if (point := _value(step, "entry_point")) is not None and point.word:
        stem = point.word.removesuffix(".py")
        yield point.to(misspelt(stem) + ".py")


@fault(CONTRACT, "TRN160, TRN406 builder", "TRN004")
def the_entry_point_in_another_folder(step: StepFiles) -> Iterator[str | None]:
    if (point := _value(step, "entry_point")) is not None and point.word:
        yield point.to("jobs/" + point.word)


def _needed(step: StepFiles) -> Iterator[tuple[Value, Entry]]:
    """Yield the requirements that the script imports and that no other requirement installs."""
    requirements, script = _value(step, "framework_requirements"), step.text(SCRIPT)
    for entry in requirements.entries if requirements is not None else ():
        brought = entry.name == "torch" and "lightning" in step.text(CONTRACT)
        if requirements is not None and entry.name in ("pandas", "xgboost", "torch") and not brought:
            if f"import {entry.name}" in script:
                yield requirements, entry


@fault(CONTRACT, "TRN161 script, TRN161")
def a_requirement_dropped(step: StepFiles) -> Iterator[str | None]:
    for requirements, entry in _needed(step):
        yield requirements.without(entry)


@fault(CONTRACT, "TRN161 script, TRN161, TRN125, TRN125 script")
def a_requirement_misspelt(step: StepFiles) -> Iterator[str | None]:
    for _, entry in _needed(step):
        yield entry.renamed(misspelt(str(entry.name)))


@fault(CONTRACT, "TRN208, TRN208 specification")
def a_hyperparameter_changed(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "hyperparameters")
    for entry in table.entries if table is not None else ():
        if isinstance(entry.value.scalar, int):
            yield entry.value.to(entry.value.scalar + 3)


@fault(CONTRACT, "TRN207, TRN207 specification, TRN158 script", "TRN209 TRN159")
def a_hyperparameter_dropped(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "hyperparameters")
    for entry in table.entries if table is not None else ():
        yield table.without(entry) if table is not None else None


@fault(CONTRACT, "TRN207, TRN207 specification, TRN158 script, TRN209", "TRN159 TRN207 TRN209 TRN158")
def a_hyperparameter_misspelt(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "hyperparameters")
    for entry in table.entries if table is not None else ():
        yield entry.renamed(misspelt(entry.name or ""))


@fault(CONTRACT, "TRN213")
def a_variable_of_the_framework_dropped(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "environment_variables")
    for entry in table.entries if table is not None else ():
        if table is not None and entry.name in ("FRAMEWORK", "MODEL_TYPE"):
            yield table.without(entry)


@fault(CONTRACT, "TRN125, TRN125 script, TRN420 builder", "TRN209 TRN420")
def another_framework(step: StepFiles) -> Iterator[str | None]:
    table = _value(step, "environment_variables")
    if table is not None and (framework := table.get("FRAMEWORK")) is not None:
        yield framework.to("pytorch" if framework.word == "xgboost" else "xgboost")


@fault(CONTRACT, "TRN002, TRN202, TRN202 specification, TRN150 script", "TRN153 TRN205")
def the_key_of_the_inputs_misspelt(step: StepFiles) -> Iterator[str | None]:
    if (entry := step.value(CONTRACT).entry(*INPUTS)) is not None and entry.value.entries:
        yield entry.renamed(misspelt(entry.name or ""))


@fault(CONTRACT, "TRN002, TRN205, TRN205 specification, TRN153 script", "TRN153 TRN205")
def the_key_of_the_outputs_misspelt(step: StepFiles) -> Iterator[str | None]:
    if (entry := step.value(CONTRACT).entry(*OUTPUTS)) is not None and entry.value.entries:
        yield entry.renamed(misspelt(entry.name or ""))


@fault(CONTRACT, "TRN002")
def a_name_twice(step: StepFiles) -> Iterator[str | None]:
    for port in _outputs(step)[:1]:
        start, end = port.entry.start, port.body.end
        text = port.table.text
        if port.table.node is None:
            between = text[text.rfind("\n", 0, start) : start]
            yield text[:start] + text[start:end].rstrip() + between + text[start:]
        else:
            yield f"{text[:start]}{text[start:end]}, {text[start:]}"


@fault(CONTRACT, "TRN002", "TRN004")
def a_bracket_left_open(step: StepFiles) -> Iterator[str | None]:
    for port in _inputs(step)[:1]:
        start = port.entry.start
        yield port.table.text[:start] + "[" + port.table.text[start:]
