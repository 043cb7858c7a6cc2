"""Output that is lost at the end of the job.

SageMaker keeps /opt/ml/model and /opt/ml/output/data, and /opt/ml/checkpoints if the launcher sets it; the rest of the
container's disk is lost. Scratch files are legitimate, so only two cases count: the model, if no model reaches the
model directory, and a file in a folder below /opt/ml that SageMaker does not know and nothing else uses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.syntax.parents import stands_in
from flake8_training.engine.values.values import LibraryObject
from flake8_training.ledger import Reason, Suppression, note_suppressed, note_unknown
from flake8_training.libraries.rows import Carries, Reads, Saves, Trains
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.path_uses import is_no_use, used_by
from flake8_training.script.resolved_paths import is_read_from_file
from flake8_training.script.trainer_arguments import is_saved_into, saves_nothing
from flake8_training.script.training import trainings
from flake8_training.script.verdict import State, Verdict

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

# Formats for any object, a model as well as a list of words.
_GENERAL_FORMS = frozenset({"", "pickle", "joblib", "npy", "json", "text", "csv", "parquet", "yaml"})
# Folders where an image or a launcher may mount a file system.
_MOUNTS = ("/mnt", "/fsx", "/efs", "/lustre", "/nfs", "/dev")
# Calls that handle a path or file without copying it elsewhere.
_HOUSEKEEPING = (
    "os.makedirs",
    "os.mkdir",
    "os.path.",
    "os.chmod",
    "os.listdir",
    "os.fspath",
    "pathlib.",
    "logging.",
    "builtins.print",
    "builtins.str",
    "builtins.open",
    "open",
    "csv.writer",
    "csv.DictWriter",
    "argparse.",
)
_FILE_METHODS = frozenset("write writelines writerow writerows writeheader close flush mkdir exists".split())


class LostOutput(Record):
    """A call that writes to ``path``, which is lost. ``model``: the call writes the model."""

    node: ast.Call
    path: str
    model: bool


def lost_outputs(analysis: Analysis, saving: Verdict, *, in_training_job: bool) -> list[LostOutput]:
    """Return the lost outputs of the script's own file, in the order of their lines.

    With ``in_training_job``, a training job certainly starts the script: it keeps no folder of processing jobs.
    """
    found = list(_lost_models(analysis)) if saving.state is State.ABSENT else []
    if any(_is_taken_along(analysis, one.path) for one in found):
        found = []  # the model is kept elsewhere, so its other files are scratch
    reported = {one.node for one in found}
    found += [one for one in _lost_files(analysis, in_training_job) if one.node not in reported]
    return sorted(found, key=lambda one: (one.node.lineno, one.node.col_offset))


def is_kept_elsewhere(analysis: Analysis) -> bool:
    """Return whether a script's model is outside the model directory on purpose.

    A service that trains the model keeps it; or the script saves it to the output data, or passes the path of the saved
    model to another call, such as an upload.
    """
    trained = [row.name for _, row in trainings(analysis)]
    if trained and all(name.startswith("boto3.") for name in trained):
        return True
    if any(
        paths.normal_path(place.path).startswith(paths.OUTPUT_DATA_DIR)
        for call, node in _saved_models(analysis)
        for place in _places_written(analysis, call, node)
    ):
        return True
    lost = [one.path for one in _lost_models(analysis)]
    return any("/" in path and _is_taken_along(analysis, path) for path in lost)


def _lost_models(analysis: Analysis) -> Iterator[LostOutput]:
    moves = any("os.chdir" in call.names for call in analysis.calls.all)
    reported: set[ast.Call] = set()
    for call, node in _saved_models(analysis):
        path = _lost_path(analysis, call, node, moves) if call.node not in reported else None
        if path is not None:
            reported.add(call.node)
            yield LostOutput(call.node, path, model=True)


def _saved_models(analysis: Analysis) -> Iterator[tuple[Call, ast.expr]]:
    """Yield the calls of the script's own file that save the model, with the expression of the path."""
    trained = {call.node for call, _ in trainings(analysis)}
    objects = set(_trained_objects(analysis))
    for call in analysis.calls.all:
        if not stands_in(analysis.program.entry.tree, call.node):
            continue
        for row in call.rows:
            if isinstance(row, Saves):
                node = analysis.calls.argument(call, row.path)
                if row.what != "model" or not _is_model(analysis, call, row, trained, objects):
                    continue
            elif isinstance(row, Carries):
                if saves_nothing(analysis, call) and not is_saved_into(analysis, call):
                    continue
                node = analysis.calls.argument(call, row.path)
            elif isinstance(row, Trains) and row.saves_to:
                node = analysis.calls.argument(call, row.saves_to)
            else:
                continue
            if node is not None:
                yield call, node


