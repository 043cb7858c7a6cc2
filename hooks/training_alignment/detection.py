"""The framework that a script trains with, from its source alone."""

from __future__ import annotations

from flake8_training.parsing import lines_of, parsed
from flake8_training.script import read
from flake8_training.script.apis.rows import Trains
from flake8_training.script.frameworks import frameworks


def detect_training_framework(script_content: str) -> str | None:
    """Return the framework: xgboost, pytorch, tensorflow, sklearn, huggingface, lightgbm or mxnet.

    If there are several, the result is the first; it is Hugging Face if a Hugging Face trainer trains another
    framework's model. The result is None for another framework, for none, and for a source that is not Python.
    """
    try:
        tree = parsed(script_content)
        analysis = read(tree, "", lines_of(script_content)).analysis
        found = frameworks(analysis)
        # A Hugging Face trainer trains models of other frameworks, which come first in the list.
        by_trainer = any(row.framework == "huggingface" for _, row in analysis.calls.having(Trains))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return "huggingface" if by_trainer else next((name for name in found if name != "other"), None)
