"""The kinds of rows in the tables of library calls.

A row names calls by a pattern over canonical dotted names. In a name, ``()`` marks the result of a call:
``xgboost.XGBClassifier().fit`` is the method ``fit`` of an object that ``xgboost.XGBClassifier(...)`` returns.
In a pattern, ``*`` matches one dotted segment without ``()``, and ``**`` matches one or more segments of any kind.
A ``*`` within a segment matches a part of it, which may be empty (``pandas.read_*``, ``transformers.*Trainer``).
``?`` as the first segment is an object of unknown origin.

Rows name an argument by positions (from 0, without the receiver) and keywords, in the order in which they are tried;
``RECEIVER`` is the receiver of a method call.
"""

from __future__ import annotations

from typing import Final

from flake8_training.record import Record

Arguments = tuple[int | str, ...]
"""The positions and keywords of an argument, in the order in which they are tried."""

RECEIVER: Final = -1
"""The "argument" of a method that works on the path of its receiver: ``Path(p).iterdir()``.

The path of a receiver is the path of its constructor's row (``Reads`` or ``Carries``), or the receiver itself."""

FRAMEWORKS: Final = frozenset(
    {"xgboost", "pytorch", "tensorflow", "sklearn", "huggingface", "lightgbm", "mxnet", "other"}
)
"""The names of frameworks in the facts of a script."""

FORMS: Final = frozenset(
    {
        "autogluon",  # a directory of AutoGluon's own
        "catboost",  # CatBoost's own formats (cbm, json, onnx, ...: ``format=``)
        "checkpoint",  # a state of training (TensorFlow's, Lightning's, DeepSpeed's ...)
        "coreml",
        "csv",
        "flax",  # msgpack
        "gluonts",
        "h5",  # HDF5, the form of Keras 2
        "huggingface",  # the folder of save_pretrained
        "joblib",
        "json",
        "keras",  # the form follows the name's ending: .keras, .h5, or a folder (SavedModel) in Keras 2
        "lightgbm",  # LightGBM's text file
        "mlflow",
        "mxnet",  # parameters, with or without the symbol
        "npy",
        "onnx",
        "parquet",
        "pickle",
        "safetensors",
        "savedmodel",
        "skops",
        "tar",
        "text",
        "tflite",
        "torch",  # torch.save
        "torchscript",
        "xgboost",  # XGBoost's json, ubj or binary
        "yaml",
        "zip",
    }
)
"""The forms in which a call may save."""


class Reads(Record):
    """A call that reads data from the path in one of ``path``.

    ``what`` is "model" for a call that can read only a model (or a part of one), else "data". ``mode`` names the
    argument that makes the call an opening for writing if it is a mode of writing ("w", "a", "x"). ``download`` names
    the argument that, if true, downloads the data into ``path`` first.
    """

    name: str
    path: Arguments = (0,)
    what: str = "data"
    mode: Arguments = ()
    download: Arguments = ()


class Fetches(Record):
    """A call that gets data from another source (a hub, a download, a generator), never from a channel.

    ``unless`` names the arguments that may hold a path instead (``data_files=`` of ``load_dataset``).
    ``anything``: the call may also get something other than data. ``target`` names the arguments that hold the path to
    which the call writes what it gets.
    """

    name: str
    unless: Arguments = ()
    anything: bool = False
    target: Arguments = ()


class Trains(Record):
    """A call that trains a model. ``framework`` is a name of the facts ("xgboost", ..., "other").

    ``held_out`` names the arguments that make the call evaluate on held-out data while training. ``saves_to`` names
    those that hold a directory to which the call saves the model. ``step``: the call is one step of a hand-written
    loop (``loss.backward()``), not a whole training.
    """

    name: str
    framework: str
    held_out: Arguments = ()
    saves_to: Arguments = ()
    step: bool = False


class Prepares(Record):
    """A call that fits a transformation, not a model: ``StandardScaler().fit``, ``Tokenizer().fit_on_texts``."""

    name: str


class Evaluates(Record):
    """A call that returns a measure on data: a metric function, ``evaluate``, ``score``, ``cv``."""

    name: str


class Predicts(Record):
    """A call that returns a prediction: it is evaluation only if something is computed from the result."""

    name: str


class Compares(Record):
    """A loss: it compares predictions with targets. It is a measure where nothing is trained with it."""

    name: str


