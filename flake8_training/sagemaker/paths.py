"""The folders and files under /opt/ml, and how SageMaker treats their contents.

The result of looking up a name or a path in the tables.
"""

from __future__ import annotations

import posixpath
from enum import StrEnum

from flake8_training.record import Record
from flake8_training.spelling import closest

ROOT = "/opt/ml"

MODEL_DIR = "/opt/ml/model"

INPUT_DATA_DIR = "/opt/ml/input/data"

OUTPUT_DATA_DIR = "/opt/ml/output/data"

CHECKPOINT_DIR = "/opt/ml/checkpoints"

CODE_DIR = "/opt/ml/code"

"""The working directory of a script under the toolkit (SDK v2)."""

TRAINING_FOLDERS = ("/opt/ml/input", MODEL_DIR, "/opt/ml/output", CHECKPOINT_DIR)

"""The folders of a training job outside of its code."""

HYPERPARAMETERS_FILE = "/opt/ml/input/config/hyperparameters.json"


_MISPLACED = frozenset({"/opt/ml/config/hyperparameters.json", "/opt/ml/input/hyperparameters.json"})
"""The file of hyperparameters in folders that SageMaker defines, and in which it never is."""


class Kind(StrEnum):
    """The role of a path in a training job."""

    CHANNEL = "channel"
    INPUT = "input"
    CONFIG = "config"
    CODE = "code"
    MODEL = "model"
    OUTPUT = "output"
    INTERMEDIATE = "intermediate"
    FAILURE = "failure"
    CHECKPOINTS = "checkpoints"
    DEBUGGER = "debugger"
    PROCESSING = "processing"
    SERVING = "serving"
    PLATFORM = "platform"
    ROOT = "root"
    LOST = "lost"
    MISSPELT = "misspelt"
    FOREIGN = "foreign"


class Folder(Record):
    """A path that SageMaker defines: its kind, what happens to its contents, and the source."""

    path: str
    kind: Kind
    fate: str
    source: str


_TOOLKIT = "sagemaker-training 5.1.4"

_DRIVER = "sagemaker-train 1.27.0"

_SDK = "sagemaker 2.257.7"

_UNREAD = "public documentation; in no package that was read"

