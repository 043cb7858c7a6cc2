"""The image of a job: its address, and whether it is one of the project's own."""

from __future__ import annotations

from flake8_training.engine.values.values import Constant, StringTemplate, Value, Variable
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.sagemaker.images import UNKNOWN_PART, address


def image_of(estimator: Estimator) -> LocatedExpression | None:
    """Return the image that a job runs; None if it is unknown or chosen by the SDK."""
    if isinstance(estimator, RequestedEstimator):
        return estimator.image
    name = "training_image" if estimator.is_trainer else "image_uri"
    found = estimator.get(name)
    if found is None or name in estimator.overridden or not found.certain:
        return None
    return found.expression


def may_run_own_image(estimator: Estimator) -> bool:
    """Return whether a job runs an image of the project's own unless an option replaces its default."""
    image = image_of(estimator)
    values = image.values_by_default if image is not None else ()
    return bool(values) and all(map(_is_own, values))


def _text(value: Value) -> str:
    """Return an address with a mark for each unknown part; empty if it is no string."""
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) else ""
    if not isinstance(value, StringTemplate):
        return ""
    return "".join(part if isinstance(part, str) else _default(part) for part in value.parts)


def _default(part: Value) -> str:
    """Return the only default of an environment variable in an address, or the mark of an unknown part."""
    known = part.defaults[0] if isinstance(part, Variable) and len(part.defaults) == 1 else None
    return known.value if isinstance(known, Constant) and isinstance(known.value, str) else UNKNOWN_PART


def _is_own(value: Value) -> bool:
    text = _text(value)
    if not text.strip(UNKNOWN_PART):
        return False
    where = address(text)
    if where is None:
        return "/" not in text.strip("/") and "." not in text and UNKNOWN_PART not in text
    if where.is_of_aws or where.is_of_table:
        return False
    return where.account is not None or where.repository is not None


def repository_of(estimator: Estimator) -> str:
    """Return the name of the repository of a job's image, by default, without unknown parts; empty if it is unknown."""
    image = image_of(estimator)
    values = image.values_by_default if image is not None else ()
    text = _text(values[0]) if len(values) == 1 else ""
    where = address(text)
    name = where.repository if where is not None else text.partition(":")[0]
    return (name or "").replace(UNKNOWN_PART, "")