class Saves(Record):
    """A call that writes to the path in one of ``path``; if that is empty, the path is unknown.

    ``what`` is "model" (a model or any object), "part" (a tokenizer, a scaler, a configuration: not a model by
    itself), "copy" (copies or packs files that are already on disk; the source is ``source``) or "data" (plain data
    such as JSON or CSV: never a model by itself). ``framework`` and ``form`` (one of FORMS) are set if the name
    determines them.
    """

    name: str
    path: Arguments = (0,)
    what: str = "model"
    source: Arguments = ()
    framework: str = ""
    form: str = ""


class Carries(Record):
    """A constructor that takes the directory in which a later training saves.

    ``TrainingArguments(output_dir=...)``, ``ModelCheckpoint(dirpath=...)``, ``TabularPredictor(path=...)``: a
    model saved there is saved by the training.
    """

    name: str
    path: Arguments


class HoldsOut(Record):
    """A call that takes held-out data on which a later training evaluates.

    ``transformers.Trainer(eval_dataset=...)``. ``args`` names the arguments that hold the data; it is empty for a call
    that always holds data out (``GridSearchCV``).
    """

    name: str
    args: Arguments = ()


SELF: Final = "self"
"""The result of a method that returns its receiver: ``model.fit(X, y)`` of scikit-learn."""

INSTANCE: Final = "instance"
"""The result of a class method that returns an instance of its class: ``AutoModel.from_pretrained(...)``."""


ANYTHING: Final = "?"
"""The result of a call that may return any object: ``joblib.load(...)``. Its methods count as ``?.method``."""


class Returns(Record):
    """The result of a call: another canonical object name, SELF, INSTANCE or ANYTHING.

    ``Returns("xgboost.train", "xgboost.Booster()")``.
    """

    name: str
    result: str


class Inert(Record):
    """A call that neither reads or writes data, nor trains, nor evaluates, with any arguments."""

    name: str


class May(Record):
    """A call that may do ``what`` in library code, besides its other rows; its arguments do not decide it.

    ``DefaultTrainer(cfg).train()`` of detectron2 saves to a directory of its configuration, and may evaluate.
    """

    name: str
    what: frozenset[str]


class ReadsKey(Record):
    """A method of a mapping, or a function, that reads one key: the first argument, or ``key=``.

    ``required``: a missing key raises if there is no default. ``writes``: the call stores the default under the key.
    ``tests``: the call only returns whether the key exists. ``environment``: the mapping holds environment variables.
    """

    name: str
    required: bool = False
    writes: bool = False
    tests: bool = False
    environment: bool = False


class Logs(Record):
    """A call that prints, logs or tracks its arguments.

    ``message`` is the position of the message of a logging method, None for any other call. ``settings``: it takes
    hyperparameters. ``tracker``: it belongs to a tracker of experiments. ``file``: it writes into an open file,
    so it reports only to readers of that file.
    """

    name: str
    message: int | None = None
    settings: bool = False
    tracker: bool = False
    file: bool = False


FACT: Final = "fact"
"""The result of a call that only inspects its argument: ``len(d)``, ``isinstance(d, dict)``."""

DISPLAY: Final = "display"
"""A result that displays the argument: ``str(d)``."""

SERIALISED: Final = "serialised"
"""A result from which the argument can be restored: ``json.dumps(d)``."""

COPY: Final = "copy"
"""A result that has all elements of the argument: ``dict(d)``, ``d.items()``."""

NUMBER: Final = "number"
"""A result that is the argument as a number: ``int(s)``."""


class SameValue(Record):
    """A call that leaves its argument (or receiver) unchanged, and keeps no reference to it.

    ``result`` relates its result to the argument: FACT, DISPLAY, SERIALISED, COPY or NUMBER.
    """

    name: str
    result: str


class Library(Record):
    """A known package, or a module or function of one.

    ``could`` lists the effects that its calls *without a row* may have: a set of "hyperparameters", "reads", "trains",
    "evaluates", "saves". It is empty for a library whose other calls have none of them (numpy, logging). An unlisted
    package is opaque: it could have every effect. ``framework`` is the name of the framework in the facts, or "" if
    importing the library does not show one.
    """

    name: str
    could: frozenset[str] = frozenset()
    framework: str = ""


ALL: Final = frozenset({"hyperparameters", "reads", "trains", "evaluates", "saves"})
"""Every effect that a call without a row could have."""

WORK: Final = ALL - {"hyperparameters"}
"""The effects of a call that runs code passed to it."""

Row = (
    Reads
    | Fetches
    | Trains
    | Prepares
    | Evaluates
    | Predicts
    | Compares
    | Saves
    | Carries
    | HoldsOut
    | Returns
    | Inert
    | May
)
"""The part of a training job that a call does."""

Plain = ReadsKey | Logs | SameValue
"""The use of an argument by a call that does no part of a job. A call may have such rows besides its others."""