FOLDERS: tuple[Folder, ...] = (
    Folder("/opt/ml", Kind.ROOT, "parent of everything; not kept itself", f"{_TOOLKIT} environment.py"),
    Folder("/opt/ml/input", Kind.INPUT, "given to the job", f"{_TOOLKIT} environment.py"),
    Folder("/opt/ml/input/data", Kind.INPUT, "one folder a channel", f"{_TOOLKIT} environment.py"),
    Folder("/opt/ml/input/data/code", Kind.CODE, "the user's code under SDK v3", f"{_DRIVER} environment.py"),
    Folder("/opt/ml/input/data/sm_drivers", Kind.CODE, "start scripts of SDK v3", f"{_DRIVER} constants.py"),
    Folder("/opt/ml/input/config", Kind.CONFIG, "JSON files about the job", f"{_TOOLKIT} environment.py"),
    Folder("/opt/ml/input/sm_training.env", Kind.CONFIG, "variables of SDK v3", f"{_DRIVER} environment.py"),
    Folder("/opt/ml/code", Kind.CODE, "the user's code; not kept", f"{_TOOLKIT} environment.py"),
    Folder("/opt/ml/model", Kind.MODEL, "kept as model.tar.gz", f"{_TOOLKIT} environment.py; {_UNREAD}"),
    Folder("/opt/ml/output", Kind.LOST, "parent of data and failure; not kept itself", _UNREAD),
    Folder(
        "/opt/ml/output/data", Kind.OUTPUT, "kept as output.tar.gz", f"{_TOOLKIT} environment.py; {_UNREAD}"
    ),
    Folder(
        "/opt/ml/output/failure",
        Kind.FAILURE,
        "its first 1024 characters become FailureReason",
        f"{_TOOLKIT} files.py",
    ),
    Folder("/opt/ml/output/success", Kind.FAILURE, "written by the toolkit", f"{_TOOLKIT} files.py"),
    Folder(
        "/opt/ml/output/intermediate",
        Kind.INTERMEDIATE,
        "uploaded while the job runs, where sagemaker_s3_output is given",
        f"{_TOOLKIT} intermediate_output.py",
    ),
    Folder("/opt/ml/output/tensors", Kind.DEBUGGER, "uploaded by the debugger", f"{_SDK} debugger"),
    Folder(
        "/opt/ml/output/tensorboard",
        Kind.DEBUGGER,
        "uploaded with TensorBoardOutputConfig",
        f"{_SDK} debugger",
    ),
    Folder("/opt/ml/output/profiler", Kind.DEBUGGER, "uploaded by the profiler", f"{_SDK} debugger"),
    Folder("/opt/ml/output/metrics", Kind.DEBUGGER, "read by the platform's metrics", _UNREAD),
    Folder(
        "/opt/ml/checkpoints",
        Kind.CHECKPOINTS,
        "synced with S3 where checkpoint_s3_uri is given",
        f"{_SDK} session.py",
    ),
    Folder(
        "/opt/ml/processing",
        Kind.PROCESSING,
        "inputs and outputs of processing jobs",
        f"{_SDK} processing.py",
    ),
    Folder("/opt/ml/config", Kind.PLATFORM, "files of processing jobs", f"{_SDK} local/image.py"),
    Folder("/opt/ml/metadata", Kind.PLATFORM, "Studio and notebook instances", f"{_SDK} session.py"),
    Folder("/opt/ml/sagemaker", Kind.PLATFORM, "cache of warm pools", _UNREAD),
    Folder("/opt/ml/shared", Kind.PLATFORM, "local mode", f"{_SDK} local/image.py"),
    Folder("/opt/ml/cache", Kind.PLATFORM, "cache of @remote", f"{_SDK} remote_function/job.py"),
    Folder("/opt/ml/lib", Kind.PLATFORM, "dependencies of SDK v1", f"{_SDK} fw_utils.py"),
    Folder("/opt/ml/metering", Kind.SERVING, "marketplace metering", _UNREAD),
    Folder("/opt/ml/compilation", Kind.SERVING, "Neo", _UNREAD),
    Folder(
        "/opt/ml/additional-model-data-sources",
        Kind.SERVING,
        "hosting",
        "sagemaker-serve 1.27.0 model_builder_utils.py",
    ),
)

"""Every path that SageMaker defines. A path below one of them has its kind, except below root, input and output."""

CONFIG_FILES = (
    "hyperparameters.json",
    "inputdataconfig.json",
    "resourceconfig.json",
    "checkpointconfig.json",
    "debughookconfig.json",
    "profilerconfig.json",
)

"""Files in /opt/ml/input/config with a documented name; the platform writes more there."""

_DEEPEST = max(folder.path.count("/") for folder in FOLDERS)

_KINDS = {folder.path: folder.kind for folder in FOLDERS}

_FATES = {folder.path: folder.fate for folder in FOLDERS}

# Below these, a path that SageMaker does not define belongs to the user and does not have the folder's kind.
_NOT_INHERITED = {ROOT: Kind.LOST, "/opt/ml/input": Kind.LOST, "/opt/ml/output": Kind.LOST}

# The names that a segment in this place may misspell. Not all defined names: `shared`, `cache` and `lib` are
# plain words, and `checkpoint` is a usual value of checkpoint_local_path.
_TARGETS = {
    ROOT: ("input", "model", "output", "checkpoints", "processing", "code"),
    "/opt/ml/input": ("data", "config"),
    "/opt/ml/output": ("data", "failure", "intermediate"),
    "/opt/ml/input/config": CONFIG_FILES,
}

_OWN = {
    ROOT: frozenset({"checkpoint"}),
    "/opt/ml/input": frozenset[str](),
    "/opt/ml/output": frozenset[str](),
    # Public documentation spells this file's name in this way.
    "/opt/ml/input/config": frozenset({"resourceConfig.json"}),
}

