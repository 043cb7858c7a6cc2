"""Parameters that a pipeline declares and that nothing in the launcher uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.values.values import Collection
from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.pipelines import Pipeline, elements_of, parameter_of
from flake8_training.ledger import Reason, note_unknown
from flake8_training.rules.launcher.problem import Problem

UNUSED = "a pipeline parameter is declared and not used"
_BY_NAME = ("globals", "locals", "vars", "eval", "exec")
"""Builtins that read variables without their names."""


def unused_parameters(launcher: Launcher, pipeline: Pipeline, used: frozenset[str]) -> Iterator[Problem]:
    """Yield the declared parameters that the launcher reads nowhere else; ``used`` are names of parameters of steps."""
    elements = _elements(launcher, pipeline)
    if not elements or any(name in launcher.module.calls_by_name for name in _BY_NAME):
        return
    if pipeline.steps is None:
        note_unknown(Reason.MAPPING, pipeline.sdk_object.node, what="steps", weak=True)
        return
    listed = {id(element.node) for one in launcher.pipelines for element in _elements(launcher, one)}
    for element in elements:
        node, values = element.node, element.values
        if isinstance(node, ast.Name):
            if any(id(load) not in listed for load, _ in launcher.module.name_loads.get(node.id, ())):
                continue
        elif not isinstance(node, ast.Call):
            continue
        parameter = parameter_of(launcher, values[0]) if len(values) == 1 else None
        if parameter is None or parameter.name is None or parameter.name in used:
            continue
        if launcher.own(parameter.node, node) is parameter.node:
            detail = f"no step has {parameter.name}, another value of it changes nothing"
            yield Problem(node, detail, pipeline.sdk_object.node, Severity.WARNING, UNUSED)


def _elements(launcher: Launcher, pipeline: Pipeline) -> tuple[LocatedExpression, ...]:
    """Return the elements of ``parameters`` as the launcher writes them, if it reads the list nowhere else."""
    argument = pipeline.sdk_object.get("parameters")
    if argument is None or pipeline.declared is None or len(argument.values) != 1:
        return ()
    value, node = argument.values[0], argument.given.node
    if not isinstance(value, Collection) or not isinstance(value.node, ast.List | ast.Tuple):
        return ()
    is_own = node is value.node
    if isinstance(node, ast.Name) and launcher.own(value.node, node) is value.node:
        is_own = len(launcher.module.name_loads.get(node.id, ())) == 1
    return elements_of(launcher, argument) or () if is_own else ()
