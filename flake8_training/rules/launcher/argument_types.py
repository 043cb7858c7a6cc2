"""Types of the arguments of processors, processing steps and conditions.

Source: botocore 1.44.8 ``CreateProcessingJob`` (``ContainerArguments``, ``ContainerEntrypoint``: lists of strings,
``Environment`` maps strings to strings, counts and sizes are integers), sagemaker 2.257.7 ``processing.py``
(``command + [...]``, ``code`` is no pipeline variable), ``model_metrics.py`` (``_to_request_dict``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Collection, Constant, LibraryObject, Value
from flake8_training.launcher import sdk_classes
from flake8_training.launcher.located_expressions import Argument
from flake8_training.rules.launcher.problem import Problem, at_argument

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface, SdkObject
    from flake8_training.rules.launcher.method_calls import MethodCall

ILL_TYPED = "an argument has the wrong type"
"""The clause with which the messages begin."""

_LISTS = {
    "ProcessingStep": ("inputs", "outputs", "job_arguments", "property_files"),
    "ConditionStep": ("conditions",),
}
_LISTS_OF_PROCESSOR = ("command", "entrypoint")
_LISTS_OF_RUN = ("inputs", "outputs", "arguments")
_STRINGS = ("arguments", "job_arguments")
"""Lists whose elements are strings."""
_PORTS = {"inputs": "a ProcessingInput", "outputs": "a ProcessingOutput"}
"""Lists whose elements are objects: ``TypeError: Your inputs must be provided as ProcessingInput objects.``"""
_INTEGERS = ("instance_count", "volume_size_in_gb", "max_runtime_in_seconds")
_TEXTS = ("instance_type", "image_uri", "base_job_name", "role")
_SWAPPED = ("instance_type", "instance_count")
_CODE = ("code", "submit_app")


def ill_typed_arguments(sdk_object: SdkObject) -> Iterator[Problem]:
    """Yield the arguments of an object's constructor that have certainly a wrong type."""
    is_processor = sdk_object.name.endswith("Processor")
    lists = _LISTS_OF_PROCESSOR if is_processor else _LISTS.get(sdk_object.name, ())
    for argument in sdk_object.arguments:
        if not argument.certain or argument.replaceable or argument.name in sdk_object.overridden:
            continue
        detail = _detail(argument, lists)
        if not detail and is_processor and not _is_one_of_swapped(sdk_object, argument):
            detail = _of_processor(argument)
        if not detail and sdk_object.name == "ModelMetrics":
            plain = [_plain_kind(value) for value in argument.values]
            detail = f"is {plain[0]}, not a MetricsSource" if plain and all(plain) else ""
        if detail:
            yield at_argument(
                sdk_object, argument, f"{argument.name} of {sdk_object.name} {detail}", ILL_TYPED
            )
    for name in _STRINGS:
        if (strings := sdk_object.get(name)) is not None and name in lists:
            yield from _elements(sdk_object.launcher, strings, sdk_object.node)
    for name in _PORTS if sdk_object.name == "ProcessingStep" else ():
        if (ports := sdk_object.get(name)) is not None and name not in sdk_object.overridden:
            yield from _no_ports(sdk_object.launcher, ports, sdk_object.node)
    environment = sdk_object.get("env")
    if is_processor and environment is not None and "env" not in sdk_object.overridden:
        for entry in sdk_object.launcher.reader.entries(environment.expression):
            shown = _number(entry) if entry.certain and not entry.replaceable else ""
            if shown:
                yield at_argument(
                    sdk_object, entry, f"{entry.name} of env is {shown}, not a string", ILL_TYPED
                )


def ill_typed_in_call(launcher: LauncherInterface, call: MethodCall) -> Iterator[Problem]:
    """Yield the arguments of a processor's ``run`` that have certainly a wrong type."""
    if call.method != "run":
        return
    for argument in call.arguments:
        if not argument.certain or argument.replaceable:
            continue
        detail = _detail(argument, _LISTS_OF_RUN)
        if not detail and argument.name in _CODE and _are_variables(argument):
            detail = "is a pipeline variable, not a path"
        if detail:
            at = launcher.own(argument.at, call.node)
            yield Problem(at, f"{argument.name} of run() {detail}", call.node, summary=ILL_TYPED)
        elif argument.name in _STRINGS:
            yield from _elements(launcher, argument, call.node)
        elif argument.name in _PORTS:
            yield from _no_ports(launcher, argument, call.node)


