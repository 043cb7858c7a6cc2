"""Conversion of a hyperparameter to arguments and variables of the script.

The launcher writes the value into the job as a string (``HyperParameters`` of CreateTrainingJob). The platform writes
that string into hyperparameters.json. The program in the container reads it as JSON if it can, and builds argv and
``SM_HP_*`` from it. Each stage depends on the launcher and on the program in the container.

Sources: sagemaker 2.257.7 (``estimator.py: _json_encode_hyperparameters``, ``_TrainingJob``), sagemaker-training 5.1.4
(``environment.py: read_hyperparameters``, ``mapping.py``), sagemaker-train 1.27.0 (``model_trainer.py``, ``utils.py:
safe_serialize``, ``container_drivers/common/utils.py``, ``container_drivers/scripts/environment.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum

from flake8_training.sagemaker.variables import HYPERPARAMETER_PREFIX


class Route(Enum):
    """The launcher that sends the hyperparameters, which also determines the receiver."""

    V2_FRAMEWORK = "v2 framework"
    """``hyperparameters=`` of PyTorch, XGBoost, ...; also of a generic Estimator with ``source_dir``."""
    V2_FRAMEWORK_SET = "v2 framework, set_hyperparameters"
    """``set_hyperparameters`` of PyTorch, XGBoost, ...: encoded twice, so a string arrives in quotes."""
    V2_GENERIC = "v2 generic"
    """A generic Estimator without ``source_dir``, with an image that contains the toolkit."""
    V3 = "v3"
    """ModelTrainer with ``SourceCode(entry_script=...)``."""


_KEEPING_EMPTY_WORDS = frozenset({"sklearn", "xgboost"})
"""Frameworks whose containers start the script without a shell, so that an empty argument arrives as one.

The containers of PyTorch, Hugging Face and TensorFlow set ``capture_error``: up to sagemaker-training 5.1.2 the toolkit
then joins the words with spaces and passes them to a shell, which drops an empty one; from 5.1.3 on it keeps it.
"""


class UnsendableError(TypeError):
    """A value that the SDK itself rejects when the job is defined (a set, bytes, an object)."""


RESERVED_PREFIX = "sagemaker_"
RESERVED_KEYS = frozenset({"_tuning_objective_metric", "default_user_module_name"})
"""Keys that, like those with the prefix, the toolkit keeps for itself: they reach neither argv nor ``SM_HPS``."""


def is_reserved(key: str) -> bool:
    """Return whether the toolkit keeps this key from the script (SDK v2; the driver of v3 keeps none)."""
    return key in RESERVED_KEYS or key.startswith(RESERVED_PREFIX)


def job_text(value: object, route: Route) -> str:
    """Return the string that the job, and hyperparameters.json, hold for a Python value.

    Raises ``UnsendableError`` if the SDK raises.
    """
    if route is Route.V2_GENERIC:
        return str(value)
    if route is Route.V3:
        return _plain_json(value)
    encoded = _strict_json(value)
    return _strict_json(encoded) if route is Route.V2_FRAMEWORK_SET else encoded


def argument(key: str, value: object, route: Route) -> tuple[str, ...]:
    """Return the argv tokens of one hyperparameter: option and value, or nothing for a reserved key."""
    received = _read_as_json(job_text(value, route))
    if route is Route.V3:
        # The driver reads the value again from SM_HPS, so a string that contains JSON is decoded twice.
        return f"--{key}", _plain_json(_read_as_json(received) if isinstance(received, str) else received)
    if is_reserved(key):
        return ()
    return _toolkit_option(key), _toolkit_value(received)


def certainly_keeps_empty_words(framework: str | None, route: Route) -> bool:
    """Return whether an empty value certainly reaches the script as an argument; the image's toolkit decides."""
    return route is Route.V3 or framework in _KEEPING_EMPTY_WORDS


def arguments(hyperparameters: Mapping[str, object], route: Route) -> tuple[str, ...]:
    """Return the whole argv (without the script) for a job's hyperparameters, in the order of the container."""
    keys = hyperparameters if route is Route.V3 else sorted(hyperparameters)
    return tuple(token for key in keys for token in argument(key, hyperparameters[key], route))


def hyperparameter_variable(key: str, route: Route) -> str:
    """Return the name of the ``SM_HP_`` variable of a key. Only the driver of v3 turns ``-`` into ``_``."""
    return HYPERPARAMETER_PREFIX + (key.replace("-", "_") if route is Route.V3 else key).upper()


def hyperparameter_value(value: object, route: Route) -> str:
    """Return the value of the ``SM_HP_`` variable: JSON, but strings without quotes."""
    received = _read_as_json(job_text(value, route))
    if route is Route.V3:
        return _plain_json(received)
    if received is None:
        return ""
    if isinstance(received, str):
        return received
    return json.dumps(received, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _strict_json(value: object) -> str:
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnsendableError(str(error)) from error


def _plain_json(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except TypeError:
        return str(value)
    except (ValueError, RecursionError) as error:
        raise UnsendableError(str(error)) from error


def _read_as_json(encoded: str) -> object:
    try:
        value: object = json.loads(encoded)
    except (ValueError, RecursionError):
        return encoded
    return value


def _toolkit_option(key: str) -> str:
    if not key:
        return ""
    return f"-{key}" if len(key) == 1 else f"--{key}"


def _toolkit_value(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in sorted(value.items()))
    return "" if value is None else str(value)
