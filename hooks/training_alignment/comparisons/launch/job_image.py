"""The framework image that a job runs in, and the versions of libraries that its estimator names."""

from __future__ import annotations

from flake8_training.engine.values.values import Collection
from flake8_training.launcher.algorithms import retrieved_framework
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.processing_jobs import ProcessingJob
from flake8_training.launcher.sdk_objects import Estimator, LauncherInterface
from flake8_training.record import Record
from flake8_training.rules.launcher.problem import is_left_out
from flake8_training.sagemaker.image_packages import ABSENT, framework_of_image, version_of_image
from flake8_training.sagemaker.table_files import load

_TRAINIUM = ("ml.trn", "ml.inf")
_VERSIONED = {
    "HuggingFace": ("transformers", "transformers_version"),
    "PyTorch": ("torch", "framework_version"),
    "SKLearn": ("scikit-learn", "framework_version"),
    "TensorFlow": ("tensorflow", "framework_version"),
    "XGBoost": ("xgboost", "framework_version"),
}
"""The estimators whose argument is the version of a library, with the library's distribution and that argument."""


_RETRIEVED = {"sklearn": "SKLearn", "xgboost": "XGBoost"}
"""The frameworks of ``image_uris.retrieve`` with one image for training and for processing."""


class LibraryVersion(Record):
    """A library's version, and the place that sets it, for a message."""

    version: str
    source: str


def distribution_in(estimator: str) -> str | None:
    """Return the distribution of the library whose version is an argument of an estimator; None for another class."""
    row = _VERSIONED.get(estimator)
    return row[0] if row is not None else None


def framework_image(estimator: Estimator) -> str | None:
    """Return the estimator whose framework images the job runs in (``PyTorch``); None for another or unknown image."""
    if isinstance(estimator, RequestedEstimator):
        return _of_uri(estimator.image, estimator.launcher)
    if estimator.local is not None or estimator.arguments.open_ended or _is_special(estimator):
        return None
    image = estimator.get("training_image" if estimator.is_trainer else "image_uri")
    if image is not None and not image.expression.is_none:
        return _of_uri(image.expression, estimator.launcher)
    if estimator.overridden & {"image_uri", "training_image"}:
        return None
    return estimator.name if estimator.name in ABSENT else None


def processor_image(job: ProcessingJob) -> str | None:
    """Return the framework whose image of SageMaker a processing job runs in; None for another or unknown image."""
    processor = job.processor
    if processor is None or processor.local is not None or processor.arguments.open_ended:
        return None
    image = processor.get("image_uri")
    if image is not None and not image.expression.is_none:
        return _of_uri(image.expression, processor.launcher)
    name = processor.name.removesuffix("Processor")
    return name if name in ABSENT and processor.lacks("image_uri") else None


def framework_version(estimator: Estimator) -> str | None:
    """Return the version of the framework whose image the job runs in; None if it is unknown."""
    image = estimator.get("training_image" if estimator.is_trainer else "image_uri")
    if image is not None and not image.expression.is_none:
        return version_of_image(image.text) if image.text is not None else None
    argument = estimator.arguments.only("framework_version")
    return argument.text if argument is not None and "framework_version" not in estimator.overridden else None


def image_versions(estimator: Estimator) -> dict[str, LibraryVersion]:
    """Return the versions of libraries that the estimator's arguments name, by distribution."""
    if estimator.is_trainer or estimator.local is not None or not is_left_out(estimator, "image_uri"):
        return {}
    distribution, name = _VERSIONED.get(estimator.name, ("", ""))
    argument = estimator.arguments.only(name) if name and name not in estimator.overridden else None
    if argument is None or argument.text is None:
        return {}
    version = argument.text
    if estimator.name == "HuggingFace":
        version = load("framework_pairs")["frameworks"]["huggingface"]["aliases"].get(version, version)
    return {
        distribution: LibraryVersion(version.partition("-")[0], f"{name} {argument.text!r} of the estimator")
    }


def _of_uri(image: LocatedExpression | None, launcher: LauncherInterface) -> str | None:
    """Return the framework of an image's address, or of the call that looks an image up."""
    if image is None:
        return None
    if image.text is not None:
        return framework_of_image(image.text)
    values = image.values
    found = retrieved_framework(launcher, values[0]) if len(values) == 1 else None
    return _RETRIEVED.get(found or "")


def _has_usual_images(estimator: Estimator) -> bool:
    """Return whether the job's distribution is certainly none of those that have images of their own."""
    argument = estimator.get("distribution")
    if argument is None or "distribution" in estimator.overridden:
        return False
    if argument.expression.is_none:
        return True
    reader = estimator.launcher.reader
    ways = reader.entries(argument.expression)
    if ways.open_ended or not all(isinstance(value, Collection) for value in argument.expression.values):
        return False
    smdistributed = ways.all("smdistributed")
    inner = [reader.entries(one.expression) for one in smdistributed]
    return all(one.lacks("modelparallel") for one in inner)


def _is_special(estimator: Estimator) -> bool:
    """Return whether the image may be one for Trainium, for a compiler or for model parallelism.

    Source: sagemaker 2.257.7 ``image_uris.py: get_training_image_uri`` (only ``modelparallel`` has other images).
    """
    if any(name in estimator.arguments for name in ("compiler_config", "training_recipe")):
        return True
    if "distribution" in estimator.arguments and not _has_usual_images(estimator):
        return True
    compute = estimator.part("compute") if estimator.is_trainer else estimator
    instance = compute.get("instance_type") if compute is not None else None
    if instance is None:
        return False
    return any(one.startswith(_TRAINIUM) for one in instance.expression.beginnings)
