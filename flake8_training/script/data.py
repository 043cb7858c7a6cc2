"""Whether a script reads its training data from an input channel."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ContainerPath, PathKind
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.values.values import Constant
from flake8_training.ledger import Reason
from flake8_training.libraries.rows import Fetches, Reads, Saves
from flake8_training.sagemaker.paths import normal_path
from flake8_training.script.resolved_paths import is_moved, is_resolved
from flake8_training.script.verdict import Verdict, verdict_from

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_WRITING = frozenset("wax")


def is_writing(analysis: Analysis, call: Call, row: Reads) -> bool:
    """Return whether an opening call opens for writing."""
    if not row.mode:
        return False
    mode = analysis.calls.constant(call, row.mode)
    return isinstance(mode, str) and bool(_WRITING & set(mode))


def may_write(analysis: Analysis, call: Call, row: Reads) -> bool:
    """Return whether an opening call may open for writing: its mode says so, or is unknown."""
    mode = analysis.calls.argument(call, row.mode) if row.mode else None
    if mode is None:
        return False
    return not isinstance(analysis.calls.constant(call, row.mode), str) or is_writing(analysis, call, row)


def read_path(analysis: Analysis, call: Call, row: Reads) -> ast.expr | None:
    """Return the expression of the path that a reading call reads."""
    return analysis.calls.argument(call, row.path)


def training_data(analysis: Analysis) -> Verdict:
    """Return the verdict on reading training data from a channel."""
    present: list[ast.AST] = []
    possible: list[ast.AST] = []
    decoy: ast.AST | None = None
    download: ast.AST | None = (
        None  # a download of unknown content, reported only if no other call may fetch the data
    )
    for call in analysis.calls.all:
        rows = [row for row in call.having(Reads) if row.what == "data"]
        if rows:
            for row in rows:
                if is_writing(analysis, call, row):
                    continue
                if row.name.endswith("PipeModeDataset"):
                    present.append(call.node)  # it reads the channel whose name it receives
                    continue
                node = read_path(analysis, call, row)
                roots = analysis.roots(call, node) if node is not None else []
                if row.download and analysis.calls.constant(call, row.download) is True:
                    roots = [place for place in roots if place.root is PathKind.CHANNEL]
                    decoy = decoy or call.node
                elif node is not None and (
                    not is_resolved(analysis, call, node) or is_moved(analysis, roots)
                ):
                    possible.append(call.node)
                _sort(call, roots, present, possible)
        elif call.local and not call.unknown:
            continue
        elif fetched := list(call.having(Fetches)):
            if all(fetch.anything for fetch in fetched):
                download = download or call.node
            else:
                decoy = decoy or call.node
            for fetch in fetched:
                node = analysis.calls.argument(call, fetch.unless) if fetch.unless else None
                if node is not None:
                    roots = [p for p in analysis.roots(call, node) if _is_path(analysis, call, node, p)]
                    _sort(call, roots, present, possible)
    reason = Reason.OUTSIDE if possible else Reason.CODE
    if not present:
        possible.extend(_out_of_sight(analysis))
    return verdict_from(present, possible, decoy or download, reason=reason)


def downloads_first(analysis: Analysis, call: Call) -> bool:
    """Return whether a call downloads what it reads: ``torchvision.datasets.MNIST(root, download=True)``."""
    return any(
        row.download and analysis.calls.constant(call, row.download) is True for row in call.having(Reads)
    )


def fetches_data(analysis: Analysis) -> bool:
    """Return whether a script downloads its data itself: from S3, from a hub, or as a data set of a library.

    A download of unknown content counts if the script reads no local data, or reads what it downloads.
    """
    local: set[str] = set()
    downloads: list[Call] = []
    for call in analysis.calls.all:
        fetched = list(call.having(Fetches))
        if fetched and not _has_target(analysis, call) and not all(fetch.anything for fetch in fetched):
            return True
        if fetched:
            downloads.append(call)
        for row in call.having(Reads):
            if row.what != "data" or is_writing(analysis, call, row):
                continue
            if downloads_first(analysis, call):
                return True
            node = read_path(analysis, call, row)
            roots = analysis.roots(call, node) if node is not None else []
            if any(place.root is PathKind.REMOTE for place in roots):
                return True
            local.update(
                normal_path(place.path) for place in roots if place.root in (PathKind.LOCAL, PathKind.CODE)
            )
    return any(_brings(analysis, call, local) for call in downloads)


def _has_target(analysis: Analysis, call: Call) -> bool:
    """Return whether a call writes what it downloads to a path or a file that it receives."""
    return any(
        row.target and analysis.calls.argument(call, row.target) is not None for row in call.having(Fetches)
    )


def _brings(analysis: Analysis, call: Call, local: set[str]) -> bool:
    """Return whether a download may write one of the local paths."""
    written = (analysis.calls.argument(call, row.target) for row in call.having(Fetches))
    if not local or any(
        node is not None and not is_resolved(analysis, call, node, writes=True) for node in written
    ):
        return True
    found = [place for argument in arguments(call.node) for place in analysis.roots(call, argument)]
    targets = [place for place in found if place.root is not PathKind.REMOTE]
    return any(
        place.open
        or any(path == normal_path(place.path) or path.startswith(f"{place.path}/") for path in local)
        for place in targets
    )


def _out_of_sight(analysis: Analysis) -> list[ast.AST]:
    """Return the calls to unavailable code that may read the data or that receive a channel's path."""
    found: list[ast.AST] = []
    for call in analysis.calls.all:
        if analysis.calls.may_do(call, "reads"):
            found.append(call.node)
        elif not (call.inert or call.has(Fetches) or call.has(Reads) or (call.local and not call.unknown)):
            if _hands_over(analysis, call):
                found.append(call.node)
    return found


def _sort(call: Call, roots: list[ContainerPath], present: list[ast.AST], possible: list[ast.AST]) -> None:
    if any(p.root is PathKind.CHANNEL for p in roots):
        present.append(call.node)
    elif any(
        p.root in (PathKind.INPUT, PathKind.UNKNOWN, PathKind.OTHER)
        or (p.open and p.root is not PathKind.REMOTE)
        for p in roots
    ):
        possible.append(call.node)


def _is_path(analysis: Analysis, call: Call, node: ast.expr, place: ContainerPath) -> bool:
    """Return whether the argument of a fetching call may be a path. A literal such as "imdb" is no path."""
    if place.root is not PathKind.LOCAL or place.open:
        return True
    values = analysis.calls.values(call, node)
    return not all(isinstance(v, Constant) for v in values)


def _hands_over(analysis: Analysis, call: Call) -> bool:
    """Return whether a call of unavailable code receives a channel's path."""
    written = call.has(Saves)
    return (written or analysis.calls.is_foreign(call)) and any(
        p.root is PathKind.CHANNEL
        for argument in arguments(call.node)
        for p in analysis.roots(call, argument)
    )
