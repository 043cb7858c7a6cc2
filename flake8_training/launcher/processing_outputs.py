"""Paths into the properties of a step, and the outputs of a processing, Lambda or callback step."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Constant, LibraryObject, Value
from flake8_training.launcher.pipelines import elements_of
from flake8_training.launcher.processing_ports import OUTPUTS, ports_of
from flake8_training.launcher.sdk_objects import PropertyUse, Step
from flake8_training.sagemaker.properties import Segment

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface

# Methods of a property in Python: the call is not a part of the path.
_METHODS = frozenset({"to_string"})


def segments_of(launcher: LauncherInterface, use: PropertyUse) -> tuple[Segment, ...]:
    """Return the segments of a property path; an unknown index or key becomes a key of None."""
    found: list[Segment] = []
    for link in use.path:
        if isinstance(link, ast.Attribute):
            if link.attr in _METHODS or link.attr.startswith("_"):
                break
            found.append(Segment("attribute", link.attr))
            continue
        values = launcher.evaluator.values(link.slice, use.scope)
        value = values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None
        if isinstance(value, int) and not isinstance(value, bool):
            found.append(Segment("index", value))
        else:
            found.append(Segment("key", value if isinstance(value, str) else None))
    return tuple(found)


_OF_VALUE = ("output_name", "output_type")
NAMED = ("Lambda", "Callback")
"""The kinds of steps whose outputs are values, ``LambdaOutput`` and ``CallbackOutput``."""


def outputs_of(launcher: LauncherInterface, step: Step) -> list[str] | None:
    """Return the names of the outputs of a processing, Lambda or callback step; None if there may be others."""
    argument = step.get("outputs")
    if step.kind in NAMED:
        if argument is None or argument.expression.is_none:
            return None if step.arguments.open_ended else []
        elements = elements_of(launcher, argument) or ()
        names = [_name_of_value(launcher, value) for element in elements for value in element.values]
    else:
        if argument is None and step.kind == "Processing" and step.lacks("outputs", "step_args"):
            return []
        if argument is None:
            started = step.get("step_args")
            values = started.expression.values if started is not None else ()
            if len(values) != 1 or not isinstance(values[0], LibraryObject) or values[0].site is None:
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
        names = [port.name for port in ports_of(launcher, argument, OUTPUTS, step.node) or ()]
    if isinstance(argument.node, ast.List) and not argument.node.elts:
        return []
    known = [name for name in names if name is not None]
    # The SDK generates the name of an output without one.
    return known if known and len(known) == len(names) else None


def _name_of_value(launcher: LauncherInterface, value: Value) -> str | None:
    """Return the name of the output of a Lambda or callback step, or None."""
    if not isinstance(value, LibraryObject) or value.site is None or not value.name.endswith("Output()"):
        return None
    arguments = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, _OF_VALUE)
    name = arguments.only("output_name")
    return name.text if name is not None else None
