"""Reads of training data that nothing prepares for a file that is missing or damaged."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.script.apis.rows import Reads
from flake8_training.script.calls import Call
from flake8_training.script.data import is_writing, read_path
from flake8_training.script.places import Place, Root
from flake8_training.script.practice.nodes import is_tried

if TYPE_CHECKING:
    from flake8_training.script.analysis import Analysis

# Calls that ask whether a file is there, or see to what is damaged in it.
_CARE = frozenset(
    "exists isfile isdir is_file is_dir lexists access check_file ensure_exists dropna fillna isna isnull notna "
    "notnull interpolate nan_to_num isnan warn exit _exit abort skip_corrupted".split()
)
_CAREFUL_ARGUMENTS = frozenset({"on_bad_lines", "error_bad_lines", "errors", "ignore_errors"})
# They look at the files and say what is wrong with them.
_CAREFUL_READERS = ("sagemaker_xgboost_container.data_utils.",)


def unprepared_read(analysis: Analysis) -> Call | None:
    """Return the first read of a channel in a program that is prepared for no missing or damaged data, or None."""
    reads = [call for call in analysis.calls.all if _reads_channel(analysis, call)]
    if not reads or any(is_tried(analysis, call.site) for call in reads):
        return None
    for call in analysis.calls.all:
        if any(_last(name) in _CARE or name.startswith(_CAREFUL_READERS) for name in call.names):
            return None
        if any(keyword.arg in _CAREFUL_ARGUMENTS for keyword in call.node.keywords):
            return None
    for node, scope in analysis.live_nodes:
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Raise) and node.exc is not None):
            return None
        if isinstance(node, ast.If | ast.While | ast.IfExp) and any(
            isinstance(origin, Place) and origin.root is Root.CHANNEL
            for origin in analysis.flow.origins(node.test, scope)
        ):
            return None
    return reads[0]


def _reads_channel(analysis: Analysis, call: Call) -> bool:
    for row in call.having(Reads):
        if is_writing(analysis, call, row):
            continue
        node = read_path(analysis, call, row)
        if node is not None and any(place.root is Root.CHANNEL for place in analysis.roots(call, node)):
            return True
    return False


def _last(name: str) -> str:
    return name.rpartition(".")[2]
