"""Invalid instance types, counts, volume sizes and run times in a launcher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.given import Argument, Given
from flake8_training.builder.made import Construction
from flake8_training.builder.placeholders import is_placeholder
from flake8_training.builder.problem import Problem, at_value, current
from flake8_training.sagemaker.estimator_settings import (
    JUDGES,
    judge_count,
    judge_run,
    judge_type,
    judge_volume,
)
from flake8_training.script.values import Constant, Made, OptionValue, Value, Variable

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

_REQUEST: dict[str, Callable[[object], str | None]] = {
    "ResourceConfig.InstanceType": judge_type,
    "ResourceConfig.InstanceCount": judge_count,
    "ResourceConfig.VolumeSizeInGB": judge_volume,
    "StoppingCondition.MaxRuntimeInSeconds": judge_run,
}


def impossible_instances(launcher: Launcher) -> Iterator[Problem]:
    """Yield the invalid instance settings of a launcher's jobs."""
    for estimator in current(launcher):
        if estimator.local is None or estimator.arguments.entries:
            yield from _of(estimator)
    for sdk_object in launcher.of("Compute", "InstanceGroup", "StoppingCondition"):
        yield from _of(sdk_object)
    for specification in launcher.specifications:
        if specification.settings is not None:
            for entry in specification.settings:
                for value, reason in _judged(entry):
                    at = launcher.literal(entry.given, value, specification.node)
                    yield Problem(at, reason, specification.node)
    for request in launcher.requests:
        for path, judge in _REQUEST.items():
            expression = request.at(path)
            for value in candidates(expression) if expression else ():
                wrong = judge(value)
                if wrong and expression is not None:
                    yield Problem(launcher.literal(expression, value, request.node), wrong, request.node)


def _of(sdk_object: Construction) -> Iterator[Problem]:
    for argument in sdk_object.arguments:
        if argument.name not in sdk_object.overridden:
            for value, reason in _judged(argument):
                yield at_value(sdk_object, argument.given, value, reason)


def _judged(argument: Argument) -> Iterator[tuple[object, str]]:
    """Yield the invalid values of an argument or entry, with the reasons."""
    judge = JUDGES.get(argument.name)
    if judge is None or argument.encoding:
        return
    for value in candidates(argument.given):
        reason = None if isinstance(value, str) and is_placeholder(value) else judge(value)
        if reason is not None:
            yield value, reason


def candidates(expression: Given) -> Iterator[object]:
    """Yield the constants that an expression can be, and the defaults of parameters, options and variables."""
    for value in expression.values:
        yield from _literals(expression, value)


def _literals(expression: Given, value: Value) -> Iterator[object]:
    if isinstance(value, Constant):
        yield value.value
    elif isinstance(value, Variable):
        # An environment variable holds a string; its default may be another type.
        for default in value.defaults:
            if isinstance(default, Constant) and isinstance(default.value, str):
                yield default.value
    elif isinstance(value, OptionValue):
        option = value.option
        if option.default is not None:
            yield from (
                v.value
                for v in expression.evaluator.values(option.default, option.scope)
                if isinstance(v, Constant) and v.value is not None
            )
    elif isinstance(value, Made) and value.site is not None and ".parameters.Parameter" in value.name:
        site = value.site
        defaults = [k.value for k in site.node.keywords if k.arg == "default_value"] or site.node.args[1:2]
        for node in defaults:
            yield from (
                v.value
                for v in expression.evaluator.values(node, site.scope, value.frame)
                if isinstance(v, Constant) and v.value is not None
            )