def _lost_path(analysis: Analysis, call: Call, node: ast.expr, moves: bool) -> str | None:
    """Return the path of an argument or of its open file if it is certainly lost; None if it may be kept."""
    found = _places_written(analysis, call, node)
    if not found or not all(_is_gone(place) for place in found):
        return None
    if moves and any(not place.path.startswith("/") for place in found):
        return None
    return max((place.path for place in found), key=lambda path: ("/" in path, "." in path, len(path)))


def _places_written(analysis: Analysis, call: Call, node: ast.expr) -> list[ContainerPath]:
    """Return the places that an argument can be as a path, or those at which the open file was opened."""
    values = analysis.calls.values(call, node)
    if any(map(is_read_from_file, values)):
        return []
    found = places(analysis.evaluator, values)
    for value in values:
        opened = (
            analysis.by_node.get(value.site.node) if isinstance(value, LibraryObject) and value.site else None
        )
        for row in opened.having(Reads) if opened is not None else ():
            path = read_path(analysis, opened, row) if opened is not None else None
            if opened is not None and path is not None:
                found += places(analysis.evaluator, analysis.calls.values(opened, path))
    return found or analysis.roots(call, node)


def _is_taken_along(analysis: Analysis, path: str) -> bool:
    """Return whether another call, such as an upload or a copy, receives the path or its folder."""
    if "/" not in path and "." not in path:
        return True  # a plain word; its uses are unknown
    plain = paths.normal_path(path.partition(ANY)[0])
    return any(
        _covers(paths.normal_path(place.path.partition(ANY)[0]), plain)
        for call in analysis.calls.all
        if not (_writes(call) or _is_housekeeping(call))
        for argument in arguments(call.node)
        for place in places(analysis.evaluator, analysis.calls.values(call, argument))
        if place.path not in ("", ".", "/")
    )


def _writes(call: Call) -> bool:
    """Return whether a call is known to write or read files, or to train into a folder, and copies nothing."""
    if any(row.what == "copy" for row in call.having(Saves)):
        return False
    return any(isinstance(row, Saves | Reads | Carries | Trains) for row in call.rows)


def _is_gone(place: ContainerPath) -> bool:
    """Return whether a file at a place is certainly lost with the container."""
    if place.open:
        return False
    if place.root is PathKind.LOCAL:
        relative_root = place.path.startswith(paths.ROOT.removeprefix("/"))
        return not (relative_root or paths.MODEL_DIR in place.path or place.path.startswith(_MOUNTS))
    if place.root is PathKind.OTHER:
        if _may_be_kept_folder(place.path):
            return False
        return paths.judge_path(place.path).kind == paths.Kind.LOST
    return place.root is PathKind.CODE


_KEPT: dict[str, tuple[str, ...]] = {
    paths.ROOT: ("model", "output", "checkpoints"),
    f"{paths.ROOT}/output": ("data",),
}
"""The folders that SageMaker keeps, or that hold one, by the folder that they are in."""


def _may_be_kept_folder(path: str) -> bool:
    """Return whether an unknown folder in a path may be one that SageMaker keeps: ``/opt/ml/*/metrics.json``."""
    before, unknown, after = path.partition(ANY)
    folder, _, name = before.rpartition("/")
    kept = _KEPT.get(paths.normal_path(folder), ()) if unknown else ()
    # An unknown name of a file in /opt/ml/output is no folder.
    return any(one.startswith(name) for one in kept) and (kept is _KEPT[paths.ROOT] or "/" in after)


def _trained_objects(analysis: Analysis) -> Iterator[ast.Call]:
    """Yield the constructions of objects trained in place: ``SVC()`` of ``model = SVC(); model.fit(...)``."""
    for call, _ in trainings(analysis):
        receiver = analysis.calls.receiver(call)
        if receiver is not None:
            for value in analysis.calls.values(call, receiver):
                if isinstance(value, LibraryObject) and value.site is not None:
                    yield value.site.node


