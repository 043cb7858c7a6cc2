"""Reads of files below the folder of processing jobs that certainly happen."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import ANY, PathKind
from flake8_training.engine.syntax.parents import enclosing
from flake8_training.libraries.rows import Reads
from flake8_training.script.accesses import Access
from flake8_training.script.data import downloads_first, is_writing
from flake8_training.script.path_uses import TESTING, only_builds, used_by
from flake8_training.script.resolved_paths import MOVING
from training_alignment.comparisons.launch.used_paths import known_path, touch

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

FAILURES = frozenset({"OSError", "IOError", "FileNotFoundError", "Exception", "BaseException"})
"""The failures of a file that does not exist, and those that a handler of them catches too."""
_TESTS = (*TESTING, "os.path.getsize")


def path_of_processing(access: Access) -> str:
    """Return the certain path below /opt/ml/processing that an access reads; empty for any other access."""
    place = access.place
    if access.writing or place.open or place.root is not PathKind.PROCESSING:
        return ""
    return known_path(place.path)


def is_certainly_read(analysis: Analysis, access: Access, path: str) -> bool:
    """Return whether a read runs on every path, and nothing before it in the program may create or test the file."""
    call = analysis.by_node.get(access.node)
    if call is None or not runs_always(analysis, access.node, call.site.scope, FAILURES):
        return False
    if analysis.hands_over or any(name in MOVING for other in analysis.calls.all for name in other.names):
        return False
    in_loop = any(
        isinstance(one, ast.For | ast.While) for one in enclosing(call.site.scope.module.tree, call.node)
    )
    for other in analysis.calls.all:
        if other.site.scope is call.site.scope and other.line > call.line and not in_loop:
            continue
        reads = other.having(Reads)
        fills = downloads_first(analysis, other) or any(is_writing(analysis, other, row) for row in reads)
        if reads and not fills:
            continue
        if (other.local and not other.unknown) or (other.names and all(map(only_builds, other.names))):
            continue
        if other.names and all(name in _TESTS for name in other.names) and _is_only_shown(analysis, other):
            continue
        if any(
            touch(known_path(place.path), path) for place in used_by(analysis, other) if place.path != ANY
        ):
            return False
    return True


def _is_only_shown(analysis: Analysis, call: Call) -> bool:
    """Return whether a statement that only prints or logs holds a call, so that its result decides nothing."""
    shows = False
    for around in enclosing(call.site.scope.module.tree, call.node):
        if isinstance(around, ast.Call):
            shower = analysis.by_node.get(around)
            if shower is None or not shower.names or not all(map(only_builds, shower.names)):
                return False
            shows = True
        elif isinstance(around, ast.stmt):
            return shows and isinstance(around, ast.Expr)
        elif not isinstance(around, ast.JoinedStr | ast.FormattedValue | ast.BinOp | ast.keyword):
            return False
    return False
