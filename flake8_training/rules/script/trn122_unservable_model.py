"""TRN122: the framework's serving container does not load the saved model.

Only TensorFlow's container has a form of its own: it looks through ``/opt/ml/model`` for ``saved_model.pb`` in a
folder whose name is a number, and ends with "no SavedModel bundles found!" where there is none; no ``inference.py``
changes that (sagemaker-tensorflow-serving-container 1.8.5, tfs_utils.py ``find_models``, serve.py). The containers of
scikit-learn and XGBoost load nothing without the user's ``model_fn`` and anything with it, and those of PyTorch and
MXNet take a ``model_fn`` from any file (sagemaker-xgboost-container of 2026-06, handler_service.py;
sagemaker-pytorch-inference-toolkit 2.0.26, default_pytorch_inference_handler.py), so nothing is certain there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.finding import Finding, Severity
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import Carries, Reads, Saves
from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.rules.precedence import MODEL_IS_LOST
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.frameworks import frameworks
from flake8_training.script.model_fn_files import never_written

if TYPE_CHECKING:
    import ast

    from flake8_training.engine.analysis import Analysis


def _loading(*body: str) -> Example:
    """Return a script that saves ``model.joblib``, with the lines of its ``model_fn``."""
    return Example(_LOADING.format(body="\n    ".join(body)))


_LOADING = """
import argparse
import os

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression


def model_fn(model_dir):
    {body}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--C", type=float, default=1.0)
    args = parser.parse_args()

    train = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npz"))
    test = np.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.npz"))
    model = LogisticRegression(C=args.C).fit(train["x"], train["y"])
    print("accuracy:", model.score(test["x"], test["y"]))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""


