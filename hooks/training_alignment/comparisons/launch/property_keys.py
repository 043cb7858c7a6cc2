"""Compares the property files that a pipeline reads with the JSON documents that the processing scripts write.

Sources: the documentation of ``JsonGet`` (a path such as ``metrics.mse.value`` or ``metrics['mse']``; a pipeline
without the file or the key fails), sagemaker 2.257.7 ``workflow/functions.py``.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, PathKind
from flake8_training.engine.flow.dataflow import arguments
from flake8_training.engine.values.located_dicts import LocatedDict
from flake8_training.engine.values.values import Collection, Constant, Frame, LibraryObject, Value
from flake8_training.launcher.processing_jobs import text_of
from flake8_training.launcher.property_files import PropertyRead, files_of, property_reads
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.libraries.table import table
from flake8_training.named_tuple import NamedTuple
from flake8_training.pattern import pattern
from flake8_training.sagemaker import paths
from flake8_training.script.accesses import accesses
from flake8_training.script.path_uses import has_unknown_access
from flake8_training.script.resolved_paths import MOVING
from flake8_training.spelling import closest, did_you_mean
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.processing import ProcessingLaunch

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call
    from flake8_training.engine.syntax.scopes import Scope

_PART = pattern(r"\.?([A-Za-z_][\w-]*)|\[(?:'([^']+)'|\"([^\"]+)\"|(\d+))\]")
_KEEPING = frozenset({"json.dump", "json.dumps", "builtins.len", "copy.deepcopy", "pprint.pprint"})
"""Calls that leave a dict as it is."""


UNWRITTEN = "the processing script never writes the property"


class _Document(NamedTuple):
    """An expression that the script writes as JSON, and where."""

    node: ast.expr
    scope: Scope
    frame: Frame | None


def unwritten_keys(launch: ProcessingLaunch) -> Iterator[Problem]:
    """Yield the keys and files that ``JsonGet`` reads from a job's output, and that its script never writes."""
    launcher, script = launch.file.launcher, launch.script_in_job
    for read in property_reads(launcher):
        if not _is_of(read, launch):
            continue
        note_question()
        if script is None or read.json_path is None or read.json_path.text is None:
            note_unknown(Reason.COMPUTED, read.node, what="json_path")
            continue
        path = _path_of(read, launch)
        if path is None:
            note_unknown(Reason.COMPUTED, read.node, what="property_file")
            continue
        analysis = script.analysis
        written = _written(analysis, path)
        if isinstance(written, str):
            at = launcher.own(read.wanted.node, read.node)
            side = launch.in_script(None, f"writes {written}")
            yield Problem(
                at,
                f"the script writes no {path}{did_you_mean(written)}",
                side,
                summary=UNWRITTEN,
            )
        elif written is None:
            note_unknown(Reason.COMPUTED, 1, launch.script_path or "", path)
        else:
            yield from _missing_key(launch, read, analysis, written)


def _missing_key(
    launch: ProcessingLaunch, read: PropertyRead, analysis: Analysis, written: list[_Document]
) -> Iterator[Problem]:
    assert read.json_path is not None
    text = read.json_path.text or ""
    keys = _keys(text)
    found = [_judged(analysis, document, keys) for document in written] if keys else []
    missing = [one for one in found if one is not None]
    if not found or len(missing) < len(found):
        note_unknown(Reason.COMPUTED, read.node, what=text, weak=True)
        return
    if any(one == _THERE for one in missing):
        return
    key, near, there = missing[0]
    hint = did_you_mean(near) if near else f"; it has {', '.join(there) or 'nothing'} there"
    yield Problem(
        launch.file.launcher.own(read.json_path.node, read.node),
        f"{text!r} needs the key {key}{hint}",
        launch.in_script(written[0].node, "it is written here"),
        summary=UNWRITTEN,
    )


def _is_of(read: PropertyRead, launch: ProcessingLaunch) -> bool:
    """Return whether the step that is read runs a processing job."""
    if read.step.node is launch.job.node:
        return True
    started = read.step.get("step_args")
    values = started.expression.values if started is not None else ()
    return (
        len(values) == 1
        and isinstance(values[0], LibraryObject)
        and values[0].site is not None
        and values[0].site.node is launch.job.node
    )


def _path_of(read: PropertyRead, launch: ProcessingLaunch) -> str | None:
    """Return the path of the property file in the container; None if it is unknown."""
    files = files_of(launch.file.launcher, read.step) or ()
    file = next((one for one in files if read.file.is_same(one)), None)
    port = next((p for p in launch.job.outputs or () if file is not None and p.name == file.output), None)
    folder = text_of(port.path) if port is not None and port.path is not None else None
    if file is None or file.path is None or folder is None or not folder.startswith("/"):
        return None
    return paths.normal_path(posixpath.join(folder, file.path))


def _written(analysis: Analysis, path: str) -> list[_Document] | str | None:
    """Return the documents that the script writes to a path; the path of another file there, or None if unknown."""
    if analysis.hands_over or any(name in MOVING for call in analysis.calls.all for name in call.names):
        return None
    if analysis.calls.first_opaque_call("saves", noted=False) is not None or has_unknown_access(analysis):
        return None
    writes = [one for one in accesses(analysis) if one.writing]
    if any(one.place.open or one.place.root is PathKind.UNKNOWN or ANY in one.place.path for one in writes):
        return None
    here = {one.node for one in writes if paths.normal_path(one.place.path) == path}
    if here:
        return _documents(analysis, here)
    folder = posixpath.dirname(path)
    beside = sorted(
        {
            paths.normal_path(one.place.path)
            for one in writes
            if posixpath.dirname(paths.normal_path(one.place.path)) == folder
            and one.place.path.endswith(".json")
        }
    )
    return beside[0] if len(beside) == 1 else None


