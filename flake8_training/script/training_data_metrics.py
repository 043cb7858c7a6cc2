"""Metrics computed on the training data itself, which are no evidence for unseen data.

Only certain cases count: a whole training and the metric are in one function and receive the same names, and nothing
assigns these names after the training.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.libraries.rows import Predicts, Trains

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

_DATA = ("X", "x")
_LABELS = ("y", "Y")
_BOOSTING = frozenset({"xgboost.train", "lightgbm.train"})
_MATRIX = ("dtrain", "train_set")
_TRUTH = ("y_true", "labels_true")
_PREDICTIONS = ("y_pred", "y_score", "y_prob", "y_proba", "labels_pred")


class TrainingData:
    """The data that the whole trainings of a program receive by name."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._trained = [
            (call, data, labels)
            for call, row in analysis.calls.having(Trains)
            if not row.step
            for data, labels in [_received(call)]
            if data
        ]

    def is_measured_by(self, call: Call) -> bool:
        """Return whether a call certainly measures, or predicts, on training data alone."""
        node = call.node
        method = getattr(node.func, "attr", "")
        if call.has(Predicts):
            return self._is(call, _name(node, 0, (*_DATA, "data")), 1)
        if any(name.startswith("sklearn.metrics.") for name in call.names):
            predictions = _argument(node, 1, _PREDICTIONS)
            return self._is(call, _name(node, 0, _TRUTH), 2) and self._is_predicted(call, predictions)
        if method == "score" or method == "evaluate":
            data, labels = _argument(node, 0, _DATA), _argument(node, 1, _LABELS)
            if labels is None and method == "evaluate":
                return data is not None and self._is_data_set(call, _name_of(data))
            return self._is(call, _name(node, 0, _DATA), 1) and self._is(call, _name(node, 1, _LABELS), 2)
        return False

    def _is_data_set(self, call: Call, name: str) -> bool:
        """Return whether a name holds a data set with labels on which ``fit`` of Keras trained."""
        return any(name.startswith("keras.") for name in call.names) and any(
            not labels and data == name and self._is(call, name, 1) for _, data, labels in self._trained
        )

    def _is(self, call: Call, name: str, place: int) -> bool:
        """Return whether a name holds the data (1) or labels (2) of an earlier training, unchanged until the call."""
        return bool(name) and any(
            trained[0].site.scope is call.site.scope
            and trained[place] == name
            and trained[0].line <= call.line
            and self._stays(call, name, trained[0].line)
            for trained in self._trained
        )

    def _stays(self, call: Call, name: str, since: int) -> bool:
        """Return whether nothing binds a name on or after a line."""
        return _stays(call, name, since)

    def _is_predicted(self, call: Call, node: ast.expr | None) -> bool:
        """Return whether an expression is a prediction on the training data, or an element of one."""
        if isinstance(node, ast.Name):
            node = call.site.scope.only_source(node.id)
        while isinstance(node, ast.Subscript):
            node = node.value
        built = self._analysis.by_node.get(node) if isinstance(node, ast.Call) else None
        return built is not None and built.has(Predicts) and self.is_measured_by(built)


def _received(call: Call) -> tuple[str, str]:
    """Return the names of the data and the labels that a training receives; "" for one without a name.

    ``train`` of a boosting library receives both in one object, which is constructed from the labels.
    """
    node = call.node
    if not _BOOSTING.intersection(call.names):
        return _name(node, 0, _DATA), _name(node, 1, _LABELS)
    data = _name(node, 1, _MATRIX)
    built = call.site.scope.only_source(data) if data else None
    return data, _name(built, 1, ("label",)) if isinstance(built, ast.Call) else ""


def _argument(node: ast.Call, place: int, names: tuple[str, ...]) -> ast.expr | None:
    for keyword in node.keywords:
        if keyword.arg in names:
            return keyword.value
    if len(node.args) <= place or any(isinstance(a, ast.Starred) for a in node.args):
        return None
    return node.args[place]


def _name(node: ast.Call, place: int, names: tuple[str, ...]) -> str:
    passed = _argument(node, place, names)
    return _name_of(passed) if passed is not None else ""


def _name_of(node: ast.expr) -> str:
    """Return a name, or a constant part of one (``train["x"]``), as written; "" for any other expression."""
    root = node
    while isinstance(root, ast.Subscript) and isinstance(root.slice, ast.Constant):
        root = root.value
    return ast.unparse(node) if isinstance(root, ast.Name) else ""


def _stays(call: Call, name: str, since: int) -> bool:
    """Return whether nothing binds a name, or stores a part of it, on or after a line."""
    root = name.partition("[")[0]
    found = call.site.scope.lookup(root)
    if found is None or any(getattr(b.node, "lineno", 1) >= since for b in found[1]):
        return False
    return "[" not in name or not any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == root
        and node.lineno >= since
        for node in ast.walk(call.site.scope.module.tree)
    )


def stable_name(analysis: Analysis, call: Call, node: ast.expr) -> str:
    """Return the name of data that one binding defines, or a constant part of it; "" for any other expression."""
    name = _name_of(node)
    found = call.site.scope.lookup(name.partition("[")[0]) if name else None
    if found is None or len(found[1]) != 1 or found[1][0].kind == "parameter":
        return ""
    return name if _stays(call, name, getattr(found[1][0].node, "lineno", 0) + 1) else ""


__all__ = ["TrainingData", "stable_name"]
