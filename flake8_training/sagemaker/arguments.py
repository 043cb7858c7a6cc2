"""How a hyperparameter becomes arguments and variables of the script.

The way of a value: the launcher writes it as text into the job (``HyperParameters`` of CreateTrainingJob), the
platform puts that text into hyperparameters.json, and what runs in the container reads it as JSON where it can
and makes argv and ``SM_HP_*`` of it. Each step depends on the launcher and on what runs in the container.

Sources: sagemaker 2.257.7 (``estimator.py: _json_encode_hyperparameters``, ``_TrainingJob``), sagemaker-training
5.1.4 (``environment.py: read_hyperparameters``, ``mapping.py``), sagemaker-train 1.27.0 (``model_trainer.py``,
``utils.py: safe_serialize``, ``container_drivers/common/utils.py``, ``container_drivers/scripts/environment.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum

from .variables import HYPERPARAMETER_PREFIX


class Route(Enum):
    """Which launcher sends the hyperparameters, and so what receives them."""

    V2_FRAMEWORK = "v2 framework"
    """``hyperparameters=`` of PyTorch, XGBoost, ...; also of a generic Estimator with ``source_dir``."""
    V2_FRAMEWORK_SET = "v2 framework, set_hyperparameters"
    """``set_hyperparameters`` of PyTorch, XGBoost, ...: encoded twice, so a string arrives in quotes."""
    V2_GENERIC = "v2 generic"
    """A generic Estimator without ``source_dir``, over an image with the toolkit."""
    V3 = "v3"
    """ModelTrainer with ``SourceCode(entry_script=...)``."""


class UnsendableError(TypeError):
    """The SDK itself refuses this value when the job is defined (a set, bytes, an object)."""


RESERVED_PREFIX = "sagemaker_"
RESERVED_KEYS = frozenset({"_tuning_objective_metric", "default_user_module_name"})
"""With the prefix: keys that the toolkit takes for itself; they reach neither argv nor ``SM_HPS``."""


def is_reserved(key: str) -> bool:
    """Return whether the toolkit keeps this key from the script (SDK v2; the driver of v3 keeps none)."""
    return key in RESERVED_KEYS or key.startswith(RESERVED_PREFIX)


def job_text(value: object, route: Route) -> str:
    """Return the text that stands in the job, and in hyperparameters.json, for a Python value.

    Raises ``UnsendableError`` where the SDK raises.
    """
    if route is Route.V2_GENERIC:
        return str(value)
    if route is Route.V3:
        return _plain_json(value)
    text = _strict_json(value)
    return _strict_json(text) if route is Route.V2_FRAMEWORK_SET else text


def argument(key: str, value: object, route: Route) -> tuple[str, ...]:
    """Return the argv tokens of one hyperparameter: option and value, or nothing for a reserved key."""
    received = _read_as_json(job_text(value, route))
    if route is Route.V3:
        # The driver goes once more through SM_HPS, so that a string with JSON in it has been read twice.
        return f"--{key}", _plain_json(_read_as_json(received) if isinstance(received, str) else received)
    if is_reserved(key):
        return ()
    return _toolkit_option(key), _toolkit_value(received)


def arguments(hyperparameters: Mapping[str, object], route: Route) -> tuple[str, ...]:
    """Return the whole argv (without the script) for a job's hyperparameters, in the order it really has."""
    keys = hyperparameters if route is Route.V3 else sorted(hyperparameters)
    return tuple(token for key in keys for token in argument(key, hyperparameters[key], route))


def hyperparameter_variable(key: str, route: Route) -> str:
    """Return the name of the ``SM_HP_`` variable of a key. Only the driver of v3 turns ``-`` into ``_``."""
    return HYPERPARAMETER_PREFIX + (key.replace("-", "_") if route is Route.V3 else key).upper()


def hyperparameter_value(value: object, route: Route) -> str:
    """Return the text in the ``SM_HP_`` variable: JSON, but strings bare."""
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


def _read_as_json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _toolkit_option(key: str) -> str:
    if not key:
        return ""
    return f"-{key}" if len(key) == 1 else f"--{key}"


def _toolkit_value(value: object) -> str:
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in sorted(value.items()))
    return "" if value is None else str(value)