def _detail(argument: Argument, lists: tuple[str, ...]) -> str:
    """Return why an argument is certainly no list; else an empty string."""
    if argument.name not in lists:
        return ""
    found = [_no_list(value) for value in argument.values]
    return f"is {found[0]}, not a list" if found and all(found) else ""


def _no_list(value: Value) -> str:
    if isinstance(value, Constant):
        if value.value is None:
            return ""
        return "a string" if isinstance(value.value, str) else "no sequence"
    if isinstance(value, Collection):
        return "a dict" if isinstance(value.node, ast.Dict | ast.DictComp) else ""
    if not isinstance(value, LibraryObject):
        return ""
    owner, _, kind = value.name.removesuffix("()").rpartition(".")
    is_object = owner.startswith("sagemaker.") and "()" not in owner and kind[:1].isupper()
    return f"one {kind}" if is_object and not sdk_classes.is_variable(f"{owner}.{kind}") else ""


def _of_processor(argument: Argument) -> str:
    """Return why an argument of a processor is no number, or no string; else an empty string."""
    constants = [value.value if isinstance(value, Constant) else None for value in argument.values]
    if not constants or None in constants:
        return ""
    if argument.name in _INTEGERS and all(isinstance(one, str | float | bool) for one in constants):
        return f"is {constants[0]!r}, not an integer"
    if argument.name in _TEXTS and all(isinstance(one, int | float) for one in constants):
        return f"is {constants[0]!r}, not a string"
    return ""


def _is_one_of_swapped(sdk_object: SdkObject, argument: Argument) -> bool:
    """Return whether versions of SDK v2 differ in the argument that this position has.

    Source: sagemaker 2.100.0 and 2.200.0, ``sklearn/processing.py``: instance type and count have changed places.
    """
    is_positional = argument.at is argument.node
    return is_positional and sdk_object.name == "SKLearnProcessor" and argument.name in _SWAPPED


def _are_variables(argument: Argument) -> bool:
    values = argument.values
    return bool(values) and all(
        isinstance(value, LibraryObject) and sdk_classes.is_variable(value.name.removesuffix("()"))
        for value in values
    )


def _elements(launcher: LauncherInterface, argument: Argument, call: ast.Call) -> Iterator[Problem]:
    """Yield the elements of a list of strings that are certainly numbers or bools."""
    values = argument.values
    if len(values) != 1 or not argument.certain:
        return
    for element in launcher.elements(values[0]) or ():
        constants = [value.value if isinstance(value, Constant) else "" for value in element.values]
        if constants and all(isinstance(one, int | float) for one in constants):
            detail = f"an element of {argument.name} is {constants[0]!r}, not a string"
            yield Problem(launcher.own(element.node, call), detail, call, summary=ILL_TYPED)


def _no_ports(launcher: LauncherInterface, argument: Argument, call: ast.Call) -> Iterator[Problem]:
    """Yield the first element of a list of inputs or outputs that is certainly no object of the SDK."""
    values = argument.values
    if len(values) != 1 or not argument.certain or argument.replaceable:
        return
    for element in launcher.elements(values[0]) or ():
        found = [_plain_kind(value) for value in element.values]
        if found and all(found):
            detail = f"an element of {argument.name} is {found[0]}, not {_PORTS[argument.name]}"
            yield Problem(launcher.own(element.node, call), detail, call, summary=ILL_TYPED)
            return


def _plain_kind(value: Value) -> str:
    """Return what a plain value is called; empty for an object, or a value that may be one."""
    if isinstance(value, Constant):
        return "a string" if isinstance(value.value, str) else ""
    return "a dict" if isinstance(value, Collection) and isinstance(value.node, ast.Dict) else ""


def _number(entry: Argument) -> str:
    values = [value.value if isinstance(value, Constant) else None for value in entry.values]
    if not values or not all(isinstance(one, int | float) for one in values):
        return ""
    return repr(values[0])
