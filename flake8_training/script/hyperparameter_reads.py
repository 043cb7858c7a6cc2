"""The hyperparameters that a program reads by key, and whether it may read others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.syntax.dict_forms import Drop, Merge, Put, changes_in
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.syntax.scopes import last_name
from flake8_training.engine.values.values import Constant
from flake8_training.libraries.table import table
from flake8_training.record import Record
from flake8_training.script.hyperparameter_mappings import hyperparameter_mappings

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.program import Program
    from flake8_training.engine.syntax.scopes import Scope

_PREFIX = "SM_HP_"


class KeyRead(Record, eq=False):
    """One read by key. ``required``: the read, or what takes its None, fails with ``failure`` if the key is missing."""

    name: str
    node: ast.AST
    required: bool
    own: bool
    """Whether the read is in the script itself."""
    scope: Scope
    by_variable: bool = False
    """Whether the read is of ``SM_HP_<NAME>``; then ``name`` is in lower case."""
    failure: str = "KeyError"


class HyperparameterReads(Record, eq=False):
    """Every read by key.

    ``open``: there may be others, because the whole mapping reaches other code. ``supplied`` are the keys that the
    program tests for or sets itself, with ``*`` for an unknown key.
    """

    reads: tuple[KeyRead, ...]
    open: bool
    supplied: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The keys."""
        return frozenset(read.name for read in self.reads)


def hyperparameter_reads(analysis: Analysis) -> HyperparameterReads:
    """Return what a program reads from the job's mapping of hyperparameters and from ``SM_HP_*``."""
    return analysis.fact(_hyperparameter_reads)


def _hyperparameter_reads(analysis: Analysis) -> HyperparameterReads:
    found: list[KeyRead] = []
    is_open = False
    entry = analysis.program.entry
    for read in analysis.environment.reads:
        if read.name.startswith(_PREFIX) and len(read.name) > len(_PREFIX):
            own = read.scope.module is entry
            name = read.name.removeprefix(_PREFIX).lower()
            found.append(KeyRead(name, read.node, read.required, own, read.scope, by_variable=True))
    mappings = hyperparameter_mappings(analysis)
    for key, node, required, scope in _keyed(analysis.program):
        owner = node.value if isinstance(node, ast.Subscript) else node.func.value  # type: ignore[attr-defined]
        values = analysis.evaluator.values(owner, scope)
        if not mappings.is_mapping(values):
            continue
        names = _names(analysis, key, scope)
        if names:
            # Any other value may hold the key: ``{"lr": 0.1}`` outside of a job.
            alone = all(mappings.is_mapping((value,)) for value in values)
            is_known = alone and not mappings.is_merged(values) and len(names) == 1
            failure = "KeyError" if required else _failure_of_none(analysis, node, scope) if is_known else ""
            own = scope.module is entry
            found.extend(
                KeyRead(name, node, is_known and failure != "", own, scope, failure=failure) for name in names
            )
        elif not mappings.is_loop_key(key, scope):
            is_open = True
    # A program that the script starts can read the variables and the file as well.
    is_open = is_open or _goes_on(analysis) or analysis.hands_over
    return HyperparameterReads(
        tuple(found), is_open, frozenset(_supplied(analysis)) if found else frozenset()
    )


def _failure_of_none(analysis: Analysis, node: ast.expr, scope: Scope) -> str:
    """Return the exception that follows if ``d.get(key)`` is None; empty for none, and for a read with a default."""
    if (
        not isinstance(node, ast.Call)
        or last_name(node.func) != "get"
        or len(node.args) != 1
        or node.keywords
    ):
        return ""
    around = parent(scope.module.tree, node)
    if isinstance(around, ast.Attribute):
        return "AttributeError"
    if not isinstance(around, ast.Call) or around.args[:1] != [node]:
        return ""
    names = analysis.evaluator.names(around, scope)
    return "TypeError" if names and _NEEDING.issuperset(names) else ""


_NEEDING = frozenset({"builtins.int", "builtins.float", "builtins.len", "builtins.open"})
"""Functions that fail if their first argument is None."""


def _supplied(analysis: Analysis) -> Iterator[str]:
    """Yield the keys that the program tests for in the mapping, or adds to it."""
    variables = {read.name for read in analysis.environment.reads if read.test} | analysis.environment.written
    yield from (name.removeprefix(_PREFIX).lower() for name in variables if name.startswith(_PREFIX))
    mappings, values = hyperparameter_mappings(analysis), analysis.evaluator.values
    for module in analysis.program.modules.values():
        for compare, scope in module.containments:
            if mappings.is_mapping(values(compare.comparators[0], scope)):
                yield _key(compare.left)
        for placed in changes_in(module):
            if not mappings.is_mapping(values(placed.change.target, placed.scope)):
                continue
            for part in placed.change.parts:
                if isinstance(part, Put):
                    if isinstance(part.key, str) or not mappings.is_loop_key(part.key, placed.scope):
                        yield part.key if isinstance(part.key, str) else _key(part.key)
                elif isinstance(part, Merge) and mappings.is_mapping(values(part.source, placed.scope)):
                    continue
                elif not isinstance(part, Drop):
                    yield ANY


def _key(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ANY


def _keyed(program: Program) -> Iterator[tuple[ast.expr, ast.expr, bool, Scope]]:
    """Yield every ``d[key]`` and ``d.get(key)`` of a program: key, node, whether the key is required, scope."""
    for node, scope in program.subscript_loads:
        yield node.slice, node, True, scope
    for method, row in table().key_readers.items():
        for site in program.all_calls(method):
            if isinstance(site.node.func, ast.Attribute) and site.node.args:
                required = row.required and len(site.node.args) == 1
                yield site.node.args[0], site.node, required, site.scope


def _names(analysis: Analysis, key: ast.expr, scope: Scope) -> list[str]:
    """Return the strings that a key can be; empty if it may be another value."""
    values = analysis.evaluator.values(key, scope)
    names = [value.value for value in values if isinstance(value, Constant) and isinstance(value.value, str)]
    return names if len(names) == len(values) else []


def _goes_on(analysis: Analysis) -> bool:
    """Return whether a whole mapping goes where its reads are not followed: to other code, or through a loop."""
    mappings = hyperparameter_mappings(analysis)
    return any(
        mappings.is_mapping(analysis.evaluator.values(node, scope)) and not mappings.is_followed(node, scope)
        for node, scope in _whole_uses(analysis)
    )


def _whole_uses(analysis: Analysis) -> Iterator[tuple[ast.expr, Scope]]:
    for site in analysis.program.all_calls():
        function = site.node.func
        if isinstance(function, ast.Attribute) and function.attr not in table().key_readers:
            yield function.value, site.scope
        called = analysis.evaluator.names(site.node, site.scope)
        if called and not table().only_shows(called):
            for argument in site.node.args:
                yield argument.value if isinstance(argument, ast.Starred) else argument, site.scope
            for keyword in site.node.keywords:
                yield keyword.value, site.scope
    yield from _loops_and_spreads(analysis.program)


def _loops_and_spreads(program: Program) -> Iterator[tuple[ast.expr, Scope]]:
    for node, scope in program.nodes:
        if isinstance(node, ast.For | ast.comprehension):
            yield node.iter, scope
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is None:
                    yield value, scope
