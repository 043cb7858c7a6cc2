"""The framework that a script trains with, from its text alone."""

from __future__ import annotations

import ast
import warnings

from flake8_training.script import read
from flake8_training.script.frameworks import frameworks


def detect_training_framework(script_content: str) -> str | None:
    """Return what the script trains with: xgboost, pytorch, tensorflow, sklearn, huggingface, lightgbm or mxnet.

    The first where it is several, None where it is another framework or none, or where the text is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(script_content)
        found = frameworks(read(tree, "", script_content.splitlines(keepends=True)).analysis)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return next((name for name in found if name != "other"), None)
