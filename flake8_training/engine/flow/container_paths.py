"""The kind of each path in a training job's container.

A value becomes the paths that it can be in a job. Variables that SageMaker sets have SageMaker's values. Options and
other variables have their defaults, which a launcher may override.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice, product, takewhile
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import (
    MAX_TEXT,
    MAX_VALUES,
    Constant,
    OptionValue,
    StringTemplate,
    Unknown,
    Value,
    Values,
    Variable,
)
from flake8_training.pattern import pattern
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import CHANNEL_PREFIX, fixed_value

if TYPE_CHECKING:
    from flake8_training.engine.values.evaluator import Evaluator

ANY = "*"
"""A part of a path that is unknown."""

_MAX_PATHS = 12
_MAX_DEPTH = 4
"""The most defaults of options and variables that are followed from one into the next."""

_RELATIVE = pattern(r"\w[\w-]{2,}+(?!:)")
"""The beginning of a relative path, whatever follows."""

_Paths = list[tuple[str, bool]]
_Known = dict[tuple[Value, int], _Paths]


class PathKind(StrEnum):
    """The part that a path plays in the job."""

    CHANNEL = "channel"
    MODEL = "model"
    OUTPUT = "output"
    CHECKPOINTS = "checkpoints"
    HYPERPARAMETERS = "hyperparameters"
    INPUT = "input"
    CONFIG = "config"
    """The files that SageMaker writes to describe the job, except its hyperparameters."""
    CODE = "code"
    PROCESSING = "processing"
    OTHER = "other"
    """Elsewhere under /opt/ml."""
    LOCAL = "local"
    """On the container's own disk: /tmp, or relative to the working directory."""
    REMOTE = "remote"
    UNKNOWN = "unknown"


class ContainerPath(Record):
    """A path in the container. ``open``: a launcher may replace it by another one."""

    root: PathKind
    path: str
    open: bool = False

    @property
    def channel(self) -> str | None:
        """The channel's name in lower case, ``*`` for an unknown one, None if the path is in no channel."""
        if self.root is not PathKind.CHANNEL:
            return None
        return paths.normal_path(self.path).removeprefix(paths.INPUT_DATA_DIR + "/").partition("/")[0].lower()


UNKNOWN_PLACE = ContainerPath(PathKind.UNKNOWN, ANY, open=True)

_ROOTS = {
    paths.Kind.CHANNEL: PathKind.CHANNEL,
    paths.Kind.MODEL: PathKind.MODEL,
    paths.Kind.OUTPUT: PathKind.OUTPUT,
    paths.Kind.INTERMEDIATE: PathKind.OUTPUT,
    paths.Kind.CHECKPOINTS: PathKind.CHECKPOINTS,
    paths.Kind.CONFIG: PathKind.CONFIG,
    paths.Kind.INPUT: PathKind.INPUT,
    paths.Kind.CODE: PathKind.CODE,
    paths.Kind.PROCESSING: PathKind.PROCESSING,
    paths.Kind.FOREIGN: PathKind.LOCAL,
}


def place_of_path(path: str, open_: bool = False) -> ContainerPath:
    """Return the container path of a string, which has ``*`` for unknown parts."""
    path = path.removeprefix("file://")
    if path.startswith("opt/ml/"):
        return ContainerPath(PathKind.UNKNOWN, path, open=True)  # correct if the working directory is /
    if path.startswith(ANY):
        return ContainerPath(PathKind.UNKNOWN, path, open=True)
    if path.startswith("../"):
        beside_code = paths.normal_path(f"{paths.CODE_DIR}/{path}")
        if beside_code.startswith(paths.TRAINING_FOLDERS):
            return ContainerPath(
                PathKind.UNKNOWN, path, open=True
            )  # correct if the working directory is that of the code
    if "://" in path:
        return ContainerPath(PathKind.REMOTE, path, open_)
    if paths.normal_path(path) == paths.HYPERPARAMETERS_FILE:
        return ContainerPath(PathKind.HYPERPARAMETERS, path)
    if paths.normal_path(path) == paths.INPUT_DATA_DIR:
        return ContainerPath(PathKind.CHANNEL, f"{paths.INPUT_DATA_DIR}/{ANY}")
    if path.startswith(paths.ROOT):
        root = _ROOTS.get(paths.Kind(paths.judge_path(path).kind), PathKind.OTHER)
        return ContainerPath(root, path, open_ and root is PathKind.OTHER)
    return ContainerPath(PathKind.LOCAL, path, open_)


