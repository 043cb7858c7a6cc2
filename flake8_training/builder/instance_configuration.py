"""Instance types, counts, volumes and run times that cannot be right, wherever a launcher states them."""

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
    """Yield what cannot be right in the instances of a launcher's jobs."""
    for estimator in current(launcher):
        if estimator.local is None or estimator.arguments.entries:
            yield from _of(estimator)
    for made in launcher.of("Compute", "InstanceGroup", "StoppingCondition"):
        yield from _of(made)
    for specification in launcher.specifications:
        if specification.settings is not None:
            for entry in specification.settings:
                for value, reason in _judged(entry):
                    at = launcher.literal(entry.given, value, specification.node)
                    yield Problem(at, reason, specification.node)
    for request in launcher.requests:
        for path, judge in _REQUEST.items():
            given = request.at(path)
            for value in candidates(given) if given else ():
                wrong = judge(value)
                if wrong and given is not None:
                    yield Problem(launcher.literal(given, value, request.node), wrong, request.node)


def _of(made: Construction) -> Iterator[Problem]:
    for argument in made.arguments:
        if argument.name not in made.overridden:
            for value, reason in _judged(argument):
                yield at_value(made, argument.given, value, reason)


def _judged(argument: Argument) -> Iterator[tuple[object, str]]:
    """Yield the values of an argument or entry that cannot be right, with the reasons."""
    judge = JUDGES.get(argument.name)
    if judge is None or argument.encoding:
        return
    for value in candidates(argument.given):
        reason = None if isinstance(value, str) and is_placeholder(value) else judge(value)
        if reason is not None:
            yield value, reason


def candidates(given: Given) -> Iterator[object]:
    """Yield the literals that an expression can be, and the defaults of parameters, options and variables."""
    for value in given.values:
        yield from _literals(given, value)


def _literals(given: Given, value: Value) -> Iterator[object]:
    if isinstance(value, Constant):
        yield value.value
    elif isinstance(value, Variable):
        # what an environment variable holds is text, its default may not be
        for default in value.defaults:
            if isinstance(default, Constant) and isinstance(default.value, str):
                yield default.value
    elif isinstance(value, OptionValue):
        option = value.option
        if option.default is not None:
            yield from (
                v.value
                for v in given.evaluator.values(option.default, option.scope)
                if isinstance(v, Constant) and v.value is not None
            )
    elif isinstance(value, Made) and value.site is not None and ".parameters.Parameter" in value.name:
        site = value.site
        defaults = [k.value for k in site.node.keywords if k.arg == "default_value"] or site.node.args[1:2]
        for node in defaults:
            yield from (
                v.value
                for v in given.evaluator.values(node, site.scope, value.frame)
                if isinstance(v, Constant) and v.value is not None
            )
