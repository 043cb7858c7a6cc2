"""Property files that ``JsonGet`` reads from a step that does not have them.

Source: sagemaker 2.257.7 ``workflow/pipeline.py: _validate_json_get_property_file_reference`` and ``workflow/steps.py``
(only a ``ProcessingStep`` has property files).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_training.builder.given import Arguments, Given
from flake8_training.builder.made import Step
from flake8_training.builder.problem import Problem
from flake8_training.script.values import Constant, Made, Value

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

_FUNCTION = ("step_name", "property_file", "json_path")
_FILE = ("name", "output_name", "path")
_MODULES = ("sagemaker.workflow.", "sagemaker.mlops.workflow.", "sagemaker.core.workflow.")


class _File(NamedTuple):
    """A property file: the call that constructs it, its name and its output; each is None if unknown."""

    node: ast.Call | None
    name: str | None
    output: str | None


def missing_property_files(launcher: Launcher) -> Iterator[Problem]:
    """Yield the property files of ``JsonGet`` that the named step does not have."""
    for site in launcher.module.calls_by_name.get("JsonGet", ()):
        names = launcher.evaluator.names(site.node, site.scope)
        if not names or not all(name.startswith(_MODULES) for name in names):
            continue
        arguments = launcher.reader.arguments(site.node, site.scope, None, _FUNCTION)
        wanted = arguments.only("property_file")
        step = _step(launcher, arguments)
        if wanted is None or step is None or wanted.given.is_none or step.arguments.open_ended:
            continue
        found = [_file(launcher, value) for value in wanted.given.values]
        if len(found) == 1 and found[0] is not None:
            reason = _judged(launcher, step, found[0])
            if reason:
                yield Problem(launcher.own(wanted.node, site.node), reason, site.node)


def _step(launcher: Launcher, arguments: Arguments) -> Step | None:
    """Return the one step that ``JsonGet`` reads: by its object, its name, or ``step.name``; else None."""
    argument = arguments.only("step") or arguments.only("step_name")
    if argument is None:
        return None
    node = argument.node
    if isinstance(node, ast.Attribute) and node.attr == "name":
        held = launcher.constructions_in(launcher.reader.given(node.value, argument.given.scope))
    elif argument.text is not None:
        named = [(step, step.get("name")) for step in launcher.steps]
        if any(name is None or name.text is None for _, name in named):
            return None
        held = tuple(step for step, name in named if name is not None and name.text == argument.text)
    else:
        held = launcher.constructions_in(argument.given)
    steps = [one for one in held if isinstance(one, Step) and one.local is None]
    return steps[0] if len(steps) == len(held) == 1 else None


def _file(launcher: Launcher, value: Value) -> _File | None:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return _File(None, value.value, None)
    if not isinstance(value, Made) or value.site is None or not value.name.endswith(".PropertyFile()"):
        return None
    arguments = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, _FILE)
    name, output = arguments.only("name"), arguments.only("output_name")
    return _File(value.site.node, name.text if name else None, output.text if output else None)


def _judged(launcher: Launcher, step: Step, wanted: _File) -> str:
    if step.kind != "Processing":
        return f"a {step.name} has no property files"
    attached = step.get("property_files")
    files = _files(launcher, attached.given) if attached is not None else []
    if files is None:
        return ""
    mine = [one for one in files if wanted.node is one.node or (wanted.name and wanted.name == one.name)]
    if not mine:
        if any(one.name is None for one in files) or (wanted.name is None and files):
            return ""
        return f"the step has no property file {wanted.name or ''}".rstrip() + ", list it in property_files"
    outputs = _outputs(launcher, step)
    name = wanted.output or mine[0].output
    if outputs is None or name is None or name in outputs:
        return ""
    return f"the step has no output {name}, it has {', '.join(outputs) or 'none'}"


def _files(launcher: Launcher, expression: Given) -> list[_File] | None:
    found = _elements(launcher, expression)
    if found is None:
        return None
    files = [_file(launcher, element.values[0]) if len(element.values) == 1 else None for element in found]
    known = [one for one in files if one is not None]
    return known if len(known) == len(files) else None


def _outputs(launcher: Launcher, step: Step) -> list[str] | None:
    """Return the names of a processing step's outputs; None if there may be others."""
    argument = step.get("outputs")
    if argument is None:
        started = step.get("step_args")
        values = started.given.values if started is not None else ()
        if len(values) != 1 or not isinstance(values[0], Made) or values[0].site is None:
            return None
        call = values[0].site
        if not values[0].name.endswith(".run()") or any(k.arg is None for k in call.node.keywords):
            return None
        arguments = launcher.reader.arguments(call.node, call.scope, values[0].frame, ())
        if arguments.open_ended:
            return None  # positional, and the positions differ between the processors
        argument = arguments.get("outputs")
        if argument is None:
            return []
    found: list[str] = []
    for element in _elements(launcher, argument.given) or ():
        for value in element.values:
            if not isinstance(value, Made) or value.site is None or not value.name.endswith("Output()"):
                return None
            arguments_of_output = launcher.reader.arguments(
                value.site.node, value.site.scope, value.frame, ("source", "destination", "output_name")
            )
            name = arguments_of_output.only("output_name")
            if name is None or name.text is None:
                return None  # the SDK generates a name
            found.append(name.text)
    return found or None


def _elements(launcher: Launcher, expression: Given) -> list[Given] | None:
    values = expression.values
    return launcher.elements(values[0]) if len(values) == 1 else None
