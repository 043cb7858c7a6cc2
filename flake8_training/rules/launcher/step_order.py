"""Steps of a pipeline that read what another step writes, and do not wait for it.

Source: sagemaker 2.257.7 ``workflow/pipeline.py`` and the service: steps without a dependency run at once. A dependency
is ``depends_on``, or a property of the other step in the arguments; an S3 URI that both steps have is none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import LibraryObject, Unknown, Value, text
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.pipelines import (
    Pipeline,
    PipelineStep,
    added_dependencies,
    elements_of,
    expressions_in,
    name_of_step,
    parameter_of,
    step_of,
)
from flake8_training.launcher.processing_ports import INPUTS, OUTPUTS, port_of
from flake8_training.ledger import Reason, unknown_if
from flake8_training.named_tuple import NamedTuple
from flake8_training.rules.launcher.problem import Problem

ORDER = "a step does not wait for the step whose output it reads"
_OF_TRAINING = "TrainingInput"
_OF_PROCESSING = {"ProcessingInput": INPUTS, "ProcessingOutput": OUTPUTS}
_MOST_STEPS = 60
_MOST_NAMES = 4


class _Port(NamedTuple):
    """An S3 URI that a step reads or writes: its node, and its text with a mark for each part that is no string."""

    node: ast.AST
    uri: str


class _Ports(NamedTuple):
    step: PipelineStep
    reads: list[_Port]
    writes: list[_Port]
    waits_for: set[int | str]
    """The calls that construct the steps for which it waits, by ``id``, and the names of steps."""


def unordered_steps(launcher: Launcher, pipeline: Pipeline) -> Iterator[Problem]:
    """Yield the inputs of steps that are outputs of other steps, for which the step does not wait."""
    elements = pipeline.listed or ()
    if not 1 < len(elements) <= _MOST_STEPS:
        return
    marks: dict[Value | str, str] = {}
    known = [_ports(launcher, element, marks) for element in elements]
    ports = [one for one in known if one is not None]
    if not _add_later_ones(launcher, ports):
        return
    by_name: dict[str, int | str] = {str(one.step.name): id(one.step.node) for one in ports}
    waits = {id(one.step.node): {by_name.get(str(step), step) for step in one.waits_for} for one in ports}
    for reader in ports:
        for read in reader.reads:
            for writer in ports:
                if writer is reader or not any(_is_below(read.uri, one.uri) for one in writer.writes):
                    continue
                if unknown_if(
                    len(ports) != len(elements), Reason.MAPPING, pipeline.sdk_object.node, what="steps"
                ):
                    return
                if id(writer.step.node) not in _all_before(id(reader.step.node), waits):
                    detail = f"{reader.step.name} reads what {writer.step.name} writes"
                    step = launcher.own(reader.step.node, pipeline.sdk_object.node)
                    yield Problem(
                        launcher.own(read.node, step), detail, pipeline.sdk_object.node, summary=ORDER
                    )


def _add_later_ones(launcher: Launcher, ports: list[_Ports]) -> bool:
    """Add the steps for which ``add_depends_on`` lets others wait; return False if any step may wait for any other."""
    by_call = {id(one.step.node): one for one in ports}
    for added in added_dependencies(launcher):
        elements = elements_of(launcher, added.argument) if added.argument is not None else None
        for value in added.receivers:
            step = step_of(launcher, value)
            if unknown_if(
                elements is None or (step is None and isinstance(value, Unknown)),
                Reason.COMPUTED,
                added.node,
                what="add_depends_on",
            ):
                return False
            if step is None or id(step.node) not in by_call:
                continue
            waits_for = by_call[id(step.node)].waits_for
            for one in elements or ():
                named = name_of_step(launcher, one)
                waits_for.update([named] if named is not None else _steps_at(launcher, one))
    return True


def _all_before(first: int, waits: Mapping[int, set[int | str]]) -> set[int | str]:
    """Return the steps for which a step waits, by itself or because another one does."""
    found: set[int | str] = set()
    pending: list[int | str] = [first]
    while pending:
        step = pending.pop()
        new = waits.get(step, set()) - found if isinstance(step, int) else set()
        found |= new
        pending += new
    return found


def _is_below(path: str, folder: str) -> bool:
    """Return whether an S3 URI is another one, or in its folder; the whole bucket is no folder."""
    folder = folder.rstrip("/")
    inside = folder.removeprefix("s3://").partition("/")[2]
    return bool(inside) and f"{path}/".startswith(f"{folder}/")


def _ports(launcher: Launcher, element: LocatedExpression, marks: dict[Value | str, str]) -> _Ports | None:
    """Return what a step reads and writes, and for which steps it waits; None if it is unknown."""
    step = step_of(launcher, element.values[0]) if len(element.values) == 1 else None
    if step is None or step.name is None or step.arguments.open_ended:
        return None
    found = _Ports(step, [], [], set())
    before = step.arguments.only("depends_on")
    named = elements_of(launcher, before) if before is not None else ()
    if named is None or (before is None and not step.arguments.lacks("depends_on")):
        return None
    found.waits_for.update(name for one in named if (name := name_of_step(launcher, one)) is not None)
    for expression in expressions_in(launcher, [argument.expression for argument in step.arguments]):
        if any(map(_may_be_property, expression.values)):
            return None
        found.waits_for.update(_steps_at(launcher, expression))
        value = expression.values[0] if len(expression.values) == 1 else None
        if isinstance(value, LibraryObject) and value.site is not None:
            kind = value.name.removesuffix("()").rpartition(".")[2]
            if kind == "JsonGet":
                return None  # it waits for the step of a property file
            passed = _place_in_s3(launcher, expression, value, kind)
            uri = _uri(launcher, passed, marks) if passed is not None else ""
            if passed is not None and uri:
                ports = found.writes if _OF_PROCESSING.get(kind) is OUTPUTS else found.reads
                ports.append(_Port(passed.node, uri))
    return found


def _place_in_s3(
    launcher: Launcher, expression: LocatedExpression, value: LibraryObject, kind: str
) -> LocatedExpression | None:
    """Return the S3 URI of an input or output; None for another object, or if it is unknown."""
    site = value.site
    if site is None:
        return None
    if kind == _OF_TRAINING:
        arguments = launcher.reader.arguments(site.node, site.scope, value.frame, ("s3_data",))
        found = arguments.only("s3_data")
        return found.expression if found is not None else None
    side = _OF_PROCESSING.get(kind)
    port = port_of(launcher, expression, side, site.node) if side is not None else None
    return port.uri if port is not None else None


def _may_be_property(value: Value) -> bool:
    """Return whether a value may be a property of a step: a value from outside the program is none of its steps."""
    return isinstance(value, Unknown) and value.reason is not Reason.OUTSIDE


def _steps_at(launcher: Launcher, expression: LocatedExpression) -> Iterator[int]:
    """Yield the steps that an expression is, or of which it is a property."""
    node = expression.node
    while True:
        for value in launcher.reader.expression(node, expression.scope, expression.frame).values:
            step = step_of(launcher, value)
            if step is not None:
                yield id(step.node)
        if not isinstance(node, ast.Attribute | ast.Subscript):
            return
        node = node.value


def _uri(launcher: Launcher, expression: LocatedExpression, marks: dict[Value | str, str]) -> str:
    """Return an S3 URI, with one mark for each other value in it; empty if it is unknown."""
    values = expression.values
    if len(values) != 1:
        return ""
    value = values[0]
    parameter = parameter_of(launcher, value)
    if parameter is not None:
        return marks.setdefault(parameter.name, f"<{len(marks)}>") if parameter.name is not None else ""
    if isinstance(value, LibraryObject) and value.name.endswith(".Join()") and value.site is not None:
        passed = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, ("on", "values"))
        between, parts = passed.only("on"), passed.only("values")
        elements = elements_of(launcher, parts) if parts is not None else None
        strings = [_uri(launcher, one, marks) for one in elements or ()]
        known = between is not None and between.text is not None and strings and all(strings)
        return str(between.text).join(strings) if known and between is not None else ""
    whole = text(value)
    if whole is None or not any(isinstance(part, Unknown) for part in whole.parts):
        parts_of = whole.parts if whole is not None else ()
        return "".join(
            part if isinstance(part, str) else marks.setdefault(part, f"<{len(marks)}>") for part in parts_of
        )
    return _written_uri(expression.node, expression.scope, marks)


def _written_uri(node: ast.expr, scope: Scope, marks: dict[Value | str, str]) -> str:
    """Return an f-string with one mark for each variable that has one binding; empty for any other expression."""
    for _ in range(_MOST_NAMES):
        if not isinstance(node, ast.Name):
            break
        bound = scope.only_binding(node.id)
        if bound is None or bound.value is None or bound.steps:
            return ""
        node, scope = bound.value, bound.scope
    if not isinstance(node, ast.JoinedStr):
        return ""
    found = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            found += str(part.value)
            continue
        value = part.value if isinstance(part, ast.FormattedValue) and part.format_spec is None else None
        bound = scope.only_binding(value.id) if isinstance(value, ast.Name) else None
        if bound is None:
            return ""
        found += marks.setdefault(f"binding {id(bound.node)}", f"<{len(marks)}>")
    return found
