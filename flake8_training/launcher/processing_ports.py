"""Inputs and outputs of processing jobs, as objects of the SDK in a list.

Source: sagemaker 2.257.7 ``processing.py: ProcessingInput, ProcessingOutput``, sagemaker-core 2.27.0 ``shapes.py``. In
SDK v3, an inner object (``s3_input``, ``s3_output``) has the path and the S3 URI.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.launcher.located_expressions import Argument, LocatedExpression
from flake8_training.launcher.pipelines import elements_of
from flake8_training.named_tuple import NamedTuple
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface


class ProcessingPort(Record):
    """An input or output of a processing job.

    ``path`` is its path in the container, None if it has none; ``name`` is its name, None if it is unknown; ``uri`` is
    its place in S3, None if it has none.
    """

    node: ast.AST
    path: LocatedExpression | None
    name: str | None
    uri: LocatedExpression | None = None


class Side(NamedTuple):
    """The inputs or the outputs: the names of a port's arguments in both SDKs."""

    paths: tuple[str, str]
    uris: tuple[str, str]
    name: str
    inner: str


INPUTS = Side(("destination", "local_path"), ("source", "s3_uri"), "input_name", "s3_input")
OUTPUTS = Side(("source", "local_path"), ("destination", "s3_uri"), "output_name", "s3_output")
_OTHER_SOURCES = ("dataset_definition", "app_managed")


def ports_of(
    launcher: LauncherInterface, argument: Argument, side: Side, call: ast.AST
) -> tuple[ProcessingPort, ...] | None:
    """Return the ports in a list that a call gets as an argument; None if there may be others."""
    elements = certain_elements_of(launcher, argument)
    if elements is None:
        return None
    found = [port_of(launcher, one, side, call) for one in elements]
    known = tuple(port for port in found if port is not None)
    return known if len(known) == len(found) else None


def certain_elements_of(
    launcher: LauncherInterface, argument: Argument
) -> tuple[LocatedExpression, ...] | None:
    """Return the elements of a list that is passed on every path; None if there may be others."""
    if not argument.expression.is_none and (not argument.certain or argument.replaceable):
        return None
    return elements_of(launcher, argument)


def port_of(
    launcher: LauncherInterface, expression: LocatedExpression, side: Side, call: ast.AST
) -> ProcessingPort | None:
    """Return the port that an expression is; None if it is unknown. ``call`` gets the port."""
    objects = launcher.constructions_in(expression)
    if len(objects) != 1 or len(expression.values) != 1 or objects[0].local is not None:
        return None
    one = objects[0]
    if one.arguments.open_ended or one.overridden:
        return None
    holder = one
    held = one.get(side.inner)
    if held is not None and not held.expression.is_none:
        below_it = launcher.constructions_in(held.expression)
        if len(below_it) != 1 or below_it[0].arguments.open_ended:
            return None
        holder = below_it[0]
    elif any(name in one.arguments for name in _OTHER_SOURCES):
        return None
    path, uri = (
        next((found for key in keys if (found := holder.arguments.only(key)) is not None), None)
        for keys in (side.paths, side.uris)
    )
    if path is not None and not (path.certain and not path.replaceable):
        return None
    named = one.arguments.only(side.name)
    node = launcher.own(path.at if path is not None else one.node, one.node)
    return ProcessingPort(
        launcher.own(node, call),
        path.expression if path is not None and not path.expression.is_none else None,
        named.text if named is not None else None,
        uri.expression if uri is not None and not uri.expression.is_none else None,
    )
