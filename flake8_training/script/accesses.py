"""The container paths that a script reads, writes, or passes to any call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, place_of_path, places
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.values.values import Frame, OptionValue, StringTemplate, Value
from flake8_training.ledger import Reason, note_unknown, open_ledger
from flake8_training.libraries.rows import Reads, Saves
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import CHANNEL_PREFIX, fixed_value
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.hyperparameters import is_place
from flake8_training.script.path_uses import has_unknown_access, is_no_use, path_uses, used_by

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.values.option import Option


_MAX_CALLERS = 12
_PATH_STARTS = ("/", ".", "~")


class Access(Record):
    """A call of the script's own file that reads or writes, and a place that its path may be."""

    node: ast.Call
    place: ContainerPath
    writing: bool


class ReferencedPaths(Record):
    """Every absolute path that the program uses.

    * ``reads_others``, ``writes_others``: it may read from others, or write to others: code that is not available
      does, or an option without default names one.
    """

    paths: frozenset[str]
    reads_others: bool
    writes_others: bool


def accesses(analysis: Analysis) -> list[Access]:
    """Return the known places that the script's own file reads and writes, in the order of its calls."""
    found: dict[tuple[ast.Call, ContainerPath, bool], Access] = {}
    for call in analysis.calls.all:
        if call.site.scope.module is not analysis.program.entry:
            continue
        for row in call.rows:
            if isinstance(row, Reads):
                node, writing = read_path(analysis, call, row), is_writing(analysis, call, row)
            elif isinstance(row, Saves):
                node, writing = analysis.calls.argument(call, row.path), True
            else:
                continue
            for place in _known_places(analysis, call, node):
                if isinstance(row, Reads):
                    if (
                        row.what == "model"
                        and place.root is PathKind.LOCAL
                        and not place.path.startswith(_PATH_STARTS)
                    ):
                        continue  # the name of a model in a hub
                    if row.name.endswith("PipeModeDataset"):
                        place = place_of_path(f"{paths.INPUT_DATA_DIR}/{place.path}")
                found.setdefault((call.node, place, writing), Access(call.node, place, writing))
    return list(found.values())


def _known_places(analysis: Analysis, call: Call, node: ast.expr | None) -> list[ContainerPath]:
    """Return the known places that the argument itself can be; the arguments of one call of a function are paired."""
    if node is None:
        return []
    found: dict[ContainerPath, None] = {}
    for frame in _frames(analysis, call):
        values = analysis.evaluator.values(node, call.site.scope, frame)
        found.update(dict.fromkeys(places(analysis.evaluator, values)))
    return [place for place in found if place.root is not PathKind.UNKNOWN]


def _frames(analysis: Analysis, call: Call) -> list[Frame | None]:
    """Return one frame for each call of the function around a call; no frame if there are too many, or unknown ones."""
    function = call.site.scope.function
    if function is None or analysis.evaluator.parameters.escapes(function):
        return [None]
    sites = [site for site in analysis.evaluator.callers(function) if analysis.reach.runs(site)]
    if not 1 < len(sites) <= _MAX_CALLERS:
        return [None]
    return [Frame(function, site, None, None, 0) for site in sites]


def _is_used_without_a_row(analysis: Analysis, options: list[Option]) -> bool:
    """Return whether a call that the table says nothing about receives one of the options, or the program stores it.

    A call with a row writes to its path alone, which is judged by itself.
    """
    if not options:
        return False
    stores = [(store.value, store.scope) for store in analysis.program.subscript_stores]
    stores += [(store.value, store.scope) for store in analysis.program.attribute_stores()]
    received = (
        (node, call.site.scope)
        for call in analysis.calls.all
        if not (call.rows or is_no_use(call))
        for node in arguments(call.node)
    )
    return any(
        _holds(value, options)
        for node, scope in (*stores, *received)
        for value in analysis.evaluator.values(node.value if isinstance(node, ast.Starred) else node, scope)
    )


def _holds(value: Value, options: list[Option]) -> bool:
    parts = value.parts if isinstance(value, StringTemplate) else (value,)
    return any(isinstance(part, OptionValue) and part.option in options for part in parts)


def note_open_paths(analysis: Analysis, path: str, *, writing: bool) -> None:
    """Note for the rule that asks why the program may read from a path that it does not name, or write to it."""
    if open_ledger() is None:
        return
    call = analysis.calls.first_opaque_call("saves" if writing else "reads", noted=False)
    if call is not None:
        note_unknown(Reason.CODE, call.node, call.site.scope.module.path, path)
        return
    option = next((o for o in analysis.live_options if o.default is None and is_place(analysis, o)), None)
    if option is not None:
        note_unknown(Reason.OUTSIDE, option.line, option.module.path, path)


def referenced_paths(analysis: Analysis) -> ReferencedPaths:
    """Return the paths that calls use, in defaults of options, and in the variables that the program reads.

    If a read or write has an unknown path, each path that any call receives counts: it may be that one.
    """
    found: set[str] = set()
    if has_unknown_access(analysis):
        found.update(
            place.path for call in analysis.calls.all for place in used_by(analysis, call, inside=False)
        )
    found.update(place.path for place in path_uses(analysis))
    unknown: list[Option] = []
    launched = analysis.evaluator.launched
    for option in analysis.live_options:
        if option.dest in launched:
            found.add(launched[option.dest])
            if launched[option.dest].startswith(ANY):
                unknown.append(option)
        elif option.default is not None:
            values = analysis.evaluator.values(option.default, option.scope)
            found.update(place.path for place in places(analysis.evaluator, values))
        elif is_place(analysis, option):
            unknown.append(option)
    for read in analysis.environment.reads:
        if read.name.startswith(CHANNEL_PREFIX):
            found.add(f"{paths.INPUT_DATA_DIR}/{read.name.removeprefix(CHANNEL_PREFIX).lower()}")
        elif (fixed := fixed_value(read.name)) is not None:
            found.add(fixed)
    reads, writes = (
        analysis.calls.first_opaque_call(what, noted=False) is not None for what in ("reads", "saves")
    )
    reads = reads or bool(unknown)
    writes = writes or _is_used_without_a_row(analysis, unknown)
    return ReferencedPaths(frozenset(path for path in found if path.startswith("/")), reads, writes)
