"""Compares the keys that a script reads from its configuration file with the file that the job gets.

Sources: sagemaker-training 5.1.4 (the code is unpacked in ``/opt/ml/code``, which is the working directory), PyYAML and
``json``: a missing key of a mapping raises ``KeyError``.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import places
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.values.values import LibraryObject
from flake8_training.finding import Related
from flake8_training.launcher.data_files import literal_of
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.libraries.table import table
from flake8_training.named_tuple import NamedTuple
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.launch.installed_packages import is_inside_folder
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_files import (
    is_sent_whole,
    relative_path,
    with_default_options,
)
from training_alignment.launches.launch import Launch

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite, Scope

_LOADED = frozenset(
    {"json.load()", *(f"yaml.{name}()" for name in ("load", "safe_load", "full_load", "unsafe_load"))}
)
"""The results of the functions that read a file as one mapping."""
_READING = frozenset({"get", "items", "keys", "values", "copy"})
"""The methods of a dict that do not change it."""
_FAILURES = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
_MAX_DEPTH = 5

NOT_IN_FILE = "the configuration file lacks the key"


class _Read(NamedTuple):
    """A read of a key by its name: the subscript, the call that loads the file, and the keys from its root."""

    node: ast.Subscript
    scope: Scope
    load: CallSite
    keys: tuple[str, ...]


def missing_keys(launch: Launch) -> Iterator[Problem]:
    """Yield the keys that the script certainly reads and that its configuration file lacks."""
    script = launch.script
    if script is None or launch.alternatives or launch.started.by_command or not launch.jobs:
        return
    reads = _reads(script.analysis)
    if not reads:
        return
    if not is_sent_whole(launch):
        return
    script = with_default_options(launch, script) or script
    analysis = script.analysis
    files: dict[CallSite, tuple[str, ast.Dict] | None] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for read in _reads(analysis):
        note_question()
        if read.load not in files:
            files[read.load] = _content(launch, analysis, read.load)
        found = files[read.load]
        if found is None:
            note_unknown(Reason.COMPUTED, read.node, read.scope.module.path, read.keys[-1])
            continue
        path, content = found
        lacked = _lacked(content, read.keys)
        if lacked is None or (path, read.keys) in seen:
            continue
        if not runs_always(analysis, read.node, read.scope, _FAILURES):
            note_unknown(Reason.BRANCH, read.node, read.scope.module.path, read.keys[-1])
            continue
        if _may_change(analysis, read.load):
            note_unknown(Reason.CODE, read.node, read.scope.module.path, read.keys[-1])
            continue
        seen.add((path, read.keys))
        there, line = lacked
        near = closest(read.keys[-1], list(there))
        hint = did_you_mean(near) if near else ""
        yield Problem(
            read.node,
            f"{posixpath.basename(path)} has no {'.'.join(read.keys)}{hint} (KeyError)",
            (Related(path, line, f"it has {', '.join(there)}"),),
            in_script=True,
            summary=NOT_IN_FILE,
        )


def _reads(analysis: Analysis) -> list[_Read]:
    """Return the reads of constant keys in the script's own file."""
    found: list[_Read] = []
    if not any(
        site.node for name in ("load", "safe_load", "full_load") for site in analysis.live_calls(name)
    ):
        return found
    for node, scope in analysis.program.entry.subscript_loads:
        if not analysis.reach.scope_runs(scope):
            continue
        origin = _origin(analysis, node, scope, 0)
        if origin is not None and origin[1]:
            found.append(_Read(node, scope, *origin))
    return found


