"""The S3 addresses that a script passes to calls that take local paths only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.syntax.parents import is_caught
from flake8_training.engine.values.values import Constant, StringTemplate, Value
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


class RemoteAddress(Record, slots=False):
    """An S3 address at a call."""

    node: ast.expr
    call: Call
    address: str
    outcome: Outcome


def remote_addresses(analysis: Analysis) -> Iterator[RemoteAddress]:
    """Yield the calls whose path is certainly an S3 address, one for each call."""
    for call in analysis.calls.all:
        if call.local or call.unknown or not call.names:
            continue
        for row in local_paths(call.names):
            found = _remote(analysis, call, row)
            if found is not None:
                yield found
                break


def _remote(analysis: Analysis, call: Call, row: LocalPath) -> RemoteAddress | None:
    node = analysis.calls.argument(call, row.path)
    if node is None or analysis.calls.argument(call, row.unless) is not None:
        return None
    addresses = [_address(value) for value in analysis.calls.values(call, node)]
    if not addresses or any(one is None for one in addresses):
        return None
    shown = addresses[0] or ""
    if row.endings and not all((one or "").endswith(row.endings) for one in addresses):
        return None
    if not _is_certain(analysis, call, node):
        return None
    return RemoteAddress(node, call, shown, row.outcome)


def _address(value: Value) -> str | None:
    """Return the S3 address that a value certainly is, unknown parts as dots; None for another value."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        text = value.value
    elif isinstance(value, StringTemplate):
        text = "".join(part if isinstance(part, str) else _UNKNOWN_PART for part in value.parts)
    else:
        return None
    return text if text.startswith(_SCHEMES) else None


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
