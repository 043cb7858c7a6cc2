"""Pipelines of a launcher: their steps, their parameters, and everything that their definition contains."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from flake8_training.engine.values.values import Collection, LibraryObject, Reference, Values
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.record import Record
from flake8_training.sagemaker.signatures import signature

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface, SdkObject

PIPELINES: Final = frozenset(
    {"sagemaker.workflow.pipeline.Pipeline", "sagemaker.mlops.workflow.pipeline.Pipeline"}
)

BRANCHES: Final = ("if_steps", "else_steps", "for_each_body")
"""Arguments of steps that hold other steps."""

_STEP_MODULES = ("sagemaker.workflow.", "sagemaker.mlops.workflow.")
_VARIABLE_MODULES = ("sagemaker.workflow.", "sagemaker.core.workflow.")
_COLLECTIONS = frozenset({"ModelStep", "RegisterModel", "EstimatorTransformer"})
"""Collections of steps: the names of their steps begin with that of the collection."""

_PARAMETERS = frozenset({"ParameterString", "ParameterInteger", "ParameterFloat", "ParameterBoolean"})
_MOST_PARTS = 3_000
_MOST_NESTED = 8


class PipelineStep(Record):
    """A step of a pipeline: its short class name, the call that constructs it, and the arguments of the call."""

    kind: str
    node: ast.Call
    arguments: Arguments
    name: str | None


class PipelineParameter(Record):
    """A parameter of a pipeline; its name is None if it is unknown."""

    node: ast.Call
    name: str | None


class Pipeline(Record, slots=False, apart=("launcher",)):
    """A pipeline that a launcher constructs."""

    launcher: LauncherInterface
    sdk_object: SdkObject

    @cached_property
    def listed(self) -> tuple[LocatedExpression, ...] | None:
        """The elements of ``steps``; None if there may be others."""
        return self._elements("steps")

    @cached_property
    def declared(self) -> tuple[PipelineParameter, ...] | None:
        """The parameters that it declares; None if there may be others."""
        elements = self._elements("parameters")
        if elements is None:
            return None
        found: list[PipelineParameter] = []
        for element in elements:
            for value in element.values:
                parameter = parameter_of(self.launcher, value)
                if parameter is None:
                    return None
                found.append(parameter)
        return tuple(found)

    @cached_property
    def steps(self) -> tuple[PipelineStep, ...] | None:
        """The steps that it lists, with those of its conditions and loops; None if there may be others."""
        return None if self.listed is None else _all_steps(self.launcher, self.listed, 0)

    def has(self, name: str) -> bool | None:
        """Return whether a step of this name is listed; None if that is unknown."""
        if self.steps is None or any(step.name is None for step in self.steps):
            return None
        return any(
            name == step.name or (step.kind in _COLLECTIONS and name.startswith(f"{step.name}-"))
            for step in self.steps
        )

    @cached_property
    def parts(self) -> tuple[LibraryObject, ...]:
        """The objects of the SDK that its steps certainly contain, at any depth."""
        return tuple(_parts(self.launcher, self.listed or ()))

    def _elements(self, name: str) -> tuple[LocatedExpression, ...] | None:
        arguments = self.sdk_object.arguments
        if arguments.open_ended or name in self.sdk_object.overridden or self._is_read(name):
            return None
        argument = arguments.get(name)
        if argument is None:
            return ()
        return elements_of(self.launcher, argument) if argument.certain and not argument.replaceable else None

    def _is_read(self, name: str) -> bool:
        """Return whether the program reads an attribute of the pipeline, and so may change the list in it."""
        return any(
            node.attr == name
            and any(
                one.node is self.sdk_object.node
                for one in self.launcher.constructions_in(self.launcher.reader.expression(node.value, scope))
            )
            for scope in self.launcher.module.scopes
            for node, _ in scope.attribute_loads
        )


def pipelines(launcher: LauncherInterface, constructions: Iterable[SdkObject]) -> Iterator[Pipeline]:
    """Yield the pipelines among the objects that a launcher constructs."""
    for sdk_object in constructions:
        if sdk_object.class_name in PIPELINES and sdk_object.local is None and sdk_object.is_of_one_class:
            yield Pipeline(launcher, sdk_object)


def elements_of(launcher: LauncherInterface, argument: Argument) -> tuple[LocatedExpression, ...] | None:
    """Return the elements of a list that is passed; None if there may be others."""
    values = argument.values
    if argument.expression.is_none:
        return ()
    found = launcher.elements(values[0]) if len(values) == 1 else None
    return None if found is None else tuple(found)


def step_of(launcher: LauncherInterface, value: object) -> PipelineStep | None:
    """Return the step that a value is, or None."""
    if not isinstance(value, LibraryObject) or value.site is None:
        return None
    class_name = value.name.removesuffix("()")
    kind = class_name.rpartition(".")[2]
    if "()" in class_name or not class_name.startswith(_STEP_MODULES):
        return None
    if not kind.endswith("Step") and kind not in _COLLECTIONS:
        return None
    known = signature(class_name)
    positional = known.positional if known is not None else ("name",)
    arguments = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, positional)
    name = arguments.only("name")
    return PipelineStep(kind, value.site.node, arguments, name.text if name is not None else None)


def parameter_of(launcher: LauncherInterface, value: object) -> PipelineParameter | None:
    """Return the parameter of a pipeline that a value is, or None."""
    if not isinstance(value, LibraryObject) or value.site is None:
        return None
    class_name = value.name.removesuffix("()")
    if class_name.rpartition(".")[2] not in _PARAMETERS or not class_name.startswith(_VARIABLE_MODULES):
        return None
    arguments = launcher.reader.arguments(
        value.site.node, value.site.scope, value.frame, ("name", "default_value")
    )
    name = arguments.only("name")
    return PipelineParameter(value.site.node, name.text if name is not None else None)


def name_of_step(launcher: LauncherInterface, expression: LocatedExpression) -> str | None:
    """Return the name of a step that an expression is: a string, or ``step.name``; else None."""
    values = expression.values
    if len(values) == 1 and isinstance(values[0], Reference) and values[0].name.endswith("().name"):
        node = expression.node
        if not isinstance(node, ast.Attribute):
            return None
        held = launcher.reader.expression(node.value, expression.scope, expression.frame).values
        step = step_of(launcher, held[0]) if len(held) == 1 else None
        return step.name if step is not None else None
    return expression.text


class AddedDependencies(Record):
    """A call of ``add_depends_on``: the values of its receiver, and its argument, None without a certain one."""

    node: ast.Call
    receivers: Values
    argument: Argument | None


def added_dependencies(launcher: LauncherInterface) -> Iterator[AddedDependencies]:
    """Yield the calls that let a step wait for others after its construction."""
    for site in launcher.module.calls_by_name.get("add_depends_on", ()):
        func = site.node.func
        if isinstance(func, ast.Attribute):
            receivers = launcher.reader.expression(func.value, site.scope).values
            arguments = launcher.reader.arguments(site.node, site.scope, None, ("step_names",))
            yield AddedDependencies(site.node, receivers, arguments.only("step_names"))


def _all_steps(
    launcher: LauncherInterface, elements: Iterable[LocatedExpression], depth: int
) -> tuple[PipelineStep, ...] | None:
    found: list[PipelineStep] = []
    for element in elements:
        values = element.values
        for value in values:
            step = step_of(launcher, value)
            if step is None or depth > _MOST_NESTED:
                return None
            found.append(step)
            if step.arguments.open_ended:
                return None
            for name in BRANCHES:
                branch = step.arguments.get(name)
                inner = elements_of(launcher, branch) if branch is not None else ()
                nested = None if inner is None else _all_steps(launcher, inner, depth + 1)
                if nested is None:
                    return None
                found += nested
        if not values:
            return None
    return tuple(found)


def _parts(launcher: LauncherInterface, roots: Iterable[LocatedExpression]) -> Iterator[LibraryObject]:
    """Yield the library objects that expressions certainly are or contain, each once."""
    for expression in expressions_in(launcher, roots):
        value = expression.values[0] if len(expression.values) == 1 else None
        if (
            isinstance(value, LibraryObject)
            and value.site is not None
            and value.name.startswith("sagemaker.")
        ):
            yield value


def expressions_in(
    launcher: LauncherInterface, roots: Iterable[LocatedExpression]
) -> Iterator[LocatedExpression]:
    """Yield expressions, and those that the objects of the SDK and the lists and dicts in them contain.

    Each object, list or dict is followed once.
    """
    pending = list(roots)
    seen: set[LibraryObject | Collection] = set()
    while pending and len(seen) < _MOST_PARTS:
        expression = pending.pop()
        values = expression.values
        value = values[0] if len(values) == 1 else None
        if not isinstance(value, LibraryObject | Collection):
            yield expression
            continue
        if value in seen:
            continue
        seen.add(value)
        yield expression
        if isinstance(value, Collection):
            scope, frame, inner = value.scope, value.frame, _inside(value.node)
        elif value.site is not None and value.name.startswith("sagemaker."):
            call = value.site.node
            scope, frame = value.site.scope, value.frame
            inner = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg)]
            if isinstance(call.func, ast.Attribute):
                inner.append(call.func.value)
        else:
            continue
        pending += [launcher.reader.expression(node, scope, frame) for node in inner]


def _inside(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [element for element in node.elts if not isinstance(element, ast.Starred)]
    return list(node.values) if isinstance(node, ast.Dict) else []
