"""Checks that need more than one file: script, contract, specification, builder and configuration of a step.

``check`` gives the findings of a repository's steps, ``facts`` what one script needs and does,
``detect_training_framework`` what a script's text trains with. ``TrainingStepEnhancer`` merges the findings into the
results of another validation. Nothing that is read is imported or run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training_alignment.checking import check
    from training_alignment.detection import detect_training_framework
    from training_alignment.enhancer import TrainingStepEnhancer
    from training_alignment.requirements import FRAMEWORK_REQUIREMENTS, TRAINING_VALIDATION_REQUIREMENTS
    from training_alignment.scripts import facts

__all__ = [
    "FRAMEWORK_REQUIREMENTS",
    "TRAINING_VALIDATION_REQUIREMENTS",
    "TrainingStepEnhancer",
    "check",
    "detect_training_framework",
    "facts",
]

_HOMES = {
    "FRAMEWORK_REQUIREMENTS": "requirements",
    "TRAINING_VALIDATION_REQUIREMENTS": "requirements",
    "TrainingStepEnhancer": "enhancer",
    "check": "checking",
    "detect_training_framework": "detection",
    "facts": "scripts",
}


def __getattr__(name: str) -> object:
    """Import what is asked for: the commit hook starts this package for every commit."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
