"""Files that a script's own ``model_fn`` loads and that its training never writes.

Source: sagemaker-inference-toolkit (``model_fn`` receives the folder with the content of ``model.tar.gz``, which holds
the files that the training left in ``/opt/ml/model``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, PathKind, places
from flake8_training.engine.syntax.parents import enclosing, parent
from flake8_training.engine.syntax.scopes import Scope, last_name
from flake8_training.engine.values.values import Constant, Function, LibraryObject
from flake8_training.libraries.rows import Carries, Reads, Saves, Trains
from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker import paths
from flake8_training.script.data import is_writing, read_path

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

_LOADER = "model_fn"
_TRYING = (ast.If, ast.IfExp, ast.Try, ast.For, ast.While, ast.Match, ast.Lambda)


class NeverWritten(NamedTuple):
    """The path expression of a loaded file, the file's name, and the files that the training writes."""

    node: ast.expr
    name: str
    written: tuple[str, ...]


def never_written(analysis: Analysis) -> list[NeverWritten]:
    """Return the files that ``model_fn`` loads and that are not written; nothing where others may be written."""
    module = analysis.program.entry
    scopes = [s for s in module.scopes if s.name == _LOADER and s.parent is module.top]
    wanted = list(_loaded(analysis, scopes[0])) if len(scopes) == 1 else []
    if not wanted:
        return []
    written = _written(analysis, scopes[0])
    if not written:
        return []
    return [
        NeverWritten(node, name, tuple(written))
        for node, name in wanted
        if not any(name.startswith(one) for one in written)
    ]


