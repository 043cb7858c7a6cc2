"""The kinds of rows in the tables of library calls.

A row names calls by a pattern over canonical dotted names. In a name, ``()`` marks the result of a call:
``xgboost.XGBClassifier().fit`` is the method ``fit`` of an object made by ``xgboost.XGBClassifier(...)``.
In a pattern ``*`` stands for one dotted segment without ``()``, ``**`` for one or more segments whatever
they are, and ``*`` within a segment for a part of it, empty too (``pandas.read_*``, ``transformers.*Trainer``);
``?`` as the first segment is an object whose origin nobody knows.

Arguments are named by position (from 0, the object itself not counted) or by keyword, in the order in which
they are tried; ``RECEIVER`` stands for the object whose method is called.
"""

from __future__ import annotations

from typing import Final

from flake8_training.record import Record

Arguments = tuple[int | str, ...]
"""Where an argument may stand: positions and keywords, in the order in which they are tried."""

RECEIVER: Final = -1
"""The "argument" of a method that works on the path its object was made with: ``Path(p).iterdir()``.

The path of an object is the path of the row of its constructor (``Reads`` or ``Carries``), or the object itself."""

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

    ``what`` is "model" for a call that can read nothing but a model (or a part of one), else "data".
    ``mode`` names the argument that, where it holds a mode of writing ("w", "a", "x"), makes the call an
    opening for writing; ``download`` the argument that, when true, fetches the data into ``path`` first.
    """

    name: str
    path: Arguments = (0,)
    what: str = "data"
    mode: Arguments = ()
    download: Arguments = ()


class Fetches(Record):
    """A call that gets data from elsewhere (a hub, a download, a generator), never from a channel.

    ``unless`` names the arguments that may hold a path after all (``data_files=`` of ``load_dataset``);
    ``anything`` says that it may as well get something that is no data.
    """

    name: str
    unless: Arguments = ()
    anything: bool = False


class Trains(Record):
    """A call that trains a model. ``framework`` is a name of the facts ("xgboost", ..., "other").

    ``held_out`` names the arguments that, when given, evaluate on held-out data while training;
    ``saves_to`` those that hold a directory to which the call saves the model by itself;
    ``step`` says that the call is one step of a hand-written loop (``loss.backward()``), no whole training.
    """

    name: str
    framework: str
    held_out: Arguments = ()
    saves_to: Arguments = ()
    step: bool = False


class Prepares(Record):
    """A call that looks like training and is none: ``StandardScaler().fit``, ``Tokenizer().fit_on_texts``."""

    name: str


class Evaluates(Record):
    """A call that yields a measure on data by itself: a metric function, ``evaluate``, ``score``, ``cv``."""

    name: str


class Predicts(Record):
    """A call whose result is a prediction: evaluation only when something is computed from it."""

    name: str


class Saves(Record):
    """A call that writes something to the path in one of ``path``, or, where that is empty, to one it does not tell.

    ``what`` is "model" (a model or whatever object is given), "part" (a tokenizer, a scaler, a configuration:
    no model by itself), "copy" (copies or packs what is already on disk; the source is ``source``) or
    "data" (plain data such as JSON or CSV: never a model by itself).
    ``framework`` and ``form`` (one of FORMS) say in which form, where the name tells.
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
    """A call that takes held-out data on which a later training evaluates by itself.

    ``transformers.Trainer(eval_dataset=...)``; ``args`` names the arguments that hold it, and is empty
    for a call that always holds data out (``GridSearchCV``).
    """

    name: str
    args: Arguments = ()


SELF: Final = "self"
"""Result of a method that returns its object: ``model.fit(X, y)`` of scikit-learn."""

INSTANCE: Final = "instance"
"""Result of a class method that makes an object of its class: ``AutoModel.from_pretrained(...)``."""


ANYTHING: Final = "?"
"""Result of a call that may give any object at all: ``joblib.load(...)``. Its methods count as ``?.method``."""


class Returns(Record):
    """What a call returns: another canonical object name, SELF, INSTANCE or ANYTHING.

    ``Returns("xgboost.train", "xgboost.Booster()")``.
    """

    name: str
    result: str


class Inert(Record):
    """A call that neither reads nor writes data nor trains nor evaluates, whatever it is given."""

    name: str


class May(Record):
    """A call that, beside what its other rows say, may do ``what`` out of sight, where its arguments do not tell.

    ``DefaultTrainer(cfg).train()`` of detectron2 saves to a directory of its configuration, and may evaluate.
    """

    name: str
    what: frozenset[str]


class ReadsKey(Record):
    """A method of a mapping, or a function, that reads one key: the first argument, or ``key=``.

    ``required``: without a default a missing key raises. ``writes``: it stores the default under the key.
    ``tests``: it returns only whether the key is there. ``environment``: the mapping is that of environment variables.
    """

    name: str
    required: bool = False
    writes: bool = False
    tests: bool = False
    environment: bool = False


class Logs(Record):
    """A call that prints, logs or tracks what it is passed.

    ``message`` is the position of the message of a logging method, None for any other call. ``settings``: it takes
    hyperparameters. ``tracker``: it belongs to a tracker of experiments. ``file``: it writes into an open file,
    and so reports only to whoever reads the file.
    """

    name: str
    message: int | None = None
    settings: bool = False
    tracker: bool = False
    file: bool = False


FACT: Final = "fact"
"""Result of a call that only looks at its argument: ``len(d)``, ``isinstance(d, dict)``."""

DISPLAY: Final = "display"
"""Result that shows the argument to people: ``str(d)``."""

SERIALISED: Final = "serialised"
"""Result from which the argument can be read back: ``json.dumps(d)``."""

COPY: Final = "copy"
"""Result that has all elements of the argument: ``dict(d)``, ``d.items()``."""

NUMBER: Final = "number"
"""Result that is the argument as a number: ``int(s)``."""


class SameValue(Record):
    """A call that leaves its argument (or receiver) as it is, and keeps no reference to it.

    ``result`` says what its result is of the argument: FACT, DISPLAY, SERIALISED, COPY or NUMBER.
    """

    name: str
    result: str


class Library(Record):
    """A package (or a module or function of one) that is known.

    ``could`` lists what its calls *beyond the rows* may do behind one's back: a set of "hyperparameters",
    "reads", "trains", "evaluates", "saves"; empty for a library whose other calls do none of it (numpy,
    logging). A package without a row is opaque: it could do everything.
    ``framework`` is the facts' name of the framework, or "" when importing it says nothing.
    """

    name: str
    could: frozenset[str] = frozenset()
    framework: str = ""


ALL: Final = frozenset({"hyperparameters", "reads", "trains", "evaluates", "saves"})
"""Everything that a call could do behind one's back."""

WORK: Final = ALL - {"hyperparameters"}
"""What a call does that runs whatever it is given."""

Row = (
    Reads
    | Fetches
    | Trains
    | Prepares
    | Evaluates
    | Predicts
    | Saves
    | Carries
    | HoldsOut
    | Returns
    | Inert
    | May
)
"""What a call does of a training job."""

Plain = ReadsKey | Logs | SameValue
"""What a call does that is no part of a job. A call may have a row of each kind beside its others."""
