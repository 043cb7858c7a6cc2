"""Faults in configuration classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.seeding.fault import fault
from benchmarks.seeding.files import BUILDER, CONFIGURATION, CONTRACT, StepFiles
from benchmarks.seeding.trees import Source, Value, misspelt


def _fields(step: StepFiles) -> Iterator[tuple[Source, ast.AnnAssign, str]]:
    source, found = step.source(CONFIGURATION), step.own_class(CONFIGURATION)
    if source is not None and found is not None:
        for node in found.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield source, node, node.target.id


def _default(step: StepFiles, *endings: str) -> Iterator[Value]:
    """Yield the constant defaults of fields with these name endings, plain or in a call of ``Field``."""
    for source, node, name in _fields(step):
        if name.endswith(endings) and node.value is not None:
            value = source.value(node.value)
            if isinstance(node.value, ast.Call):
                value = value.get("default") or (
                    source.value(node.value.args[0]) if node.value.args else value
                )
            if value.scalar is not None and value.scalar is not ...:
                yield value


def _read_by_builder(step: StepFiles, name: str) -> bool:
    return f"self.config.{name}" in step.text(BUILDER).replace(f"self.config.{name}_", "")


@fault(CONFIGURATION, "TRN417 builder, TRN417")
def a_field_renamed(step: StepFiles) -> Iterator[str | None]:
    for source, node, name in _fields(step):
        if _read_by_builder(step, name):
            start, end = source.span(node.target)
            yield source.text[:start] + misspelt(name) + source.text[end:]


@fault(CONFIGURATION, "TRN417 builder, TRN417")
def a_field_dropped(step: StepFiles) -> Iterator[str | None]:
    for source, node, name in _fields(step):
        if _read_by_builder(step, name):
            yield source.without(node)


@fault(CONFIGURATION, "TRN417")
def a_field_misspelt_in_a_method_of_its_own(step: StepFiles) -> Iterator[str | None]:
    source, found = step.source(CONFIGURATION), step.own_class(CONFIGURATION)
    names = {name for _, _, name in _fields(step)}
    if source is not None and found is not None:
        for node in source.all(ast.Attribute, within=found):
            if isinstance(node, ast.Attribute) and source.source(node.value) == "self" and node.attr in names:
                end = source.span(node)[1]
                yield f"{source.text[: end - len(node.attr)]}{misspelt(node.attr)}{source.text[end:]}"


def _variables(step: StepFiles) -> Iterator[tuple[Source, ast.Constant]]:
    source, found = step.source(CONFIGURATION), step.own_class(CONFIGURATION)
    declared = step.text(CONTRACT)
    for method in found.body if found is not None else ():
        if isinstance(method, ast.FunctionDef) and "environment" in method.name and source is not None:
            for node in source.all(ast.Constant, within=method):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper():
                    if f'"{node.value}"' in declared or f"{node.value}:" in declared:
                        yield source, node


def _required(step: StepFiles) -> set[str]:
    contract = step.value(CONTRACT)
    table = contract.get("env_vars")
    required = table.get("required") if table is not None else contract.get("required_env_vars")
    return {entry.value.word for entry in required.entries} if required is not None else set()


@fault(CONFIGURATION, "TRN419, TRN419 builder, TRN419 contract, TRN154", "TRN154")
def a_variable_misspelt(step: StepFiles) -> Iterator[str | None]:
    for source, node in _variables(step):
        yield source.value(node).to(misspelt(str(node.value)))


@fault(CONFIGURATION, "TRN419, TRN419 builder, TRN419 contract")
def a_required_variable_dropped(step: StepFiles) -> Iterator[str | None]:
    for source, node in _variables(step):
        for table in source.all(ast.Dict):
            value = source.value(table)
            entry = value.entry(str(node.value))
            if entry is not None and str(node.value) in _required(step):
                yield value.without(entry)


@fault(CONFIGURATION, "TRN211, TRN404")
def an_instance_type_that_there_is_not(step: StepFiles) -> Iterator[str | None]:
    for value in _default(step, "instance_type"):
        yield value.to(misspelt(value.word))


@fault(CONFIGURATION, "TRN211, TRN404")
def no_instance(step: StepFiles) -> Iterator[str | None]:
    for value in _default(step, "instance_count"):
        yield value.to(0)


@fault(CONFIGURATION, "TRN405")
def a_version_that_there_is_not(step: StepFiles) -> Iterator[str | None]:
    for value in _default(step, "framework_version"):
        yield value.to("0.9.9")


@fault(CONFIGURATION, "TRN405")
def a_python_that_the_framework_does_not_have(step: StepFiles) -> Iterator[str | None]:
    framework = step.text(BUILDER) + step.text(CONTRACT)
    for value in _default(step, "py_version"):
        if "PyTorch(" in framework or "sdk_class: PyTorch" in framework:
            yield value.to("py27")


@fault(CONFIGURATION, "TRN406, TRN406 builder")
def an_entry_point_that_there_is_not(step: StepFiles) -> Iterator[str | None]:
    for value in _default(step, "entry_point"):
        if value.word:
            yield value.to(misspelt(value.word.removesuffix(".py")) + ".py")


@fault(CONFIGURATION, "TRN406, TRN406 builder", "TRN407")
def a_source_folder_that_there_is_not(step: StepFiles) -> Iterator[str | None]:
    for value in _default(step, "source_dir"):
        if value.word:
            yield value.to(misspelt(value.word))
