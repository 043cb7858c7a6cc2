"""Property files of processing steps, and the ``JsonGet`` functions that read them.

Source: sagemaker 2.257.7 ``workflow/functions.py: JsonGet``, ``workflow/properties.py: PropertyFile``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Constant, LibraryObject, Value
from flake8_training.launcher.located_expressions import Argument, Arguments
from flake8_training.launcher.pipelines import elements_of
from flake8_training.launcher.sdk_objects import Step
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.named_tuple import NamedTuple

if TYPE_CHECKING:
    from flake8_training.launcher import Launcher

_FUNCTION = ("step_name", "property_file", "json_path")
_FILE = ("name", "output_name", "path")
_MODULES = ("sagemaker.workflow.", "sagemaker.mlops.workflow.", "sagemaker.core.workflow.")


class PropertyFile(NamedTuple):
    """A property file: the call that constructs it, its name, its output and its path there; each None if unknown."""

    node: ast.Call | None
    name: str | None
    output: str | None
    path: str | None = None

    def is_same(self, other: PropertyFile) -> bool:
        """Return whether two are certainly one file: the same object, or one name."""
        return (self.node is not None and self.node is other.node) or bool(
            self.name and self.name == other.name
        )


class PropertyRead(NamedTuple):
    """A ``JsonGet`` of one property file of one step; ``json_path`` is None if it is not passed."""

    node: ast.Call
    step: Step
    wanted: Argument
    file: PropertyFile
    json_path: Argument | None


def property_reads(launcher: Launcher) -> Iterator[PropertyRead]:
    """Yield the ``JsonGet`` functions of a launcher whose step and property file are known."""
    for site in launcher.module.calls_by_name.get("JsonGet", ()):
        names = launcher.evaluator.names(site.node, site.scope)
        if not names or not all(name.startswith(_MODULES) for name in names):
            continue
        note_question()
        arguments = launcher.reader.arguments(site.node, site.scope, None, _FUNCTION)
        wanted = arguments.only("property_file")
        step = _step(launcher, arguments)
        if wanted is None or step is None or wanted.expression.is_none or step.arguments.open_ended:
            note_unknown(
                Reason.MAPPING if arguments.open_ended or (step and wanted) else Reason.SEVERAL, site.node
            )
            continue
        found = [property_file(launcher, value) for value in wanted.expression.values]
        if len(found) == 1 and found[0] is not None:
            yield PropertyRead(site.node, step, wanted, found[0], arguments.only("json_path"))
        else:
            note_unknown(Reason.COMPUTED, site.node, what="property_file")


def _step(launcher: Launcher, arguments: Arguments) -> Step | None:
    """Return the one step that ``JsonGet`` reads: by its object, its name, or ``step.name``; else None."""
    argument = arguments.only("step") or arguments.only("step_name")
    if argument is None:
        return None
    node = argument.node
    if isinstance(node, ast.Attribute) and node.attr == "name":
        held = launcher.constructions_in(launcher.reader.expression(node.value, argument.expression.scope))
    elif argument.text is not None:
        named = [(step, step.get("name")) for step in launcher.steps]
        if any(name is None or name.text is None for _, name in named):
            return None
        held = tuple(step for step, name in named if name is not None and name.text == argument.text)
    else:
        held = launcher.constructions_in(argument.expression)
    steps = [one for one in held if isinstance(one, Step) and one.local is None]
    return steps[0] if len(steps) == len(held) == 1 else None


def property_file(launcher: Launcher, value: Value) -> PropertyFile | None:
    """Return the property file that a value is, or whose name it is; None for any other value."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return PropertyFile(None, value.value, None)
    if (
        not isinstance(value, LibraryObject)
        or value.site is None
        or not value.name.endswith(".PropertyFile()")
    ):
        return None
    arguments = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, _FILE)
    name, output, path = (arguments.only(one) for one in _FILE)
    return PropertyFile(
        value.site.node,
        name.text if name else None,
        output.text if output else None,
        path.text if path else None,
    )


def files_of(launcher: Launcher, step: Step) -> list[PropertyFile] | None:
    """Return the property files that a step lists; None if there may be others."""
    attached = step.get("property_files")
    return _files(launcher, attached) if attached is not None else []


def _files(launcher: Launcher, argument: Argument) -> list[PropertyFile] | None:
    found = elements_of(launcher, argument)
    if found is None:
        return None
    files = [
        property_file(launcher, element.values[0]) if len(element.values) == 1 else None for element in found
    ]
    known = [one for one in files if one is not None]
    return known if len(known) == len(files) else None
