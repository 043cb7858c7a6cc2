"""Container folders in which the inputs and outputs of a contract may be.

Source: SageMaker's documentation of the container's folders, as in ``paths``. Inputs are below ``/opt/ml/input`` or in
the code folder. SageMaker keeps only the model, ``output/data`` and the checkpoints.
"""

from __future__ import annotations

from flake8_training.sagemaker import paths
from flake8_training.spelling import did_you_mean

INPUT_FOLDERS = (paths.INPUT_DATA_DIR, "/opt/ml/input/config", paths.CODE_DIR)
OUTPUT_FOLDERS = (paths.MODEL_DIR, paths.OUTPUT_DATA_DIR, paths.CHECKPOINT_DIR)
_INPUT = "/opt/ml/input"


def judge_input(path: str) -> str | None:
    """Return the problem of the path of a training job's input as a short phrase, or None."""
    return _judged(path, (_INPUT, paths.CODE_DIR), INPUT_FOLDERS, "input")


def judge_output(path: str) -> str | None:
    """Return the problem of the path of a training job's output as a short phrase, or None."""
    return _judged(path, OUTPUT_FOLDERS, OUTPUT_FOLDERS, "output")


def _judged(path: str, allowed: tuple[str, ...], named: tuple[str, ...], what: str) -> str | None:
    plain = paths.normal_path(path)
    if any(plain == folder or plain.startswith(f"{folder}/") for folder in allowed):
        judged = paths.judge_path(plain)
        if judged.kind == paths.Kind.MISSPELT and judged.nearest:
            return f"{what} {path}{did_you_mean(judged.nearest)}"
        return None
    judged = paths.judge_path(plain)
    if judged.nearest and any(judged.nearest == f or judged.nearest.startswith(f"{f}/") for f in allowed):
        return f"{what} {path}{did_you_mean(judged.nearest)}"
    return f"{what} {path} is not below {named[0]}"
