"""Packages that SageMaker's framework images do not bring, as of 2026-08.

In scope: the training images that the estimators PyTorch, TensorFlow, HuggingFace, SKLearn and XGBoost choose by
version, on CPU and GPU. Out of scope: images for AWS Trainium, for smdistributed model parallelism, and images of the
project's own. A package is listed for a framework only if no version of its images installs it, itself or through
another package, except from the versions in ``_BROUGHT_FROM`` on; a package that is not listed is unknown.

Sources: four Dockerfiles of aws/deep-learning-containers (``pytorch/training``, ``tensorflow/training``,
``huggingface/pytorch/training``), ``requirements.txt`` of aws/sagemaker-scikit-learn-container (eae7b6b1, 2026-07-14)
and of aws/sagemaker-xgboost-container (cb8df91c, 2026-06-25). For ``_BROUGHT_FROM``: ``pyproject.toml`` in
``docker/pytorch/2.11`` and ``2.12`` (0392f5e2) and in ``docker/tensorflow/training/2.21`` (0004682f) of
aws/deep-learning-containers. The other versions of these images were not read: for them the lists are general
knowledge of the images.
"""

from __future__ import annotations

from typing import Final

from flake8_training.pattern import pattern

_NOWHERE = (
    "mlflow wandb lightning pytorch-lightning optuna hyperopt lightgbm catboost ultralytics comet-ml neptune clearml "
    "hydra-core timm albumentations monai segmentation-models-pytorch sentence-transformers gensim imbalanced-learn "
    "category-encoders prophet rouge-score loguru torchmetrics streamlit gradio langchain openai"
)
_HUGGING_FACE = "transformers datasets evaluate diffusers peft trl bitsandbytes seqeval"
_TABULAR = "torch torchvision tensorflow keras shap seaborn plotly statsmodels spacy nltk"

ABSENT: Final[dict[str, frozenset[str]]] = {
    "PyTorch": frozenset(f"{_NOWHERE} {_HUGGING_FACE} tensorflow xgboost".split()),
    "HuggingFace": frozenset(f"{_NOWHERE} xgboost seqeval".split()),
    "TensorFlow": frozenset(
        f"{_NOWHERE} transformers datasets evaluate diffusers peft trl bitsandbytes torch torchvision xgboost".split()
    ),
    "SKLearn": frozenset(f"{_NOWHERE} {_HUGGING_FACE} {_TABULAR} xgboost".split()),
    "XGBoost": frozenset(f"{_NOWHERE} {_HUGGING_FACE} {_TABULAR}".split()),
}
"""The packages that no image of a framework brings, by the name of the estimator that chooses it."""

_BROUGHT_FROM: Final = {
    "PyTorch": ((2, 11), frozenset({"mlflow"})),
    "TensorFlow": ((2, 20), frozenset({"mlflow", "torch"})),
}
"""The first version of a framework whose images may bring some of these packages, and those packages."""

_REPOSITORIES: Final = {
    "pytorch-training": "PyTorch",
    "tensorflow-training": "TensorFlow",
    "huggingface-pytorch-training": "HuggingFace",
    "sagemaker-scikit-learn": "SKLearn",
    "sagemaker-xgboost": "XGBoost",
}
_IMAGE = pattern(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<repository>[a-z0-9-]+):(?P<tag>[\w.-]+)"
)
_VERSION = pattern(r"(?P<major>[0-9]{1,4})\.(?P<minor>[0-9]{1,4})(?![0-9])")


def framework_of_image(uri: str) -> str | None:
    """Return the estimator that chooses the repository of an image, or None for any other image."""
    found = _IMAGE.fullmatch(uri)
    return _REPOSITORIES.get(found["repository"]) if found is not None else None


def absent_packages(framework: str, version: str | None) -> frozenset[str]:
    """Return the packages that the image of a framework's version does not bring; None is an unknown version."""
    absent = ABSENT[framework]
    if framework not in _BROUGHT_FROM:
        return absent
    first, brought = _BROUGHT_FROM[framework]
    found = _VERSION.match(version or "")
    if found is not None and (int(found["major"]), int(found["minor"])) < first:
        return absent
    return absent - brought


def brought_from(framework: str, package: str) -> str | None:
    """Return the first version of a framework whose images bring a package; None if no version is known to."""
    if framework not in _BROUGHT_FROM:
        return None
    first, brought = _BROUGHT_FROM[framework]
    return ".".join(map(str, first)) if package in brought else None


def version_of_image(uri: str) -> str | None:
    """Return the framework's version in the tag of an image, or None for an image of no framework."""
    found = _IMAGE.fullmatch(uri)
    return found["tag"].partition("-")[0] if found is not None else None
