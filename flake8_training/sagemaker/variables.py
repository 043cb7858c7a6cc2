"""The environment variables of SageMaker containers and their misspellings.

The rows, with their sources, are in ``variable_table.py``.
"""

from __future__ import annotations

import re

from flake8_training.pattern import pattern
from flake8_training.sagemaker.paths import Judgement
from flake8_training.sagemaker.variable_table import (
    CHANNEL_PREFIX,
    HYPERPARAMETER_PREFIX,
    PREFIXES,
    VARIABLES,
    Setter,
    Variable,
)
from flake8_training.spelling import closest, same_name

__all__ = [
    "CHANNEL_PREFIX",
    "HYPERPARAMETER_PREFIX",
    "PREFIXES",
    "VARIABLES",
    "Setter",
    "Variable",
    "channel_variable",
    "fixed_value",
    "judge_variable",
    "nearest_variable",
    "who_sets",
]

_NAMESPACE = "SM_"

# Too short to distinguish a misspelling from a variable that the user sets (SM_HP, SM_HOST).
_NO_TARGET = frozenset({"SM_HPS", "SM_HOSTS"})
_NOT_MISSPELLED = frozenset({"SM_CHANNEL"})

# SM_ has another meaning here: the library segmentation_models reads the variable.
_FOREIGN = frozenset({"SM_FRAMEWORK"})
_TARGETS = tuple(
    variable.name
    for variable in VARIABLES.values()
    if variable.name.startswith(_NAMESPACE)
    and variable.setters & (Setter.TOOLKIT | Setter.DRIVER)
    and variable.name not in _NO_TARGET
)
_SAGEMAKER_TARGETS = tuple(name for name in VARIABLES if name.startswith("SAGEMAKER_"))

_WORD_AND_REST = pattern(r"(?i)SM[_-]*([A-Z]+)[_-]+([^_-].*)")
_HYPERPARAMETER = pattern(r"(?i)SM[_-]+HP[_-]+([^_-].*)")
_GLUED = pattern(
    r"SM[_-]*CHANNEL(TRAIN|TRAINING|TEST|TESTING|VAL|VALID|VALIDATION|EVAL|EVALUATION|DEV|DATA|INPUT|MODEL|CONFIG)",
    re.IGNORECASE,
)


def who_sets(name: str) -> Setter | None:
    """Return who sets the variable of exactly this name, or None if nothing in SageMaker does."""
    variable = VARIABLES.get(name)
    if variable is not None:
        return variable.setters
    if _is_prefixed(name):
        return Setter.TOOLKIT | Setter.DRIVER
    return None


def nearest_variable(name: str) -> str | None:
    """Return the variable that ``name`` misspells, or None.

    Only fixed names and the two prefixes can be misspelt. A channel, a hyperparameter and a variable that users set may
    have any name.
    """
    if name in _NOT_MISSPELLED or _is_half(name) or who_sets(name) is not None:
        return None
    for intended in (_intended_hyperparameter(name), _intended_channel(name)):
        if intended is not None:
            return intended
    for target in (*_TARGETS, *_NO_TARGET):
        if same_name(name, target):
            return target
    if name.startswith(_NAMESPACE):
        return closest(name, _TARGETS)
    if name.startswith("SAGEMAKER_"):
        return closest(name, _SAGEMAKER_TARGETS)
    return None


def judge_variable(name: str) -> Judgement:
    """Judge a variable that a training script reads.

    * ``set``: SageMaker sets it (see ``who_sets``).
    * ``misspelt``: nothing sets it, and ``closest`` is the intended one.
    * ``unset``: it has SageMaker's prefix (``SM_``) and SageMaker does not set it. Users may set it themselves
      through ``environment=``.
    * ``foreign``: not SageMaker's, or half a name (a bare prefix).
    """
    if _is_half(name) or name in _FOREIGN:
        return Judgement("foreign")
    if who_sets(name) is not None:
        return Judgement("set")
    intended = nearest_variable(name)
    if intended is not None:
        return Judgement("misspelt", intended)
    return Judgement("unset" if name.startswith(_NAMESPACE) else "foreign")


def channel_variable(channel: str) -> str:
    """Return the name of the variable that holds a channel's path."""
    return CHANNEL_PREFIX + channel.upper()


def fixed_value(name: str) -> str | None:
    """Return the value of a variable that is the same in every job (``SM_MODEL_DIR``), or None."""
    variable = VARIABLES.get(name)
    return None if variable is None else variable.value


def _is_half(name: str) -> bool:
    return name in PREFIXES or name == _NAMESPACE


def _is_prefixed(name: str) -> bool:
    for prefix in PREFIXES:
        rest = name.removeprefix(prefix)
        if rest not in ("", name) and rest == rest.upper():
            return True
    return False


def _intended_channel(name: str) -> str | None:
    glued = _GLUED.fullmatch(name)
    if glued is not None:
        return channel_variable(glued[1])
    apart = _WORD_AND_REST.fullmatch(name)
    if apart is not None and closest(apart[1].upper(), ("CHANNEL",)) is not None:
        return channel_variable(apart[2])
    return None


def _intended_hyperparameter(name: str) -> str | None:
    match = _HYPERPARAMETER.fullmatch(name)
    return None if match is None else HYPERPARAMETER_PREFIX + match[1].upper()
