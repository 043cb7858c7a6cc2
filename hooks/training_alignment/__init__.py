"""Checks over several files: script, contract, specification, builder, configuration.

``check`` returns the findings in a repository's steps. ``facts`` returns what one script needs and does.
``detect_training_framework`` returns the framework that a script's source uses. ``TrainingStepEnhancer`` merges the
findings into the results of another validation. Files are parsed, never imported or run.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from training_alignment.checking.run import check
    from training_alignment.enhancer import TrainingStepEnhancer
    from training_alignment.requirements import FRAMEWORK_REQUIREMENTS, TRAINING_VALIDATION_REQUIREMENTS
    from training_alignment.script_api import detect_training_framework, facts

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
    "check": "checking.run",
    "detect_training_framework": "script_api",
    "facts": "script_api",
}


def __getattr__(name: str) -> object:
    """Import a public name on first access, because the commit hook starts this package for every commit."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
