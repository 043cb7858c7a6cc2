"""Whether a script saves the trained model under the model directory."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.values.values import (
    Class,
    Constant,
    LibraryObject,
    OptionValue,
    StringTemplate,
    Variable,
)
from flake8_training.ledger import Reason
from flake8_training.libraries.rows import Carries, Predicts, Prepares, Reads, Saves, Trains
from flake8_training.libraries.table import table
from flake8_training.sagemaker import paths
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.resolved_paths import is_moved, is_resolved
from flake8_training.script.trainer_arguments import is_trainer, output_directory, pushes, saves_nothing
from flake8_training.script.training import trainings
from flake8_training.script.unsaved_models import DUMPS, saves_something_else
from flake8_training.script.verdict import Verdict, verdict_from
from flake8_training.script.watched_metrics import is_keras_fit, never_saves

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

MODEL_DIR = "/opt/ml/model"


def model_saving(analysis: Analysis) -> Verdict:
    """Return the verdict on saving the model."""
    present: list[ast.AST] = []
    possible: list[ast.AST] = []
    decoys: list[ast.AST] = []
    trained = _trained(analysis)
    for call in analysis.calls.all:
        for row in call.rows:
            if isinstance(row, Saves):
                if _is_no_model(analysis, call):
                    decoys.append(call.node)
                    continue
                _saves(analysis, call, row, trained, present, possible, decoys)
            elif isinstance(row, Carries) or (isinstance(row, Trains) and row.saves_to):
                node = analysis.calls.argument(call, row.path if isinstance(row, Carries) else row.saves_to)
                if node is None:
                    if isinstance(row, Carries) and analysis.calls.spreads(call):
                        possible.append(call.node)
                    continue
                if isinstance(row, Carries) and saves_nothing(analysis, call):
                    continue
                if isinstance(row, Carries) and never_saves(analysis, call):
                    continue
                if isinstance(row, Carries) and pushes(analysis, call):
                    possible.append(call.node)
                _sort(analysis, call, node, present, possible, decoys)
    if present and saves_something_else(analysis, present):
        return verdict_from([], [], present[-1], "what is dumped there is not the model")
    reason = Reason.OUTSIDE if possible else Reason.CODE
    if not present:
        possible.extend(_out_of_sight(analysis, trained))
        possible.extend(filled := _filled_arguments(analysis))
        reason = Reason.OUTSIDE if filled and len(filled) == len(possible) else reason
    return verdict_from(present, possible, decoys[-1] if decoys else None, reason=reason)


def _out_of_sight(analysis: Analysis, trained: set[ast.Call]) -> list[ast.AST]:
    """Return the calls to unavailable code that may save the model or that receive the model directory."""
    found: list[ast.AST] = []
    waits = any(never_saves(analysis, call) for call in analysis.calls.all)
    for call in analysis.calls.all:
        if waits and is_keras_fit(call):
            continue  # its checkpoint is all that it could save
        if analysis.calls.may_do(call, "saves"):
            found.append(call.node)
            continue
        for row in call.having(Reads):
            if is_writing(analysis, call, row):
                _opened(analysis, call, row, trained, found)
        known = any(
            isinstance(r, Saves | Carries | Reads) or (isinstance(r, Trains) and r.saves_to)
            for r in call.rows
        ) or is_trainer(call)
        if not known and not call.inert and analysis.calls.is_foreign(call) and _hands_over(analysis, call):
            found.append(call.node)
    return found


def _saves(
    analysis: Analysis,
    call: Call,
    row: Saves,
    trained: set[ast.Call],
    present: list[ast.AST],
    possible: list[ast.AST],
    decoys: list[ast.AST],
) -> None:
    node = analysis.calls.argument(call, row.path)
    if node is None:
        default = output_directory(analysis, call) if row.path else None
        if default is not None:
            _sort(analysis, *default, present, possible, decoys)
        elif row.what == "model":
            possible.append(call.node)
        return
    roots = analysis.roots(call, node)
    if row.what == "part":
        return
    if row.what == "data":
        if any(p.root in (PathKind.MODEL, PathKind.UNKNOWN) or p.open for p in roots) and (
            any(_is_the_model(p) for p in roots) or _holds_model(analysis, call, trained)
        ):
            possible.append(call.node)
        return
    if row.what == "copy" and _copies_code(analysis, call, row):
        return
    written = places(analysis.evaluator, analysis.calls.values(call, node))
    if written and all(_fails_in_s3(row, place) for place in written):
        decoys.append(call.node)
        return
    _sort(analysis, call, node, present, possible, decoys)


def _fails_in_s3(row: Saves, place: ContainerPath) -> bool:
    """Return whether a call opens the place as a local file, and the place is an address of S3.

    h5py and Python's own ``open`` then end the job with an OSError; the forms left out may be written to S3.
    """
    if place.root is not PathKind.REMOTE or not place.path.startswith("s3://"):
        return False
    return row.form == "joblib" or (row.form in ("keras", "h5") and place.path.endswith((".h5", ".hdf5")))


def _sort(
    analysis: Analysis,
    call: Call,
    node: ast.expr,
    present: list[ast.AST],
    possible: list[ast.AST],
    decoys: list[ast.AST],
) -> None:
    roots = analysis.roots(call, node)
    if any(p.root is PathKind.MODEL or _mentions_model(p) for p in roots):
        present.append(call.node)
        return
    roots = _whole_paths(analysis, call, node) or roots
    if not roots or any(_may_be_kept(analysis, place) for place in roots):
        possible.append(call.node)
    elif not is_resolved(analysis, call, node, writes=True) or is_moved(analysis, roots):
        possible.append(call.node)
    else:
        decoys.append(call.node)


def _whole_paths(analysis: Analysis, call: Call, node: ast.expr) -> list[ContainerPath]:
    """Return the paths that an argument can be as a whole; none if one of its values is no text.

    What flows into the name of a file, such as the number of an epoch, is no place by itself.
    """
    values = analysis.calls.values(call, node)
    if not all(isinstance(value, Constant | StringTemplate | OptionValue | Variable) for value in values):
        return []
    return places(analysis.evaluator, values)


def _may_be_kept(analysis: Analysis, place: ContainerPath) -> bool:
    """Return whether a model may be kept at a place; an S3 location that the launcher passes is no artifact."""
    if place.root is PathKind.REMOTE and place.path.startswith(tuple(analysis.evaluator.launched.values())):
        return False
    if place.root is PathKind.OTHER and not place.open:
        # A misspelt folder, which another rule reports, is not counted as lost.
        return ANY in place.path or paths.judge_path(place.path).kind != paths.Kind.LOST
    return place.root in (PathKind.UNKNOWN, PathKind.REMOTE) or place.open


def _is_the_model(place: ContainerPath) -> bool:
    """Return whether a file in the model directory is called the model, in whatever form."""
    inside = place.path.removeprefix(MODEL_DIR + "/")
    return place.root is PathKind.MODEL and inside != place.path and inside.partition(".")[0] == "model"


def _mentions_model(place: ContainerPath) -> bool:
    """Return whether a longer string, such as a command line, contains the model directory."""
    return place.root is PathKind.LOCAL and MODEL_DIR in place.path


def _opened(
    analysis: Analysis, call: Call, row: Reads, trained: set[ast.Call], possible: list[ast.AST]
) -> None:
    """Add the opening of a file in the model directory to ``possible`` if the script may write the model into it."""
    node = read_path(analysis, call, row)
    if node is not None and any(p.root is PathKind.MODEL for p in analysis.roots(call, node)):
        binary = analysis.calls.constant(call, row.mode)
        if isinstance(binary, str) and "b" in binary:
            dumps = [
                other
                for other in analysis.calls.all
                if any(_writes_to(analysis, other, r, call) for r in other.having(Saves))
            ]
            if not dumps or not all(_is_no_model(analysis, other) for other in dumps):
                possible.append(call.node)
        elif not any(
            isinstance(r, Saves)
            and r.what == "data"
            and _writes_to(analysis, other, r, call)
            and not _holds_model(analysis, other, trained)
            for other in analysis.calls.all
            for r in other.rows
        ):
            possible.append(call.node)


def _writes_to(analysis: Analysis, call: Call, row: Saves, opened: Call) -> bool:
    """Return whether a data-writing call (``json.dump``) writes into a file that ``opened`` opened."""
    node = analysis.calls.argument(call, row.path)
    return node is not None and any(
        isinstance(o, Result) and o.node is opened.node for o in analysis.calls.origins(call, node)
    )


def _holds_model(analysis: Analysis, call: Call, trained: set[ast.Call]) -> bool:
    """Return whether an argument is the result of a training, or of a call to an unknown library."""
    for argument in arguments(call.node):
        for origin in analysis.flow_of_objects.origins(argument, call.site.scope):
            if isinstance(origin, Result) and (_is_model(origin, trained) or _is_opaque(analysis, origin)):
                return True
    return False


def _is_model(origin: Result, trained: set[ast.Call]) -> bool:
    """Return whether a training returned the value; a response of boto3 only describes a model."""
    return origin.node in trained and not origin.name.startswith("boto3.")


def _is_opaque(analysis: Analysis, origin: Result) -> bool:
    call = analysis.by_node.get(origin.node) if origin.node is not None else None
    return call is not None and analysis.calls.of_unknown_library(call)


def _trained(analysis: Analysis) -> set[ast.Call]:
    """Return the calls that train, and the constructions of the objects that they train in place."""
    found: set[ast.Call] = set()
    for call, _ in trainings(analysis):
        found.add(call.node)
        receiver = analysis.calls.receiver(call)
        for value in analysis.calls.values(call, receiver) if receiver is not None else ():
            if isinstance(value, LibraryObject) and value.site is not None:
                found.add(value.site.node)
    return found


def _is_no_model(analysis: Analysis, call: Call) -> bool:
    """Return whether a call dumps a fitted transformation or a prediction of a script that trains a model."""
    if not call.names or not DUMPS.issuperset(call.names):
        return False
    if not any(not row.name.startswith("?") for _, row in trainings(analysis)):
        return False  # the transformation may be what the job is for
    node = analysis.calls.argument(call, (0, "obj", "value"))
    values = analysis.calls.values(call, node) if node is not None else ()
    return bool(values) and all(
        isinstance(value, LibraryObject) and _is_by_product(analysis, value) for value in values
    )


def _is_by_product(analysis: Analysis, value: LibraryObject) -> bool:
    rows = table().match(f"{value.name}.fit")
    if any(isinstance(row, Prepares) for row in rows):
        return not any(isinstance(row, Trains) for row in rows)
    built = analysis.by_node.get(value.site.node) if value.site is not None else None
    return built is not None and built.has(Predicts) and not built.has(Trains)


def _copies_code(analysis: Analysis, call: Call, row: Saves) -> bool:
    node = analysis.calls.argument(call, row.source) if row.source else None
    if node is None:
        return False
    roots = analysis.roots(call, node)
    return bool(roots) and all(
        p.path.endswith((".py", ".json", ".txt", ".yaml", ".yml", ".csv")) for p in roots
    )


def _hands_over(analysis: Analysis, call: Call) -> bool:
    """Return whether an argument of a call is the model directory or contains it."""
    nodes = list(arguments(call.node))
    for node in nodes:
        if any(p.root is PathKind.MODEL or _mentions_model(p) for p in analysis.roots(call, node)):
            return True
        if any(
            isinstance(v, Constant) and isinstance(v.value, str) and MODEL_DIR in v.value
            for v in analysis.calls.values(call, node)
        ):
            return True
    return False


def _filled_arguments(analysis: Analysis) -> list[ast.AST]:
    """Return the parsers that fill a library's own arguments class, whose output directory the launcher passes."""
    return [
        call.node
        for call in analysis.calls.all
        if any(
            name.rpartition(".")[2] in ("HfArgumentParser", "TrlParser", "H4ArgumentParser")
            for name in call.names
        )
        and not _fills_own_classes(analysis, call)
    ]


def _fills_own_classes(analysis: Analysis, call: Call) -> bool:
    """Return whether a parser fills only classes that the program defines without a base of a library."""
    node = analysis.calls.argument(call, (0, "dataclass_types"))
    if node is None:
        return False
    parts = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    values = [value for part in parts for value in analysis.calls.values(call, part)]
    return bool(values) and all(
        isinstance(value, Class)
        and set(analysis.evaluator.ancestry(value.scope)[1]) <= {"builtins.object", "abc.ABC"}
        for value in values
    )