def _is_model(
    analysis: Analysis, call: Call, row: Saves, trained: set[ast.Call], objects: set[ast.Call]
) -> bool:
    """Return whether a call writes a model: the format is one of models, or the value is the result of a training."""
    if row.form not in _GENERAL_FORMS:
        return True
    return any(
        isinstance(origin, Result) and (origin.node in trained or origin.node in objects)
        for argument in arguments(call.node)
        for origin in analysis.calls.origins(call, argument)
    )


def _lost_files(analysis: Analysis, in_training_job: bool) -> Iterator[LostOutput]:
    """Yield the writes to folders below /opt/ml that SageMaker does not keep and that nothing else uses."""
    if not _names_a_lost_folder(analysis):
        return
    writes: list[tuple[Call, str]] = []
    others: list[Call] = []
    for call in analysis.calls.all:
        node = _written(analysis, call)
        if node is None:
            if not _is_housekeeping(call):
                others.append(call)
            continue
        found = _places_written(analysis, call, node)
        lost = [place.path for place in found if place.root is PathKind.OTHER]
        if in_training_job and found and all(place.root is PathKind.PROCESSING for place in found):
            if runs_always(analysis, call.node, call.site.scope):
                writes.append((call, paths.normal_path(found[0].path)))
        elif lost and all(_is_gone(place) for place in found if place.root is not PathKind.LOCAL):
            writes.append((call, paths.normal_path(lost[0])))
        elif any(_may_be_kept_folder(path) for path in lost):
            note_unknown(Reason.COMPUTED, call.node, call.site.scope.module.path, lost[0], weak=True)
    if not writes:
        return
    used = {
        paths.normal_path(place.path.partition(ANY)[0])
        for call in others
        for place in _taken(analysis, call)
        if place.root in (PathKind.OTHER, PathKind.PROCESSING)
    }
    reported: set[str] = set()
    for call, path in sorted(writes, key=lambda pair: (_rank(pair[0]), pair[0].line)):
        if path in reported:
            continue
        if any(_covers(one, path) or _covers(path, one) for one in used):
            note_suppressed(Suppression.COPIED, call.node, call.site.scope.module.path, path)
            continue
        reported.add(path)
        if stands_in(analysis.program.entry.tree, call.node):
            yield LostOutput(call.node, path, model=False)


def _taken(analysis: Analysis, call: Call) -> Iterator[ContainerPath]:
    """Yield the places that a call receives, and for an object such as an open file, those that it comes from."""
    yield from used_by(analysis, call)
    for argument in arguments(call.node):
        if places(analysis.evaluator, analysis.calls.values(call, argument)):
            continue
        found = {
            paths.normal_path(place.path.partition(ANY)[0]): place for place in analysis.roots(call, argument)
        }
        # A folder that a known path is built from is no place of its own.
        yield from (
            place
            for path, place in found.items()
            if not any(other != path and _covers(path, other) for other in found)
        )


def _names_a_lost_folder(analysis: Analysis) -> bool:
    """Return whether the program names /opt/ml or the output directory, without which no path is below /opt/ml."""
    if any(read.name == "SM_OUTPUT_DIR" for read in analysis.environment.reads):
        return True
    return any(str(node.value).startswith(paths.ROOT) for node in analysis.program.strings)


def _rank(call: Call) -> int:
    """Return the rank of a call among those that write one file: a save, then the opening, then file methods."""
    if isinstance(call.node.func, ast.Attribute) and call.node.func.attr in _FILE_METHODS:
        return 2
    return 0 if any(True for _ in call.having(Saves)) else 1


def _written(analysis: Analysis, call: Call) -> ast.expr | None:
    """Return the expression of the path that a call writes to; None for a call that writes nothing."""
    for row in call.rows:
        if isinstance(row, Saves) and row.what != "copy":
            return analysis.calls.argument(call, row.path)
        if isinstance(row, Reads) and is_writing(analysis, call, row):
            return read_path(analysis, call, row)
    return None


def _is_housekeeping(call: Call) -> bool:
    if is_no_use(call):
        return True
    if call.names and all(name.startswith(_HOUSEKEEPING) for name in call.names):
        return True
    return isinstance(call.node.func, ast.Attribute) and call.node.func.attr in _FILE_METHODS


def _covers(folder: str, path: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")
