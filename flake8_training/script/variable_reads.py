"""The environment variables that a program reads, and whether it may read others."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.values.values import UNKNOWN, Reference, Values
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.table import table

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.script.logical_names import Logical

_ENVIRON = "os.environ"
# Functions that set the variables of a file (python-dotenv 1.1, environs 14).
_LOADING_LIBRARIES = frozenset({"dotenv", "environs"})
_LOADERS = (".load_dotenv", ".read_env")


class VariablesRead:
    """The variables that a program reads.

    ``names`` are all of them, tests included, with ``*`` for an unknown part. ``reads`` are the reads of a value under
    a fully known name. ``open``: the program may read others.
    """

    def __init__(self, analysis: Analysis, logical: Logical | None) -> None:
        self._analysis = analysis
        self._passed = logical.variables if logical is not None else None
        found = analysis.environment.reads
        names = {read.name for read in found}
        if self._is_supplied and self._passed is not None:
            names.update(self._passed.used)
        self.names = frozenset(names)
        self.reads = tuple(read for read in found if not read.test and not read.name.endswith(ANY))

    @property
    def _is_supplied(self) -> bool:
        """Whether the script passes its environment to the function with logical names."""
        passed = self._passed
        return passed is not None and passed.supplies is not None and bool(passed.supplies.environment)

    @cached_property
    def open(self) -> bool:
        """Whether the program may read any other variable."""
        analysis, passed = self._analysis, self._passed
        is_open = _reads_more(analysis)
        if self._is_supplied and passed is not None:
            is_open = is_open and passed.uses_open
        return is_open or analysis.hands_over

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """The beginnings of the names whose ends are unknown."""
        return tuple(name.rstrip(ANY) for name in self.names if name.endswith(ANY))

    def never_reads(self, name: str) -> bool:
        """Return whether a variable is certainly never read."""
        if name in self.names or name.startswith(self._beginnings):
            return False
        if self.open:
            note_unknown(Reason.MAPPING, *self._opening, what=name)
        return not self.open

    @cached_property
    def _opening(self) -> tuple[int, str]:
        """The line and path of the first use of the whole environment; the beginning of the program if it has none."""
        for node, scope in self._analysis.program.attribute_loads("environ"):
            if not _is_plain_use(self._analysis, node, scope):
                return node.lineno, scope.module.path
        return 1, self._analysis.program.entry.path


def _reads_more(analysis: Analysis) -> bool:
    """Return whether a program uses the environment in a way that hides the names of the variables."""
    program = analysis.program
    uses: Iterable[tuple[ast.expr, Scope]] = (*program.attribute_loads("environ"), *_imported(analysis))
    for node, scope in uses:
        if _is_environ(analysis, node, scope) and not _is_plain_use(analysis, node, scope):
            return True
    for site in program.all_calls("getenv"):
        if site.node.args and _is_unknown(analysis.evaluator.values(site.node.args[0], site.scope)):
            if not _is_parameter(site.node.args[0], site.scope):
                return True
    return analysis.is_dynamic


def _imported(analysis: Analysis) -> Iterator[tuple[ast.Name, Scope]]:
    """Yield the loads of names that ``from os import environ`` binds, under any alias."""
    for module in analysis.program.modules.values():
        for _, statement in module.imports:
            if isinstance(statement, ast.ImportFrom) and statement.module == "os":
                for alias in statement.names:
                    if alias.name == "environ":
                        yield from module.name_loads.get(alias.asname or alias.name, ())


def _is_environ(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    values = analysis.evaluator.values(node, scope)
    return any(isinstance(v, Reference) and v.name == _ENVIRON for v in values)


def _is_plain_use(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    """Return whether a use of ``os.environ`` reads known names, writes, or tests for a name."""
    around = parent(scope.module.tree, node)
    if isinstance(around, ast.Subscript) and around.value is node:
        return not isinstance(around.ctx, ast.Load) or _is_known(analysis, around.slice, scope)
    if isinstance(around, ast.Compare):
        return True
    if isinstance(around, ast.Attribute):
        call = parent(scope.module.tree, around)
        if isinstance(call, ast.Call) and call.func is around and call.args:
            reads = around.attr in table().key_readers and _is_known(analysis, call.args[0], scope)
            return reads or around.attr == "update"
    return False


def _is_known(analysis: Analysis, key: ast.expr, scope: Scope) -> bool:
    return not _is_unknown(analysis.evaluator.values(key, scope)) or _is_parameter(key, scope)


def _is_unknown(values: Values) -> bool:
    return not values or UNKNOWN in values


def _is_parameter(key: ast.expr, scope: Scope) -> bool:
    """Return whether a name is a function's parameter: then the calls of the function define the names."""
    found = scope.lookup(key.id) if isinstance(key, ast.Name) else None
    return found is not None and any(binding.kind == "parameter" for binding in found[1])


def may_set_unseen_variables(analysis: Analysis) -> bool:
    """Return whether the program may set variables of unknown names (``load_dotenv()``, ``update(settings)``)."""
    evaluator = analysis.evaluator
    if any(dotted.partition(".")[0] in _LOADING_LIBRARIES for dotted, _ in analysis.program.imports):
        if any(name.endswith(_LOADERS) for call in analysis.calls.all for name in call.names):
            return True
    for site in analysis.live_calls("update"):
        names = evaluator.names(site.node, site.scope)
        if f"{_ENVIRON}.update" in names and not _is_literal(site.node):
            return True
    return any(
        isinstance(store.key, ast.expr)
        and analysis.reach.scope_runs(store.scope)
        and _is_environ(analysis, store.target, store.scope)
        and _is_unknown(evaluator.values(store.key, store.scope))
        for store in analysis.program.subscript_stores
    )


def _is_literal(call: ast.Call) -> bool:
    return all(
        isinstance(argument, ast.Dict) and all(isinstance(key, ast.Constant) for key in argument.keys)
        for argument in call.args
    ) and all(keyword.arg is not None for keyword in call.keywords)