def _loaded(analysis: Analysis, scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Yield the literal files that are opened below the folder, if it has no other use and no use is in a branch."""
    function = scope.node
    if not isinstance(function, ast.FunctionDef) or not function.args.args:
        return
    folder = function.args.args[0].arg
    found: list[tuple[ast.expr, str]] = []
    uses = 0
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == folder:
            uses += 1
        name = _below(analysis, node, folder, scope) if isinstance(node, ast.expr) else None
        if name is not None and isinstance(node, ast.expr):
            found.append((node, name))
    if uses != len(found):
        return
    names: set[str] = set()
    wanted: list[tuple[ast.expr, str]] = []
    for node, name in found:
        holders = _uses(analysis, node, scope)
        if any(_is_in_a_branch(analysis, one, function) for one in holders):
            return
        if name not in names and any(_is_opening(analysis, one, function) for one in holders):
            names.add(name)
            wanted.append((node, name))
    yield from wanted


def _uses(analysis: Analysis, node: ast.expr, scope: Scope) -> list[ast.expr]:
    """Return the expressions of the function that hold a path: its own, and the name that is bound to it alone."""
    module = analysis.program.entry
    around = parent(module.tree, node)
    if (
        isinstance(around, ast.Assign)
        and len(around.targets) == 1
        and isinstance(around.targets[0], ast.Name)
    ):
        name = around.targets[0].id
        if len(scope.bindings.get(name, ())) == 1:
            return [node, *(load for load, within in module.name_loads.get(name, ()) if within is scope)]
    return [node]


def _is_in_a_branch(analysis: Analysis, node: ast.expr, function: ast.FunctionDef) -> bool:
    """Return whether a use stands in what decides or may not run; an ``if`` that only raises decides nothing."""
    for around in enclosing(analysis.program.entry.tree, node):
        if around is function:
            break
        if isinstance(around, _TRYING) and not (isinstance(around, ast.If) and _only_raises(around)):
            return True
    return False


def _only_raises(branch: ast.If) -> bool:
    return not branch.orelse and isinstance(branch.body[-1], ast.Raise)


def _is_opening(analysis: Analysis, node: ast.expr, function: ast.FunctionDef) -> bool:
    """Return whether a call around a path opens the file: a call that reads, or one of a library that is not inert."""
    module = analysis.program.entry
    for around in enclosing(module.tree, node):
        if around is function:
            break
        if isinstance(around, ast.Call):
            names = module.calls_by_name.get(last_name(around.func) or "", ())
            for site in names:
                if site.node is around and _opens(analysis, analysis.calls.classified(site)):
                    return True
    return False


def _opens(analysis: Analysis, call: Call) -> bool:
    if call.inert:
        return False
    if call.local:
        values = analysis.evaluator.values(call.node.func, call.site.scope)
        bodies = [value.scope.node for value in values if isinstance(value, Function)]
        return bool(bodies) and not any(
            isinstance(node, _TRYING) for body in bodies for node in ast.walk(body)
        )
    return call.has(Reads) or analysis.calls.is_foreign(call)


def _below(analysis: Analysis, node: ast.expr, folder: str, scope: Scope) -> str | None:
    """``model.pth`` of ``os.path.join(folder, "model.pth")`` and of what means the same."""

    def text(part: ast.expr) -> str | None:
        values = analysis.evaluator.values(part, scope)
        value = values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None
        return value if isinstance(value, str) else None

    def is_folder(part: ast.expr) -> bool:
        if isinstance(part, ast.Call) and last_name(part.func) == "Path" and len(part.args) == 1:
            part = part.args[0]
        return isinstance(part, ast.Name) and part.id == folder

    if isinstance(node, ast.Call) and last_name(node.func) == "join" and len(node.args) > 1:
        parts = [text(part) for part in node.args[1:]]
        known = [part for part in parts if part is not None]
        return "/".join(known) if is_folder(node.args[0]) and len(known) == len(parts) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Add) and is_folder(node.left):
        name = text(node.right)
        if name is not None and (isinstance(node.op, ast.Div) or name.startswith("/")):
            return name.lstrip("/")
    if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        first, rest = node.values
        if (
            isinstance(first, ast.FormattedValue)
            and is_folder(first.value)
            and isinstance(rest, ast.Constant)
        ):
            return str(rest.value).lstrip("/") if str(rest.value).startswith("/") else None
    return None


def _written(analysis: Analysis, loader: Scope) -> list[str]:
    """Return the files in the model directory that are written; nothing where there may be others."""
    if analysis.calls.first_opaque_call("saves") is not None or analysis.program.unreadable:
        return []
    found: dict[str, None] = {}
    for call in analysis.calls.all:
        if call.site.scope.function is loader:
            continue
        known = False
        for node in _writing(analysis, call):
            known = True
            values = analysis.calls.values(call, node) if node is not None else ()
            if values and all(isinstance(v, LibraryObject) and v.name.endswith("open()") for v in values):
                continue  # the call that opens the file is checked by itself
            found_places = places(analysis.evaluator, values)
            if not found_places:
                return []
            for place in found_places:
                if place.root in (PathKind.UNKNOWN, PathKind.OTHER) or (
                    place.open and place.root is not PathKind.MODEL
                ):
                    return []
                if place.root is not PathKind.MODEL:
                    continue
                name = paths.normal_path(place.path).removeprefix(paths.MODEL_DIR).strip("/")
                if not name or ANY in name:
                    return []
                found[name] = None
        if not known and not call.inert and not call.local and analysis.calls.is_foreign(call):
            if analysis.reaches(call, PathKind.MODEL):
                return []
    return list(found)


def _writing(analysis: Analysis, call: Call) -> Iterator[ast.expr | None]:
    """Yield the paths that a call writes to; None for one that is not known."""
    for row in call.rows:
        if isinstance(row, Saves):
            yield analysis.calls.argument(call, row.path)
        elif isinstance(row, Carries):
            yield analysis.calls.argument(call, row.path)
        elif isinstance(row, Trains) and row.saves_to:
            node = analysis.calls.argument(call, row.saves_to)
            if node is not None:
                yield node
        elif isinstance(row, Reads) and is_writing(analysis, call, row):
            yield read_path(analysis, call, row)
