"""The content of the model artifact beside the model, and the check on whether the script loads it back."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ContainerPath, PathKind
from flake8_training.engine.flow.dataflow import Result, arguments
from flake8_training.engine.syntax.nodes import walk
from flake8_training.engine.syntax.parents import parent
from flake8_training.engine.values.values import Collection
from flake8_training.libraries.rows import Carries, Reads, Saves
from flake8_training.script.data import is_writing, read_path

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

# Formats that hold a model and no metadata.
_BARE = frozenset({"pickle", "joblib", "torch", "xgboost", "lightgbm", "catboost", "mxnet", "h5", "npy"})
# Objects that learn from the training data how to prepare other data, which a server of the model has to do too.
_PREPARATIONS = tuple(
    f"sklearn.{module}." for module in ("preprocessing", "impute", "feature_extraction", "feature_selection")
)
_FITS = ("().fit", "().fit_transform")
_OWN_METHODS = frozenset({"fit", "transform", "fit_transform", "inverse_transform", "partial_fit"})
"""What gives nothing of the preparation away; any other attribute may be kept, such as ``mean_``."""
# Objects that hold the model together with the preparation of its data or the settings of its training.
_TOGETHER = ("sklearn.pipeline.", "imblearn.pipeline.", "sklearn.model_selection.", "sklearn.compose.")


def bare_save(analysis: Analysis) -> Call | None:
    """Return the only call of a program that writes anything, where it writes a bare model; None otherwise."""
    if analysis.calls.first_opaque_call("saves") is not None or any(
        True for _ in analysis.calls.having(Carries)
    ):
        return None
    saves: list[tuple[Call, Saves]] = []
    for call in analysis.calls.all:
        for row in call.rows:
            if isinstance(row, Saves):
                saves.append((call, row))
            elif (
                isinstance(row, Reads)
                and is_writing(analysis, call, row)
                and not _is_written_by(analysis, call)
            ):
                return None
        if not call.rows and analysis.calls.is_foreign(call) and analysis.reaches(call, PathKind.MODEL):
            return None
    if len({call.node for call, _ in saves}) != 1:
        return None
    call, row = saves[0]
    if row.what != "model" or row.form not in _BARE or not saves_to_model_directory(analysis, call, row):
        return None
    return None if _holds_more(analysis, call, row) else call


def lost_preparation(analysis: Analysis) -> Call | None:
    """Return the fit of a preparation that a program certainly never saves, beside a model that it saves; or None.

    The preparation is bound to one name, and the program uses the name for nothing but the preparation's own methods.
    """
    is_saved = False
    for call in analysis.calls.all:
        for row in call.having(Saves):
            is_saved = is_saved or (row.what == "model" and saves_to_model_directory(analysis, call, row))
    if not is_saved or analysis.calls.first_opaque_call("saves") is not None:
        return None
    for call in analysis.calls.all:
        if any(name.startswith(_PREPARATIONS) and name.endswith(_FITS) for name in call.names):
            receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
            if isinstance(receiver, ast.Name) and _is_used_alone(call, receiver):
                return call
    return None


def _is_used_alone(call: Call, name: ast.Name) -> bool:
    """Return whether a local name is bound once, to a constructor, and only its own methods are used."""
    found = call.site.scope.lookup(name.id)
    if (
        found is None
        or len(found[1]) != 1
        or found[1][0].steps
        or not isinstance(found[1][0].value, ast.Call)
    ):
        return False
    tree = call.site.scope.module.tree
    return all(
        isinstance(used := parent(tree, node), ast.Attribute) and used.attr in _OWN_METHODS
        for node in walk(tree)
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Load)
    )


def unread_save(analysis: Analysis) -> Call | None:
    """Return the first save of a model that is certainly never loaded back, or None."""
    first: Call | None = None
    for call in analysis.calls.all:
        for row in call.rows:
            if (
                isinstance(row, Saves)
                and row.what == "model"
                and saves_to_model_directory(analysis, call, row)
            ):
                first = first or call
            elif isinstance(row, Reads) and not is_writing(analysis, call, row):
                if _may_read_model(analysis, call, row):
                    return None
        if not call.rows and analysis.calls.is_foreign(call) and analysis.reaches(call, PathKind.MODEL):
            return None
        if any(
            name.rpartition(".")[2].startswith(("load_model", "restore", "from_file")) for name in call.names
        ):
            return None
    return None if analysis.calls.first_opaque_call("reads") is not None else first


def saves_to_model_directory(analysis: Analysis, call: Call, row: Saves) -> bool:
    """Return whether a call certainly saves below the model directory."""
    node = analysis.calls.argument(call, row.path)
    return node is not None and any(place.root is PathKind.MODEL for place in analysis.roots(call, node))


def _is_written_by(analysis: Analysis, opened: Call) -> bool:
    """Return whether a file that is opened for writing goes into a save: ``pickle.dump(model, stream)``."""
    for call in analysis.calls.all:
        for row in call.having(Saves):
            node = analysis.calls.argument(call, row.path)
            if row.what == "model" and node is not None:
                for origin in analysis.calls.origins(call, node):
                    if isinstance(origin, Result) and origin.node is opened.node:
                        return True
    return False


def _holds_more(analysis: Analysis, call: Call, row: Saves) -> bool:
    """Return whether the saved object holds more than the model: a dict, a pipeline, an object of the project."""
    for node in (*arguments(call.node), analysis.calls.receiver(call)):
        if node is None or node is analysis.calls.argument(call, row.path):
            continue
        values = analysis.calls.values(call, node)
        if any(isinstance(value, Collection) or _is_together(value) for value in values):
            return True
        if not values:
            return True
    return False


def _is_together(value: object) -> bool:
    name = getattr(value, "name", None)
    return not isinstance(name, str) or name.startswith(_TOGETHER)


def _may_read_model(analysis: Analysis, call: Call, row: Reads) -> bool:
    node: ast.expr | None = read_path(analysis, call, row)
    if node is None:
        return row.what == "model"
    places = [origin for origin in analysis.calls.origins(call, node) if isinstance(origin, ContainerPath)]
    if any(place.root is PathKind.MODEL for place in places):
        return True
    return row.what == "model" and any(place.root is PathKind.UNKNOWN for place in places)
