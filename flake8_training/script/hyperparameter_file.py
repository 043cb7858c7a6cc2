"""The file in which SageMaker passes the hyperparameters to a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

FILE = "hyperparameters.json"
"""Its name (SageMaker, "How Amazon SageMaker AI provides training information")."""


def names_file(analysis: Analysis) -> bool:
    """Return whether any literal can be a part of the path of the file: without one, no call gets it."""
    return analysis.fact(_names_file)


def _names_file(analysis: Analysis) -> bool:
    stem = FILE.partition(".")[0]
    return any(stem in str(node.value) for node in analysis.program.strings)
