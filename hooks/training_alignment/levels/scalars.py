"""Comparing single values of two artefacts."""

from __future__ import annotations

from training_alignment.artefacts.tree import Scalar


def differ(one: Scalar, other: Scalar) -> bool:
    """Whether two values are certainly not the same hyperparameter value: what SageMaker passes is their text."""
    if not one.known or not other.known:
        return False
    first, second = one.value, other.value
    if first == second or str(first).lower() == str(second).lower():
        return False
    try:
        return float(str(first)) != float(str(second))
    except ValueError:
        return True