def _origin(
    analysis: Analysis, node: ast.expr, scope: Scope, depth: int
) -> tuple[CallSite, tuple[str, ...]] | None:
    """Return the call that loads the mapping in which an expression is, and the constant keys that lead to it."""
    if isinstance(node, ast.Subscript):
        if not isinstance(node.slice, ast.Constant) or not isinstance(node.slice.value, str):
            return None
        above = _origin(analysis, node.value, scope, depth)
        return (above[0], (*above[1], node.slice.value)) if above is not None else None
    values = analysis.evaluator.values(node, scope)
    value = values[0] if len(values) == 1 else None
    if not isinstance(value, LibraryObject) or value.site is None:
        return None
    if value.name in _LOADED:
        return value.site, ()
    if isinstance(node, ast.Name) and value.name.endswith("[]()") and depth < _MAX_DEPTH:
        binding = scope.only_binding(node.id)
        if binding is not None and binding.kind == "value" and not binding.steps:
            if isinstance(binding.value, ast.Subscript):
                return _origin(analysis, binding.value, binding.scope, depth + 1)
    return None


def _content(launch: Launch, analysis: Analysis, load: CallSite) -> tuple[str, ast.Dict] | None:
    """Return the path and content of the file that a call loads, if the job certainly gets it as it is; else None."""
    if not load.node.args:
        return None
    opened = analysis.evaluator.values(load.node.args[0], load.scope)
    site = opened[0].site if len(opened) == 1 and isinstance(opened[0], LibraryObject) else None
    if site is None or not site.node.args or not str(getattr(opened[0], "name", "")).endswith("open()"):
        return None
    call = analysis.by_node.get(site.node)
    node = site.node.args[0]
    if isinstance(site.node.func, ast.Attribute) and site.node.func.attr == "open" and call is not None:
        receiver = analysis.calls.receiver(call)
        if receiver is not None and call.names == ("pathlib.Path().open",):
            node = receiver
    found = places(analysis.evaluator, analysis.evaluator.values(node, site.scope))
    path = relative_path(found[0]) if len(found) == 1 and not found[0].open else ""
    if not path or path.startswith("..") or not is_inside_folder(launch):
        return None
    folder = launch.started.source_dir
    inside = posixpath.normpath(posixpath.join(folder, path)) if folder is not None else path
    repository = launch.file.repository
    if folder is None or inside not in repository.files or inside in launch.file.written:
        return None
    try:
        literal = literal_of(repository.data(inside), inside)
    except ReadError:
        return None
    return (inside, literal) if isinstance(literal, ast.Dict) else None


def _lacked(content: ast.Dict, keys: tuple[str, ...]) -> tuple[tuple[str, ...], int] | None:
    """Return the keys beside the last one and their line if a file certainly lacks it; None if it may have it."""
    inner: ast.expr = content
    for number, key in enumerate(keys):
        if not isinstance(inner, ast.Dict) or not all(isinstance(one, ast.Constant) for one in inner.keys):
            return None
        entries = {
            one.value: value
            for one, value in zip(inner.keys, inner.values, strict=True)
            if isinstance(one, ast.Constant)
        }
        if key not in entries:
            if number < len(keys) - 1:
                return None  # the read of the outer key is reported
            return tuple(str(one) for one in entries), getattr(inner, "lineno", 1)
        inner = entries[key]
    return None


def _may_change(analysis: Analysis, load: CallSite) -> bool:
    """Return whether the program may add keys to a mapping that a call loads, or replace it."""
    for store in analysis.program.subscript_stores:
        if _is_from(analysis, store.target, store.scope, load):
            return True
    for call in analysis.calls.all:
        receiver = analysis.calls.receiver(call)
        if receiver is not None and _is_from(analysis, receiver, call.site.scope, load):
            assert isinstance(call.node.func, ast.Attribute)
            if call.node.func.attr not in _READING:
                return True
        if (call.local and not call.unknown) or (call.names and table().only_shows(call.names)):
            continue
        if call.names and all(name.startswith("builtins.") for name in call.names):
            continue
        for node in arguments(call.node):
            if isinstance(node, ast.Name) and _is_from(analysis, node, call.site.scope, load):
                return True
    return False


def _is_from(analysis: Analysis, node: ast.expr, scope: Scope, load: CallSite) -> bool:
    return any(
        isinstance(value, LibraryObject)
        and value.site is load
        and value.name.removesuffix("[]()").endswith(")")
        for value in analysis.evaluator.values(node, scope)
    )
