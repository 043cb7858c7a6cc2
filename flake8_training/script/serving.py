"""Saved models that the serving container of their framework does not find.

Only TensorFlow's container has a form of its own: it looks through ``/opt/ml/model`` for ``saved_model.pb`` in a
folder whose name is a number, and ends with "no SavedModel bundles found!" where there is none; no ``inference.py``
changes that (sagemaker-tensorflow-serving-container 1.8.5, tfs_utils.py ``find_models``, serve.py). The containers of
scikit-learn and XGBoost load nothing without the user's ``model_fn`` and anything with it, and those of PyTorch and
MXNet take a ``model_fn`` from any file (sagemaker-xgboost-container of 2026-06, handler_service.py;
sagemaker-pytorch-inference-toolkit 2.0.26, default_pytorch_inference_handler.py), so nothing is certain there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flake8_training.record import Record
from flake8_training.script.apis.rows import Carries, Reads, Saves
from flake8_training.script.calls import Call
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.frameworks import frameworks
from flake8_training.script.places import ANY, Place, Root, places

if TYPE_CHECKING:
    import ast

    from flake8_training.script.analysis import Analysis

_FILES = (".h5", ".hdf5", ".keras", ".hdf", ".weights")
_NUMBERED = re.compile(r".*/\d+/?")
# Methods that make the numbered folder by themselves.
_NUMBERING = (
    "**.export_saved_model",
    "export_savedmodel",
    "experimental_export_all_saved_models",
    "save_keras_model",
)
_NO_SAVED_MODELS = {
    "checkpoint": "weights or a checkpoint are",
    "h5": "an HDF5 file is",
    "joblib": "a pickled model is",
    "pickle": "a pickled model is",
    "npy": "arrays are",
}


class Unservable(Record):
    """A saving call, and why nothing can be served from what it saves."""

    call: Call
    why: str


class _Servable(Exception):
    """Something is saved, or may be, that the container loads."""


def unservable(analysis: Analysis) -> list[Unservable]:
    """Return the saves of a script whose model certainly cannot be served; nothing where one of them may be."""
    if frameworks(analysis) != ("tensorflow",) or not _has_toolkit(analysis):
        return []
    try:
        return [found for call in analysis.calls.all for found in _of_call(analysis, call)]
    except _Servable:
        return []


def _has_toolkit(analysis: Analysis) -> bool:
    """Whether the script runs in a framework's container: one of the user's own serves as it likes."""
    return any(read.name.startswith("SM_") for read in analysis.environment.reads)


def _of_call(analysis: Analysis, call: Call) -> list[Unservable]:
    found: list[Unservable] = []
    for row in call.rows:
        if isinstance(row, Saves):
            if row.what in ("model", "copy"):
                for place in _places(analysis, call, analysis.calls.argument(call, row.path)):
                    found.append(Unservable(call, _why(analysis, call, row, place)))
        elif isinstance(row, Carries):
            node = analysis.calls.argument(call, row.path)
            for place in _places(analysis, call, node) if node is not None else ():
                found.append(Unservable(call, _why_carried(row, place)))
        elif isinstance(row, Reads) and is_writing(analysis, call, row):
            mode = analysis.calls.constant(call, row.mode)
            if "b" in str(mode) and _places(analysis, call, read_path(analysis, call, row)):
                raise _Servable
    if analysis.calls.could(call, "saves"):
        raise _Servable
    if not call.rows and analysis.calls.is_foreign(call) and analysis.reaches(call, Root.MODEL):
        raise _Servable
    return found


def _places(analysis: Analysis, call: Call, node: ast.expr | None) -> list[Place]:
    """The paths that an argument can be, without those that certainly lead elsewhere than to the model directory."""
    if node is None:
        raise _Servable
    found = places(analysis.evaluator, analysis.calls.values(call, node))
    if not found:
        raise _Servable
    return [place for place in found if place.root is Root.MODEL or place.open]


def _why(analysis: Analysis, call: Call, row: Saves, place: Place) -> str:
    """Say why what a call saves cannot be served."""
    name = place.path.rpartition("/")[2]
    if row.form == "keras":
        given = analysis.calls.is_given(call, ("save_format", 3))
        form = analysis.calls.constant(call, ("save_format", 3))
        if name.endswith(_FILES) or form in ("h5", "keras"):
            return f"{name or 'a file'} is no SavedModel"
        if given and form != "tf":
            raise _Servable
        return _unnumbered(place)
    if row.form == "savedmodel" and not row.name.endswith(_NUMBERING):
        return _unnumbered(place)
    if row.form in _NO_SAVED_MODELS:
        return f"{_NO_SAVED_MODELS[row.form]} no SavedModel"
    raise _Servable


def _why_carried(row: Carries, place: Place) -> str:
    if row.name == "keras.callbacks.ModelCheckpoint" and place.path.endswith(_FILES):
        return f"{place.path.rpartition('/')[2]} is no SavedModel"
    if row.name == "tensorflow.train.CheckpointManager":
        return "checkpoints are no SavedModel"
    raise _Servable


def _unnumbered(place: Place) -> str:
    if place.root is not Root.MODEL or ANY in place.path or _NUMBERED.fullmatch(place.path):
        raise _Servable
    return f"{place.path} is no numbered folder"