def places(evaluator: Evaluator, values: Values) -> list[ContainerPath]:
    """Return the container paths that values can be; a value that is no path contributes none."""
    found: dict[ContainerPath, None] = {}
    known: _Known = {}
    for value in values:
        for path, is_open in _paths(evaluator, value, 0, known):
            found[place_of_path(path, is_open)] = None
    return list(found)


def _paths(evaluator: Evaluator, value: Value, depth: int, known: _Known) -> _Paths:
    """Return the paths that a value can be, each with whether a launcher may replace it. ``known`` keeps answers."""
    found = known.get((value, depth))
    if found is None:
        found = known[value, depth] = list(dict.fromkeys(_alternatives(evaluator, value, depth, known)))
    return found


def _alternatives(
    evaluator: Evaluator, value: Value, depth: int, known: _Known
) -> Iterator[tuple[str, bool]]:
    if isinstance(value, Constant):
        if isinstance(value.value, str):
            yield value.value, False
    elif isinstance(value, Variable):
        yield from _variable_paths(evaluator, value, depth, known)
    elif isinstance(value, OptionValue):
        yield from _option_paths(evaluator, value, depth, known)
    elif isinstance(value, StringTemplate):
        alternatives: list[_Paths] = []
        for part in value.parts:
            if isinstance(part, str):
                alternatives.append([(part, False)])
            else:
                alternatives.append(_paths(evaluator, part, depth, known)[:_MAX_PATHS] or [(ANY, True)])
        for combination in islice(product(*alternatives), _MAX_PATHS):
            # If the beginning is certain, an unknown end does not change the kind of path.
            beginning = "".join(path for path, _ in takewhile(lambda part: not part[1], combination))
            certain = "/" in beginning or _RELATIVE.match(beginning) is not None
            whole = "".join(path for path, _ in combination)
            if len(whole) > MAX_TEXT:
                yield ANY, True
                return
            yield whole, not certain and any(o for _, o in combination)
    elif isinstance(value, Unknown):
        yield ANY, True


def _variable_paths(
    evaluator: Evaluator, value: Variable, depth: int, known: _Known
) -> Iterator[tuple[str, bool]]:
    fixed = fixed_value(value.name)
    if fixed is not None:
        yield fixed, False
    elif value.name.startswith(CHANNEL_PREFIX):
        channel = value.name[len(CHANNEL_PREFIX) :]
        yield f"{paths.INPUT_DATA_DIR}/{channel.lower() or ANY}", False
    elif value.name in evaluator.unset:
        yield from ((path, False) for path, _ in _defaults(evaluator, value.defaults, depth, known))
    else:
        yield from _defaults(evaluator, value.defaults, depth, known)


def _option_paths(
    evaluator: Evaluator, value: OptionValue, depth: int, known: _Known
) -> Iterator[tuple[str, bool]]:
    option = value.option
    if option.dest in evaluator.launched:
        yield evaluator.launched[option.dest], False
        return
    if option.default is None or depth >= _MAX_DEPTH:
        yield ANY, True
        return
    yield from _defaults(evaluator, evaluator.values(option.default, option.scope), depth, known)
    if option.required:
        # The script ends unless the job passes the option: its default is never used.
        yield ANY, True


def _defaults(evaluator: Evaluator, values: Values, depth: int, known: _Known) -> Iterator[tuple[str, bool]]:
    found: dict[str, None] = {}
    for value in values if depth <= _MAX_DEPTH else ():
        found.update(dict.fromkeys(path for path, _ in _paths(evaluator, value, depth + 1, known)))
        if len(found) > MAX_VALUES:
            found = {**dict.fromkeys(list(found)[:MAX_VALUES]), ANY: None}
            break
    for path in found or (ANY,):
        yield path, True
