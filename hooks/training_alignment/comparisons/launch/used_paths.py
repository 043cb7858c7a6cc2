"""The folders that a script uses, and whether it may write to others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, PathKind, places
from flake8_training.libraries.rows import Carries, Fetches, Reads, Row, Saves
from flake8_training.sagemaker import paths
from flake8_training.script.accesses import referenced_paths
from flake8_training.script.data import may_write
from flake8_training.script.resolved_paths import MOVING, is_resolved

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call


def used_paths(analysis: Analysis) -> list[str] | None:
    """Return the absolute paths that a program uses, up to their first unknown part; None if it may write to others.

    A read of an unknown path leaves the paths that the program writes as they are.
    """
    if analysis.hands_over or any(name in MOVING for call in analysis.calls.all for name in call.names):
        return None
    referenced = referenced_paths(analysis)
    if referenced.writes_others or writes_unknown_path(analysis) or not analysis.reach.has_work:
        return None
    return [known_path(path) for path in referenced.paths]


def writes_unknown_path(analysis: Analysis) -> bool:
    """Return whether a call may write at a path of which nothing is known."""
    for call in analysis.calls.all:
        for row in call.rows:
            if isinstance(row, Carries) and _carries_unknown_path(analysis, call, row):
                return True
            node = _written(analysis, call, row)
            if node is not None and _is_unknown(analysis, call, node):
                return True
    return False


def _written(analysis: Analysis, call: Call, row: Row) -> ast.expr | None:
    """Return the path to which a call writes, or None."""
    if isinstance(row, Fetches):
        return analysis.calls.argument(call, row.target)
    if isinstance(row, Saves) or (isinstance(row, Reads) and may_write(analysis, call, row)):
        return analysis.calls.argument(call, row.path)
    return None


def _is_unknown(analysis: Analysis, call: Call, node: ast.expr) -> bool:
    found = places(analysis.evaluator, analysis.calls.values(call, node))
    is_open = any(place.root is PathKind.UNKNOWN and place.path.startswith(ANY) for place in found)
    return is_open or not is_resolved(analysis, call, node, writes=True)


def _carries_unknown_path(analysis: Analysis, call: Call, row: Carries) -> bool:
    """Return whether a constructor takes a folder of which nothing is known, or unpacks its arguments."""
    node = analysis.calls.argument(call, row.path)
    if node is None:
        return any(keyword.arg is None for keyword in call.node.keywords)
    found = places(analysis.evaluator, analysis.calls.values(call, node))
    return any(place.root is PathKind.UNKNOWN for place in found)


def known_path(path: str) -> str:
    """Return a path up to its first unknown part: the folder, or a relative path's beginning as it is written."""
    known = path.split(ANY)[0]
    if known == path or (known and "/" not in known):
        return paths.normal_path(known)
    return paths.normal_path(known.rpartition("/")[0] or "/")


def touch(one: str, other: str) -> bool:
    """Return whether two paths are the same, or one is above the other."""
    return one == other or one.startswith(f"{other.rstrip('/')}/") or other.startswith(f"{one.rstrip('/')}/")
