"""Specifications and contracts of training steps, declared as dicts or calls.

A dict is recognised by its keys; the name it is bound to does not matter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import Collection, Function
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.launcher.signs import CONTRACT_CLASS, CONTRACT_KEY, SETTINGS
from flake8_training.record import Record
from flake8_training.sagemaker.artifact_types import MODEL, job_of_type

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface

_OF_SPECIFICATION = frozenset({"step_name", "inputs", "outputs", "code_location", "hyperparameters"})
_MIN_OTHER_KEYS = 2
"""How many other keys of a specification must be beside the settings: other dicts have settings too."""
_OF_CONTRACT = frozenset({"inputs", "outputs"})


class SpecificationTable(Record):
    """A training step's specification as a dict.

    ``settings`` are the settings of its estimator; None if the dict has none.
    """

    node: ast.Dict
    entries: Arguments
    settings_at: ast.AST
    settings: Arguments | None


class Port(Record):
    """An input or output of a contract: its name and its path in the container."""

    name: str
    at: ast.AST
    path: LocatedExpression


class ContractTable(Record):
    """A training script's contract: the inputs and outputs that have a path in the container."""

    node: ast.expr
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


def specifications(launcher: LauncherInterface) -> Iterator[SpecificationTable]:
    """Yield the specifications that a file declares."""
    for node, scope, keys in _displays(launcher):
        others = keys & _OF_SPECIFICATION
        if len(others) >= _MIN_OTHER_KEYS if SETTINGS in keys else others == _OF_SPECIFICATION:
            entries = launcher.reader.entries_of((Collection(node, scope, None),))
            settings = entries.only(SETTINGS)
            if settings is None:
                yield SpecificationTable(node, entries, node, None)
            else:
                found = launcher.reader.entries(settings.expression)
                yield SpecificationTable(node, entries, settings.at, found)


def contracts(launcher: LauncherInterface) -> Iterator[ContractTable]:
    """Yield the contracts of training scripts that a file declares."""
    if launcher.mentions(CONTRACT_KEY):
        for node, scope, keys in _displays(launcher):
            if keys & _OF_CONTRACT:
                entries = launcher.reader.entries_of((Collection(node, scope, None),))
                found = _of_table(launcher, node, entries, keys)
                if found is not None:
                    yield found
    for site in launcher.module.calls_by_name.get(CONTRACT_CLASS, ()):
        if not any(
            isinstance(value, Function) for value in launcher.evaluator.values(site.node.func, site.scope)
        ):
            arguments = launcher.reader.arguments(site.node, site.scope, None, ())
            yield ContractTable(
                site.node,
                tuple(_paths(launcher, arguments.only("expected_input_paths"))),
                tuple(_paths(launcher, arguments.only("expected_output_paths"))),
            )


def _of_table(
    launcher: LauncherInterface, node: ast.Dict, entries: Arguments, keys: frozenset[str]
) -> ContractTable | None:
    inputs = list(_tables(launcher, entries.only("inputs")))
    outputs = list(_tables(launcher, entries.only("outputs")))
    if not ("hyperparameters" in keys or _is_training(_types(inputs), _types(outputs))):
        return None
    return ContractTable(node, tuple(_ports(inputs, "destination")), tuple(_ports(outputs, "source")))


def _is_training(inputs: set[str], outputs: set[str]) -> bool:
    """Return whether the types of a contract's ports show a training script.

    A model as an output shows it, unless a port belongs to another kind of job or the model is an input as well: steps
    that evaluate, package, register or apply a model take one too.
    """
    if "TrainingInput" in inputs | outputs:
        return True
    of_other_jobs = any(job_of_type(word) is not None for word in inputs | outputs)
    return MODEL in outputs - inputs and not of_other_jobs


def _types(tables: list[tuple[Argument, Arguments]]) -> set[str]:
    return {word for _, port in tables if (word := _string_entry(port, "type")) is not None}


def _tables(launcher: LauncherInterface, argument: Argument | None) -> Iterator[tuple[Argument, Arguments]]:
    for entry in launcher.reader.entries(argument.expression) if argument else ():
        yield entry, launcher.reader.entries(entry.expression)


def _ports(tables: list[tuple[Argument, Arguments]], key: str) -> Iterator[Port]:
    for entry, port in tables:
        path = port.only(key)
        if path is not None:
            yield Port(entry.name, path.at, path.expression)


def _paths(launcher: LauncherInterface, argument: Argument | None) -> Iterator[Port]:
    for entry in launcher.reader.entries(argument.expression) if argument else ():
        yield Port(entry.name, entry.at, entry.expression)


def _string_entry(entries: Arguments, name: str) -> str | None:
    found = entries.only(name)
    return found.text if found else None


def _displays(launcher: LauncherInterface) -> Iterator[tuple[ast.Dict, Scope, frozenset[str]]]:
    """Yield the dict displays of the file, with their scopes and their constant keys."""
    for node, scope in launcher.module.of_kind.get(ast.Dict, ()):
        assert isinstance(node, ast.Dict)
        keys = frozenset(
            key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
        )
        yield node, scope, keys
