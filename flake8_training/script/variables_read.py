"""Which environment variables a program reads, and whether it may read others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.record import Record
from flake8_training.script.commands import hands_over
from flake8_training.script.enclosing import parent
from flake8_training.script.environment import VariableRead
from flake8_training.script.logical import Logical
from flake8_training.script.places import ANY
from flake8_training.script.values import UNKNOWN, Reference, Values

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis
    from flake8_training.script.names import ModuleNames, Scope

_READING = frozenset({"get", "pop", "setdefault", "__getitem__", "update"})
_ENVIRON = "os.environ"


class VariablesRead(Record):
    """What is read. ``names`` holds names, and beginnings of names with ``*`` behind them.

    ``reads`` are the readings that name a variable exactly; ``open``: there may be others.
    """

    names: frozenset[str]
    reads: tuple[VariableRead, ...]
    open: bool

    def never_reads(self, name: str) -> bool:
        """Whether a variable is certainly never read."""
        if self.open or name in self.names:
            return False
        return not any(n.endswith(ANY) and name.startswith(n.rstrip(ANY)) for n in self.names)


def variables_read(analysis: Analysis, logical: Logical | None) -> VariablesRead:
    """The variables that a program reads, a working function's ``environ_vars`` included."""
    reads = [read for read in analysis.environment.reads if not read.test]
    names = {read.name for read in analysis.environment.reads}
    is_open = any(_reads_more(analysis, module) for module in analysis.program.modules.values())
    given = logical.variables if logical is not None else None
    if given is not None and given.supplies is not None and given.supplies.environment:
        names.update(given.used)
        is_open = is_open and given.uses_open
    is_open = is_open or any(hands_over(analysis.evaluator, call) for call in analysis.calls.all)
    return VariablesRead(
        frozenset(names), tuple(read for read in reads if not read.name.endswith(ANY)), is_open
    )


def _reads_more(analysis: Analysis, module: ModuleNames) -> bool:
    """Whether a module uses the environment in a way that does not show which variables it reads."""
    for scope in module.scopes:
        for node, _ in scope.attribute_loads:
            if node.attr == "environ" and _is_environ(analysis, node, scope):
                if not _is_plain_use(analysis, node, scope, module):
                    return True
    for site in module.calls_by_name.get("getenv", ()):
        if site.node.args and _is_unknown(analysis.evaluator.values(site.node.args[0], site.scope)):
            if not _is_parameter(site.node.args[0], site.scope):
                return True
    return any(dotted == _ENVIRON for dotted, _ in module.imports) or module.dynamic


def _is_environ(analysis: Analysis, node: ast.expr, scope: Scope) -> bool:
    values = analysis.evaluator.values(node, scope)
    return any(isinstance(v, Reference) and v.name == _ENVIRON for v in values)


def _is_plain_use(analysis: Analysis, node: ast.expr, scope: Scope, module: ModuleNames) -> bool:
    """Whether ``os.environ`` is read, written or asked for names that can be told."""
    around = parent(module.tree, node)
    if isinstance(around, ast.Subscript) and around.value is node:
        return not isinstance(around.ctx, ast.Load) or _is_told(analysis, around.slice, scope)
    if isinstance(around, ast.Compare):
        return True
    if isinstance(around, ast.Attribute):
        call = parent(module.tree, around)
        if isinstance(call, ast.Call) and call.func is around and around.attr in _READING and call.args:
            return around.attr == "update" or _is_told(analysis, call.args[0], scope)
    return False


def _is_told(analysis: Analysis, key: ast.expr, scope: Scope) -> bool:
    return not _is_unknown(analysis.evaluator.values(key, scope)) or _is_parameter(key, scope)


def _is_unknown(values: Values) -> bool:
    return not values or UNKNOWN in values


def _is_parameter(key: ast.expr, scope: Scope) -> bool:
    """Whether a name is a function's parameter: then the calls of the function give the names."""
    found = scope.lookup(key.id) if isinstance(key, ast.Name) else None
    return found is not None and any(binding.kind == "parameter" for binding in found[1])