_USUAL_CHANNELS = frozenset(
    {"train", "training", "test", "testing", "val", "valid", "validation", "eval", "evaluation"}
)


def judge_path(path: str) -> Judgement:
    """Judge a path that a training script uses; the kind is one of ``Kind``, as a string.

    ``misspelt`` comes with the nearest right path. It is returned only if a segment is a misspelling of one that
    SageMaker defines, or for a channel beside ``data``. ``lost`` is a path on the container's disk that nothing keeps
    (users may well create it), ``foreign`` one outside /opt/ml.
    """
    plain = normal_path(path)
    if plain in _MISPLACED:
        return Judgement(Kind.MISSPELT, HYPERPARAMETERS_FILE)
    if plain != ROOT and not plain.startswith(ROOT + "/"):
        if plain.lower().startswith(ROOT + "/"):
            inner = judge_path(ROOT + plain[len(ROOT) :])
            if inner.kind not in (Kind.LOST, Kind.MISSPELT):
                return Judgement(Kind.MISSPELT, ROOT + plain[len(ROOT) :])
        return Judgement(Kind.FOREIGN)
    intended = _intended(plain)
    if intended != plain:
        return Judgement(Kind.MISSPELT, intended)
    if _is_multi_model(plain):
        return Judgement(Kind.SERVING, detail="multi-model hosting")
    known = _known_parent(plain)
    kind = _KINDS[known]
    if plain != known:
        kind = Kind.CHANNEL if known == INPUT_DATA_DIR else _NOT_INHERITED.get(known, kind)
    if kind is Kind.CHANNEL:
        return Judgement(kind, detail="given to the job")
    return Judgement(kind, detail="not kept" if kind is Kind.LOST else _FATES[known])


def normal_path(path: str) -> str:
    """Return the path without ``file://``, doubled and trailing slashes and ``.`` and ``..`` segments."""
    plain = posixpath.normpath(path.removeprefix("file://"))
    return "/" + plain.lstrip("/") if plain.startswith("//") else plain


def _known_parent(plain: str) -> str:
    plain = "/".join(plain.split("/", _DEEPEST + 1)[: _DEEPEST + 1])
    while plain not in _KINDS:
        plain = posixpath.dirname(plain)
    return plain


def _is_multi_model(plain: str) -> bool:
    segments = plain[len(ROOT) + 1 :].split("/", 3)
    return len(segments) > 2 and segments[0] == "models" and segments[2] == "model"


def _intended(plain: str) -> str:
    """Return the path with the misspelling in every segment fixed."""
    if _is_multi_model(plain):
        return plain
    fixed = ROOT
    *segments, rest = [*plain[len(ROOT) + 1 :].split("/", _DEEPEST), ""][: _DEEPEST + 1]
    for segment in segments:
        if segment:
            fixed = _with_segment(fixed, segment)
    return f"{fixed}/{rest}" if rest else fixed


def _with_segment(parent: str, segment: str) -> str:
    path = f"{parent}/{segment}"
    targets = _TARGETS.get(parent)
    if targets is None or path in _KINDS or segment in targets or segment in _OWN[parent]:
        return path
    if parent == "/opt/ml/input" and segment in _USUAL_CHANNELS:
        return f"{INPUT_DATA_DIR}/{segment}"
    if segment.startswith(tuple(f"{target}{mark}" for target in targets for mark in "._-")):
        return path  # a user's folder (/opt/ml/model_a), or its beginning (/opt/ml/model_{name})
    return f"{parent}/{closest(segment, targets) or segment}"


class Judgement(Record):
    """The kind of a name, and the right name if this one is a misspelling.

    The judging function defines the kinds. ``closest`` is set for misspellings only. ``detail`` is a short phrase for a
    message ("tar'ed into output.tar.gz"), or empty.
    """

    kind: str
    nearest: str | None = None
    detail: str = ""
