"""The framework image that a job runs in."""

from __future__ import annotations

from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.sagemaker.image_packages import ABSENT, framework_of_image

_TRAINIUM = ("ml.trn", "ml.inf")


def framework_image(estimator: Estimator) -> str | None:
    """Return the estimator whose framework images the job runs in (``PyTorch``); None for another or unknown image."""
    if isinstance(estimator, RequestedEstimator):
        return _of_uri(estimator.image)
    if estimator.local is not None or estimator.arguments.open_ended or _is_special(estimator):
        return None
    image = estimator.get("training_image" if estimator.is_trainer else "image_uri")
    if image is not None and not image.given.is_none:
        return _of_uri(image.given)
    if estimator.overridden & {"image_uri", "training_image"}:
        return None
    return estimator.name if estimator.name in ABSENT else None


def _of_uri(image: LocatedExpression | None) -> str | None:
    return framework_of_image(image.text) if image is not None and image.text is not None else None


def _is_special(estimator: Estimator) -> bool:
    """Return whether the image may be one for Trainium, for a compiler or for smdistributed."""
    if any(name in estimator.arguments for name in ("distribution", "compiler_config", "training_recipe")):
        return True
    compute = estimator.part("compute") if estimator.is_trainer else estimator
    instance = compute.get("instance_type") if compute is not None else None
    if instance is None:
        return False
    return any(one.startswith(_TRAINIUM) for one in instance.given.beginnings)
