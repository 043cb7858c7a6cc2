"""Held-out data that is split from the training channel instead of coming from a channel of its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.script.apis.rows import Reads
from flake8_training.script.calls import Call
from flake8_training.script.channels import channels
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.enclosing import enclosing
from flake8_training.script.names import is_main_guard
from flake8_training.script.places import ANY, Root, places

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis

_SPLITS = (
    "sklearn.model_selection.train_test_split",
    "torch.utils.data.random_split",
    "torch.utils.data.dataset.random_split",
)
_METHODS = ("datasets.", ".train_test_split")
_SPLITTING = ("keras.Model().fit", "keras.preprocessing.image.ImageDataGenerator")
# Channels that hold no data to train or validate on.
_OTHER_CHANNELS = frozenset(
    {"model", "code", "config", "pretrained", "checkpoint", "vocab", "log", "serving"}
)
_FILES = (".csv", ".parquet", ".npy", ".npz", ".json", ".pt", ".pkl", ".txt")
_MAX_PATHS = 1


def split_from_training(analysis: Analysis) -> tuple[Call, str] | None:
    """Return the call that splits the held-out data from the only channel, and the channel's name; or None."""
    named = [name for name in channels(analysis) if name not in _OTHER_CHANNELS]
    if (
        len(named) != 1
        or len(_paths_read(analysis)) > _MAX_PATHS
        or analysis.calls.opaque("reads") is not None
    ):
        return None
    for call in analysis.calls.all:
        if _is_conditional(call):
            continue  # only where there is no held-out data, it may be
        if any(name in _SPLITS or _is_method(name) for name in call.names):
            return call, named[0]
        if any(name in _SPLITTING for name in call.names):
            node = analysis.calls.argument(call, ("validation_split",))
            if node is not None and analysis.calls.is_given(call, ("validation_split",)):
                return call, named[0]
    return None


def _is_conditional(call: Call) -> bool:
    return any(
        isinstance(around, ast.If | ast.IfExp) and not is_main_guard(around)
        for around in enclosing(call.site.scope.module.tree, call.node)
    )


def _is_method(name: str) -> bool:
    return name.startswith(_METHODS[0]) and name.endswith(_METHODS[1])


def _paths_read(analysis: Analysis) -> set[str]:
    """The different paths that are read from channels: two may well be two sets of data."""
    found: set[str] = set()
    for call in analysis.calls.all:
        for row in call.having(Reads):
            node = read_path(analysis, call, row)
            if node is None or is_writing(analysis, call, row):
                continue
            for place in places(analysis.evaluator, analysis.calls.values(call, node)):
                if place.root is Root.CHANNEL and place.path.endswith(_FILES) and ANY not in place.path:
                    found.add(place.path)
    return found
