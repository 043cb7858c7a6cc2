"""Calls that do no part of a job: they read a key, log, or keep a value.

``?.get`` is the method ``get`` of an object with an unknown origin or library; ``**().get`` is that of an object that
a known call returns.
A name belongs here if a check needs to know what happens to the call's argument. The code of a call without a row is
unknown: it may read, keep or change its arguments.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.libraries.rows import (
    COPY,
    DISPLAY,
    FACT,
    NUMBER,
    SERIALISED,
    Logs,
    Plain,
    ReadsKey,
    SameValue,
)

_OBJECTS = ("?", "**()")
"""Receivers of any kind: of unknown origin, or the result of a call."""

_LEVELS = "debug info warning warn error critical exception log fatal"
"""The methods of ``logging.Logger``, which other loggers share."""

_LEVELS_ELSEWHERE = "success trace print write echo"
"""Logging methods of loguru, rich, click and streams."""

_LOGGERS = ("logging", "tensorflow.logging", "tensorflow.get_logger()")

_PRINTING = """
    builtins.print warnings.warn warnings.warn_explicit tensorflow.print tqdm.tqdm.write tqdm.write click.echo
    typer.echo pprint.** sys.stdout.** sys.stderr.** rich.** traceback.**
"""

TRACKERS = (
    "mlflow",
    "wandb",
    "neptune",
    "comet_ml",
    "sagemaker.experiments",
    "smexperiments",
    "loguru",
    "structlog",
    "absl.logging",
    "tensorboard",
    "tensorboardX",
    "torch.utils.tensorboard",
    "clearml",
    "aim",
    "dvclive",
    "smdebug",
    "mxboard",
)
"""Libraries whose tables, runs and scalars track experiments. All their calls count, whatever their names."""

_TRACKING = "log_* add_scalar* add_hparams* add_text*"
"""Methods that track experiments, in any library."""

_SETTINGS = (
    "log_hyperparams log_params log_param log_parameters log_parameter add_hparams save_hyperparameters"
)

_SAME = {
    FACT: "builtins.len builtins.bool builtins.isinstance builtins.type builtins.id builtins.callable builtins.hash",
    DISPLAY: "builtins.str builtins.repr builtins.format pprint.pformat",
    SERIALISED: "json.dumps",
    COPY: "builtins.vars builtins.dict builtins.list builtins.tuple builtins.set builtins.sorted dataclasses.asdict",
    NUMBER: "builtins.int builtins.float",
}
_SAME_BY_METHOD = {
    DISPLAY: "format pformat",
    SERIALISED: "dumps join",
    COPY: "items keys values copy asdict to_dict model_dump",
}

# Name, whether a missing key raises, whether it writes, whether it only tests.
_KEY_METHODS = (
    ("get", False, False, False),
    ("pop", True, False, False),
    ("setdefault", False, True, False),
    ("__getitem__", True, False, False),
    ("__contains__", False, False, True),
)


def _key_rows() -> Iterator[ReadsKey]:
    for method, required, writes, tests in _KEY_METHODS:
        for owner in _OBJECTS:
            yield ReadsKey(f"{owner}.{method}", required, writes, tests)
        for owner in ("os.environ", "os.environ.**"):
            yield ReadsKey(f"{owner}.{method}", required, writes, tests, environment=True)
    yield ReadsKey("os.getenv", environment=True)


def _logging_rows() -> Iterator[Logs]:
    for method in _LEVELS.split():
        message = 1 if method == "log" else 0
        for logger in _LOGGERS:
            yield Logs(f"{logger}.{method}", message)
            yield Logs(f"{logger}.**.{method}", message)
        yield Logs(f"?.{method}", message)
    for method in _LEVELS_ELSEWHERE.split():
        yield Logs(f"?.{method}")
    yield Logs("**().write", file=True)
    for name in _PRINTING.split():
        yield Logs(name)


def _tracking_rows() -> Iterator[Logs]:
    for library in TRACKERS:
        yield Logs(f"{library}.**", tracker=True)
    for trainer in ("lightning", "transformers", "accelerate"):
        yield Logs(f"{trainer}.**.log", tracker=True)
    for method in _TRACKING.split():
        yield Logs(f"**.{method}", tracker=True)
    yield Logs("?.log*", tracker=True)
    yield Logs("?.report*", tracker=True)
    for method in _SETTINGS.split():
        for owner in ("?", "**"):
            yield Logs(f"{owner}.{method}", settings=True, tracker=True)


def _same_value_rows() -> Iterator[SameValue]:
    for result, names in _SAME.items():
        for name in names.split():
            yield SameValue(name, result)
    for result, methods in _SAME_BY_METHOD.items():
        for method in methods.split():
            for owner in _OBJECTS:
                yield SameValue(f"{owner}.{method}", result)


def rows_of(kind: type[Plain]) -> tuple[Plain, ...]:
    """Return the rows of one kind. They are built on request, so that a run pays only for the kinds it needs."""
    if kind is ReadsKey:
        return tuple(_key_rows())
    if kind is Logs:
        return (*_logging_rows(), *_tracking_rows())
    return tuple(_same_value_rows())
