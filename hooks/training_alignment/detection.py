"""The framework that a script trains with, from its text alone."""

from __future__ import annotations

from flake8_training.parsing import lines_of, parsed
from flake8_training.script import read
from flake8_training.script.apis.rows import Trains
from flake8_training.script.frameworks import frameworks


def detect_training_framework(script_content: str) -> str | None:
    """Return what the script trains with: xgboost, pytorch, tensorflow, sklearn, huggingface, lightgbm or mxnet.

    The first where it is several, Hugging Face where its trainer trains another's model; None where it is another
    framework or none, or where the text is no Python.
    """
    try:
        tree = parsed(script_content)
        analysis = read(tree, "", lines_of(script_content)).analysis
        found = frameworks(analysis)
        # Its trainers train the models of others, which are named first.
        by_trainer = any(row.framework == "huggingface" for _, row in analysis.calls.having(Trains))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return "huggingface" if by_trainer else next((name for name in found if name != "other"), None)
