"""The S3 addresses that a script passes to calls that take local paths only."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.syntax.parents import is_caught
from flake8_training.engine.values.values import Constant, OptionValue, StringTemplate, Value, Variable
from flake8_training.libraries.local_paths import LocalPath, Outcome, local_paths
from flake8_training.record import Record

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

_SCHEMES = ("s3://", "s3a://", "s3n://")
_FAILURES = frozenset(
    {"OSError", "IOError", "FileNotFoundError", "RuntimeError", "Exception", "BaseException"}
)
_UNKNOWN_PART = "..."
_CONVERTING = ("replace", "lower", "upper")
"""Methods of strings whose result the evaluator takes for the string itself."""


class RemoteAddress(Record, slots=False):
    """An S3 address at a call."""

    node: ast.expr
    call: Call
    address: str
    outcome: Outcome


class PassedAddresses(Record):
    """The S3 addresses that a job passes: by the destination of the option, and by the name of the variable."""

    options: Mapping[str, str]
    variables: Mapping[str, str]

    def of(self, value: object) -> str | None:
        """Return the address that the job passes for the value of an option or a variable, or None."""
        if isinstance(value, OptionValue):
            return self.options.get(value.option.dest) if value.option.type_name == "str" else None
        return self.variables.get(value.name) if isinstance(value, Variable) else None


_NOTHING_PASSED = PassedAddresses({}, {})


def remote_addresses(analysis: Analysis, passed: PassedAddresses | None = None) -> Iterator[RemoteAddress]:
    """Yield the calls whose path is certainly an S3 address, one for each call.

    With ``passed``, only those are yielded that the job's addresses cause.
    """
    for call in analysis.calls.all:
        if call.local or call.unknown or not call.names:
            continue
        for row in local_paths(call.names):
            found = _remote(analysis, call, row, passed)
            if found is not None:
                yield found
                break


def _remote(
    analysis: Analysis, call: Call, row: LocalPath, passed: PassedAddresses | None
) -> RemoteAddress | None:
    node = analysis.calls.argument(call, row.path)
    if node is None or analysis.calls.argument(call, row.unless) is not None:
        return None
    values = analysis.calls.values(call, node)
    addresses = [_address(value, passed or _NOTHING_PASSED) for value in values]
    if not addresses or any(one is None for one in addresses):
        return None
    shown = addresses[0] or ""
    if row.endings and not all((one or "").endswith(row.endings) for one in addresses):
        return None
    if not _is_certain(analysis, call, node):
        return None
    if passed is not None:
        sources = [_first(value) for value in values if passed.of(_first(value)) is not None]
        if not sources or _is_examined(analysis, sources):
            return None
    return RemoteAddress(node, call, shown, row.outcome)


def _first(value: Value) -> object:
    """Return a value, or the first part of a string template: the part with the address."""
    return value.parts[0] if isinstance(value, StringTemplate) else value


def _address(value: Value, passed: PassedAddresses) -> str | None:
    """Return the S3 address that a value certainly is, unknown parts as dots; None for another value."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        text = value.value
    elif isinstance(value, StringTemplate):
        text = "".join(
            part if isinstance(part, str) else passed.of(part) or _UNKNOWN_PART for part in value.parts
        )
    else:
        text = passed.of(value) or ""
    return text if text.startswith(_SCHEMES) else None


def _is_examined(analysis: Analysis, sources: list[object]) -> bool:
    """Return whether a test asks for an option or a variable, or ``replace`` changes it."""
    for node, scope in analysis.live_nodes:
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            parts: list[ast.AST] = [
                one
                for one in ast.walk(node.test)
                if isinstance(one, ast.Name | ast.Attribute | ast.Subscript)
            ]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _CONVERTING
        ):
            parts = [node.func.value]
        else:
            continue
        for part in parts:
            values = analysis.evaluator.values(part, scope) if isinstance(part, ast.expr) else ()
            if any(_first(value) in sources for value in values):
                return True
    return False


def _is_certain(analysis: Analysis, call: Call, node: ast.expr) -> bool:
    """Return whether no handler and no branch on the address stops the call."""
    scope = call.site.scope
    if is_caught(scope.module.tree, call.node, _FAILURES):
        return False
    if runs_always(analysis, call.node, scope, _FAILURES):
        return True
    used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    if any(isinstance(binding.node, ast.arg) for name in used for binding in scope.bindings.get(name, ())):
        return False  # a caller may ask for the kind of the address
    return not any(
        isinstance(one, ast.If | ast.IfExp | ast.While)
        and any(isinstance(part, ast.Name) and part.id in used for part in ast.walk(one.test))
        for one in ast.walk(scope.node)
    )
