"""The built-in algorithm that an estimator or request runs."""

from __future__ import annotations

from flake8_training.engine.values.values import Constant, LibraryObject, StringTemplate, Value
from flake8_training.launcher.boto3_requests import RequestedEstimator, program
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator, LauncherInterface
from flake8_training.sagemaker.algorithms import ALGORITHMS, algorithm_of_image

_RETRIEVE = {
    "sagemaker.image_uris.retrieve()": ("framework", 0),
    "sagemaker.amazon.amazon_estimator.get_image_uri()": ("repo_name", 1),
    "sagemaker.get_image_uri()": ("repo_name", 1),
}


def algorithm(estimator: Estimator) -> str | None:
    """Return the algorithm that an estimator or request runs; None if it runs a script, or is unknown."""
    if isinstance(estimator, RequestedEstimator):
        if estimator.has_command or estimator.environment.open_ended:
            return None
        image, started = estimator.image, estimator.entry_point
    else:
        if estimator.name != "Estimator" or estimator.local is not None:
            return None
        if not estimator.lacks("entry_point", "source_dir", "container_entry_point"):
            return None
        found = estimator.get("image_uri")
        image, started = (found.expression if found is not None else None), program(estimator)
    if image is None or started is not None or estimator.hyperparameters.open_ended:
        return None
    names = {_algorithm_of(estimator, image, value) for value in image.values}
    return names.pop() if len(names) == 1 else None


def _algorithm_of(estimator: Estimator, image: LocatedExpression, value: Value) -> str | None:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return algorithm_of_image(value.value)
    if isinstance(value, StringTemplate):
        # f"{account}.dkr.ecr.{region}.amazonaws.com/xgboost:1": the unknown parts are before the name.
        return algorithm_of_image("".join(part if isinstance(part, str) else "0" for part in value.parts))
    text = retrieved_framework(estimator.launcher, value)
    return text if text in ALGORITHMS else None


def retrieved_framework(launcher: LauncherInterface, value: Value) -> str | None:
    """Return the framework or algorithm whose image a call looks up; None if it is unknown, or for another value."""
    if not isinstance(value, LibraryObject) or value.site is None or value.name not in _RETRIEVE:
        return None
    name, place = _RETRIEVE[value.name]
    places = ("",) * place + (name,)
    found = launcher.reader.arguments(value.site.node, value.site.scope, value.frame, places).get(name)
    return found.text if found is not None else None
