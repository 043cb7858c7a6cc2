"""The hyperparameters that a program reads by key, and whether it may read others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.syntax.dict_forms import Drop, Put, changes_in
from flake8_training.libraries.table import table
from flake8_training.record import Record
from flake8_training.script.channels import is_hyperparameters

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.program import Program
    from flake8_training.engine.syntax.scopes import Scope

_LOADING = frozenset({"json.loads"})
"""Calls whose result the evaluator follows as the mapping itself."""
_PREFIX = "SM_HP_"


class KeyRead(Record, eq=False):
    """One read by key. ``required``: the read fails if the key is missing."""

    name: str
    node: ast.AST
    required: bool
    own: bool
    """Whether the read is in the script itself."""
    scope: Scope
    by_variable: bool = False
    """Whether the read is of ``SM_HP_<NAME>``; then ``name`` is in lower case."""


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
    found: list[KeyRead] = []
    is_open = False
    entry = analysis.program.entry
    for read in analysis.environment.reads:
        if read.name.startswith(_PREFIX) and len(read.name) > len(_PREFIX):
            own = read.scope.module is entry
            name = read.name.removeprefix(_PREFIX).lower()
            found.append(KeyRead(name, read.node, read.required, own, read.scope, by_variable=True))
    for key, node, required, scope in _keyed(analysis.program):
        owner = node.value if isinstance(node, ast.Subscript) else node.func.value  # type: ignore[attr-defined]
        values = analysis.evaluator.values(owner, scope)
        if not is_hyperparameters(analysis, values):
            continue
        # Any other value may hold the key: ``{"lr": 0.1}`` outside of a job.
        required = required and all(is_hyperparameters(analysis, (value,)) for value in values)
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.append(KeyRead(key.value, node, required, scope.module is entry, scope))
        else:
            is_open = True
    # A program that the script starts can read the variables and the file as well.
    is_open = is_open or _goes_on(analysis) or analysis.hands_over
    return HyperparameterReads(
        tuple(found), is_open, frozenset(_supplied(analysis)) if found else frozenset()
    )


def _supplied(analysis: Analysis) -> Iterator[str]:
    """Yield the keys that the program tests for in the mapping, or adds to it."""
    yield from (read.name.removeprefix(_PREFIX).lower() for read in analysis.environment.reads if read.test)
    yield from (name.removeprefix(_PREFIX).lower() for name in analysis.environment.written)
    for module in analysis.program.modules.values():
        for compare, scope in module.containments:
            if _is_mapping(analysis, compare.comparators[0], scope):
                yield _key(compare.left)
        for placed in changes_in(module):
            if not _is_mapping(analysis, placed.change.target, placed.scope):
                continue
            for part in placed.change.parts:
                if isinstance(part, Put):
                    yield part.key if isinstance(part.key, str) else _key(part.key)
                elif not isinstance(part, Drop):
                    yield ANY


def _is_mapping(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    return is_hyperparameters(analysis, analysis.evaluator.values(node, scope))


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


def _goes_on(analysis: Analysis) -> bool:
    """Return whether the whole mapping is passed to a call, spread, iterated over or asked for its items."""
    return any(
        is_hyperparameters(analysis, analysis.evaluator.values(node, scope))
        for node, scope in _whole_uses(analysis)
    )


def _whole_uses(analysis: Analysis) -> Iterator[tuple[ast.expr, Scope]]:
    for site in analysis.program.all_calls():
        function = site.node.func
        if isinstance(function, ast.Attribute) and function.attr not in table().key_readers:
            yield function.value, site.scope
        called = analysis.evaluator.names(site.node, site.scope)
        if called and not _LOADING.issuperset(called) and not table().only_shows(called):
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