class UnservableModel(Rule[Script]):
    """Reports a TensorFlow model that its serving container does not load, and a file that the training never writes.

    Source: sagemaker-tensorflow-serving-container 1.8.5, tfs_utils.py and serve.py. The containers of the other
    frameworks call the user's ``model_fn``, which has to load a file that the training wrote.
    """

    code = "TRN122"
    severity = Severity.WARNING
    summary = "the serving container does not load the model"
    why = """
        SageMaker serves a TensorFlow model with TensorFlow Serving, which loads a SavedModel from a folder whose name
        is a number: `/opt/ml/model/1/saved_model.pb`. If the container finds none, it ends with "no SavedModel bundles
        found!"; an `inference.py` changes nothing. The training job succeeds, and the endpoint fails.

        The containers of the other frameworks call the script's own `model_fn`. If it opens a file that the training
        never writes, the endpoint fails with `FileNotFoundError`.
    """
    fix = """
        Export a TensorFlow model as a SavedModel to a numbered folder: `model.export(os.path.join(model_dir, "1"))`.
        Load in `model_fn` the file name that the training writes.
    """
    reported_when = (
        "the script trains only with TensorFlow, and saves only `.h5` or `.keras` files, weights, "
        "checkpoints, `joblib` files or arrays",
        "the script trains only with TensorFlow, and saves its SavedModel to a folder whose name is no "
        "number",
        "`model_fn` of the entry point loads a file from the model folder, and the training writes only "
        "files of other names there",
        "the script writes its XGBoost model to the model folder by `dump_model` only",
    )
    not_reported_when = (
        Condition(
            "one save may write a SavedModel to a numbered folder, or its path or form is unknown",
            suppressed={
                '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122': (
                    '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122\n'
                    '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "1"))'
                )
            },
            reported={
                '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122': (
                    '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122\n'
                    '    print(os.path.join(os.environ["SM_MODEL_DIR"], "1"))'
                )
            },
        ),
        Condition(
            "a library or program that the script calls may save the model out of sight",
            suppressed={
                "import numpy": "import models\nimport numpy",
                '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122': (
                    '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122\n'
                    "    models.export(model)"
                ),
            },
            reported={
                "import numpy": "import models\nimport numpy",
                '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122': (
                    '    model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122\n'
                    '    models.export("model")'
                ),
            },
        ),
        Condition(
            "the TensorFlow script reads no `SM_` variable: a container of the project may load any form",
            suppressed={
                'os.environ["SM_CHANNEL_TRAIN"]': '"/opt/ml/input/data/train"',
                'os.environ["SM_CHANNEL_TEST"]': '"/opt/ml/input/data/test"',
                'os.environ["SM_MODEL_DIR"]': '"/opt/ml/model"',
            },
            reported={
                'os.environ["SM_CHANNEL_TRAIN"]': '"/opt/ml/input/data/train"',
                'os.environ["SM_CHANNEL_TEST"]': '"/opt/ml/input/data/test"',
            },
        ),
        Condition(
            "`model_fn` lists the folder, or tests or opens the file in a `try`, a loop or an `if` that does not only "
            "raise",
            suppressed=_loading(
                'path = os.path.join(model_dir, "model.pkl")',
                "if os.path.exists(path):",
                "    return joblib.load(path)",
                "return None",
            ),
            reported=_loading(
                'path = os.path.join(model_dir, "model.pkl")  # TRN122',
                'if os.environ.get("VERBOSE"):',
                '    print("joblib.load of", model_fn)',
                "return joblib.load(path)",
            ),
        ),
    )
    bad = Example("""
        import argparse
        import os

        import numpy as np
        import tensorflow as tf

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=10)
            args = parser.parse_args()

            train = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npz"))
            test = np.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.npz"))
            model = tf.keras.Sequential([tf.keras.layers.Dense(16, "relu"), tf.keras.layers.Dense(1)])
            model.compile(optimizer="adam", loss="mse")
            model.fit(train["x"], train["y"], epochs=args.epochs)
            print("test loss:", model.evaluate(test["x"], test["y"]))
            model.save(os.path.join(os.environ["SM_MODEL_DIR"], "model.h5"))  # TRN122
    """)
    good = Example("""
        import argparse
        import os

        import numpy as np
        import tensorflow as tf

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--epochs", type=int, default=10)
            args = parser.parse_args()

            train = np.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.npz"))
            test = np.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.npz"))
            model = tf.keras.Sequential([tf.keras.layers.Dense(16, "relu"), tf.keras.layers.Dense(1)])
            model.compile(optimizer="adam", loss="mse")
            model.fit(train["x"], train["y"], epochs=args.epochs)
            print("test loss:", model.evaluate(test["x"], test["y"]))
            model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
    """)
    references = (
        "https://sagemaker.readthedocs.io/en/stable/frameworks/tensorflow/deploying_tensorflow_serving.html",
        "https://github.com/aws/sagemaker-tensorflow-serving-container",
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first save if no save can be served, and one at each file that is never written."""
        for found in unservable(subject.analysis):
            if subject.owns(found.call.node):
                detail = f"{found.why}; save a SavedModel to /opt/ml/model/1"
                yield self.finding(subject, found.call.node, detail, cause=MODEL_IS_LOST)
                return
        for node in trees_as_text(subject.analysis):
            if subject.owns(node):
                detail = (
                    "dump_model writes a text of the trees, which load_model does not read; use save_model"
                )
                yield self.finding(subject, node, detail, cause=MODEL_IS_LOST)
                return
        for missing in never_written(subject.analysis):
            detail = (
                f"model_fn loads {missing.name}, but the training writes {', '.join(missing.written[:3])}"
            )
            yield self.finding(subject, missing.node, detail, cause=MODEL_IS_LOST)


_FILES = (".h5", ".hdf5", ".keras", ".hdf", ".weights")

_NUMBERED = pattern(r".*/\d+/?")

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


def trees_as_text(analysis: Analysis) -> list[ast.AST]:
    """Return the calls that write XGBoost's trees as a text to the model directory, if nothing else may be a model.

    Source: xgboost 3.2, ``Booster.dump_model`` ("intended for visualization"): ``load_model`` does not read its file.
    """
    if not any(map(_is_text_of_trees, (row for _, row in analysis.calls.having(Saves)))):
        return []
    found: list[ast.AST] = []
    for call in analysis.calls.all:
        for row in call.rows:
            if isinstance(row, Saves) and _is_text_of_trees(row):
                node = analysis.calls.argument(call, row.path)
                values = analysis.calls.values(call, node) if node is not None else ()
                if any(place.root is PathKind.MODEL for place in places(analysis.evaluator, values)):
                    found.append(call.node)
            elif isinstance(row, Carries) or (isinstance(row, Saves) and row.what != "data"):
                return []
        is_unseen = analysis.calls.is_foreign(call) and analysis.reaches(call, PathKind.MODEL)
        if not call.rows and (is_unseen or analysis.calls.may_do(call, "saves")):
            return []
    return found


def _is_text_of_trees(row: Saves) -> bool:
    return row.form == "text" and row.framework == "xgboost"


class Unservable(Record):
    """A save, and the reason why the container cannot serve its result."""

    call: Call
    why: str


class _Servable(Exception):
    """The script saves, or may save, a model that the container loads."""


def unservable(analysis: Analysis) -> list[Unservable]:
    """Return the saves of a script whose model certainly cannot be served; nothing where one of them may be."""
    if frameworks(analysis) != ("tensorflow",) or not _has_toolkit(analysis):
        return []
    found: list[Unservable] = []
    for call in analysis.calls.all:
        try:
            found.extend(_of_call(analysis, call))
        except _Servable:
            if analysis.calls.may_do(call, "saves") or not call.rows:
                note_unknown(Reason.CODE, call.node, call.site.scope.module.path, weak=True)
            elif any(place.open for place in _places_saved(analysis, call)):
                note_unknown(Reason.COMPUTED, call.node, call.site.scope.module.path, weak=True)
            return []
    return found


def _places_saved(analysis: Analysis, call: Call) -> list[ContainerPath]:
    """Return the paths that a call writes to."""
    nodes = [analysis.calls.argument(call, row.path) for row in call.having(Saves)]
    return [
        place
        for node in nodes
        if node is not None
        for place in places(analysis.evaluator, analysis.calls.values(call, node))
    ]


def _has_toolkit(analysis: Analysis) -> bool:
    """Return whether the script runs in a framework's container: one of the user's own serves as it likes."""
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
    if analysis.calls.may_do(call, "saves"):
        raise _Servable
    if not call.rows and analysis.calls.is_foreign(call) and analysis.reaches(call, PathKind.MODEL):
        raise _Servable
    return found


def _places(analysis: Analysis, call: Call, node: ast.expr | None) -> list[ContainerPath]:
    """Return the paths that an argument can be, without those certainly outside of the model directory."""
    if node is None:
        raise _Servable
    found = places(analysis.evaluator, analysis.calls.values(call, node))
    if not found:
        raise _Servable
    return [place for place in found if place.root is PathKind.MODEL or place.open]


def _why(analysis: Analysis, call: Call, row: Saves, place: ContainerPath) -> str:
    """Return the reason why the container cannot serve the result of a save."""
    name = place.path.rpartition("/")[2]
    if row.form == "keras":
        passed = analysis.calls.is_passed(call, ("save_format", 3))
        form = analysis.calls.constant(call, ("save_format", 3))
        if name.endswith(_FILES) or form in ("h5", "keras"):
            return f"{name or 'a file'} is no SavedModel"
        if passed and form != "tf":
            raise _Servable
        return _unnumbered(place)
    if row.form == "savedmodel" and not row.name.endswith(_NUMBERING):
        return _unnumbered(place)
    if row.form in _NO_SAVED_MODELS:
        return f"{_NO_SAVED_MODELS[row.form]} no SavedModel"
    raise _Servable


def _why_carried(row: Carries, place: ContainerPath) -> str:
    if row.name == "keras.callbacks.ModelCheckpoint" and place.path.endswith(_FILES):
        return f"{place.path.rpartition('/')[2]} is no SavedModel"
    if row.name == "tensorflow.train.CheckpointManager":
        return "checkpoints are no SavedModel"
    raise _Servable


def _unnumbered(place: ContainerPath) -> str:
    if place.root is not PathKind.MODEL or ANY in place.path or _NUMBERED.fullmatch(place.path):
        raise _Servable
    return f"{place.path} is no numbered folder"