def _documents(analysis: Analysis, opened: set[ast.Call]) -> list[_Document] | None:
    """Return what is written as JSON to files that the script opens; None if something else may be written."""
    found: list[_Document] = []
    for call in analysis.calls.all:
        if call.node in opened:
            found += _saved(analysis, call)
        elif _gets_one_of(analysis, call, opened):
            one = _through(analysis, call)
            if one is None:
                return None
            found += one
    return found or None


def _gets_one_of(analysis: Analysis, call: Call, opened: set[ast.Call]) -> bool:
    """Return whether a call gets the result of one of some calls, as an argument or as its receiver."""
    receiver = analysis.calls.receiver(call)
    return any(
        isinstance(value, LibraryObject) and value.site is not None and value.site.node in opened
        for node in (*arguments(call.node), *([receiver] if receiver is not None else []))
        for value in analysis.calls.values(call, node)
    )


def _saved(analysis: Analysis, call: Call) -> list[_Document]:
    """Return what a call writes that opens its file itself."""
    name = call.node.func.attr if isinstance(call.node.func, ast.Attribute) else ""
    if name == "write_text" and call.node.args:
        return _dumped(analysis, call, call.node.args[0])
    if call.names == ("json.dump",) and call.node.args:
        return [_Document(call.node.args[0], call.site.scope, None)]
    return []


def _through(analysis: Analysis, call: Call) -> list[_Document] | None:
    """Return what a call writes into an open file; None if that is unknown."""
    if call.names == ("json.dump",) and call.node.args:
        return [_Document(call.node.args[0], call.site.scope, None)]
    name = call.node.func.attr if isinstance(call.node.func, ast.Attribute) else ""
    if name in ("close", "flush", "__enter__", "__exit__"):
        return []
    if name == "write" and len(call.node.args) == 1:
        return _dumped(analysis, call, call.node.args[0]) or None
    return None


def _dumped(analysis: Analysis, call: Call, node: ast.expr) -> list[_Document]:
    """Return what ``json.dumps`` converted to the string that an expression is; empty if it is another string."""
    values = analysis.calls.values(call, node)
    if len(values) != 1 or not isinstance(values[0], LibraryObject) or values[0].name != "json.dumps()":
        return []
    site = values[0].site
    if site is None or not site.node.args:
        return []
    return [_Document(site.node.args[0], site.scope, values[0].frame)]


_THERE = ("", None, ())
"""The judgement on a path that the document has."""


def _judged(
    analysis: Analysis, document: _Document, keys: list[str | int]
) -> tuple[str, str | None, tuple[str, ...]] | None:
    """Return the first key that a document lacks, with the nearest one and those that are there; None if unknown."""
    node, scope, frame = document
    for key in keys:
        values = analysis.evaluator.values(node, scope, frame)
        if not values or not all(isinstance(one, Collection) for one in values) or isinstance(key, int):
            return None
        if any(_is_handed_on(analysis, one) for one in values if isinstance(one, Collection)):
            return None
        held: LocatedDict = analysis.evaluator.dicts.of(node, scope, frame)
        entries = [one for one in held.entries if one.key == key]
        if not entries:
            if not held.is_closed or any(_may_get(analysis, one, key) for one in values):
                return None
            there = tuple(dict.fromkeys(one.key for one in held.entries))
            return key, closest(key, list(there)), there
        if len(entries) > 1 or entries[0].encoding:
            return None
        node, scope, frame = entries[0].value, entries[0].scope, entries[0].frame
        values = analysis.evaluator.values(node, scope, frame)
        if values and all(isinstance(one, Constant) for one in values):
            break
    return _THERE


def _may_get(analysis: Analysis, value: Value, key: str) -> bool:
    """Return whether a statement may store a key in a dict that is reached through another dict."""
    for store in analysis.program.subscript_stores:
        if value in analysis.evaluator.values(store.target, store.scope):
            keys = (
                analysis.evaluator.values(store.key, store.scope)
                if isinstance(store.key, ast.expr)
                else (Constant(store.key),)
            )
            if not keys or not all(isinstance(one, Constant) and one.value != key for one in keys):
                return True
    return False


def _is_handed_on(analysis: Analysis, value: Collection) -> bool:
    """Return whether code that is not available gets a dict, and may change it."""
    for call in analysis.calls.all:
        if (call.local and not call.unknown) or (call.names and set(call.names) <= _KEEPING):
            continue
        if call.names and table().only_shows(call.names):
            continue
        for node in arguments(call.node):
            if isinstance(node, ast.Name | ast.Attribute) and value in analysis.calls.values(call, node):
                return True
    return False


def _keys(text: str) -> list[str | int]:
    """Return the keys of a JSON path, indexes as numbers; empty for a path of another form."""
    found: list[str | int] = []
    text = text.removeprefix("$")
    place = 0
    while place < len(text):
        match = _PART.match(text, place)
        if match is None:
            return []
        name = match[1] or match[2] or match[3]
        found.append(name if name is not None else int(match[4]))
        place = match.end()
    return found
