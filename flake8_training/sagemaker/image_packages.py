"""Packages that SageMaker's framework images do not bring, as of 2026-08.

In scope: the training images that the estimators PyTorch, TensorFlow, HuggingFace, SKLearn and XGBoost choose by
version, on CPU and GPU. Out of scope: images for AWS Trainium, for smdistributed model parallelism, and images of the
project's own. A package is listed for a framework only if no version of its images installs it, itself or through
another package; a package that is not listed is unknown.

Sources: four Dockerfiles of aws/deep-learning-containers (``pytorch/training``, ``tensorflow/training``,
``huggingface/pytorch/training``), ``requirements.txt`` of aws/sagemaker-scikit-learn-container (eae7b6b1, 2026-07-14)
and of aws/sagemaker-xgboost-container (cb8df91c, 2026-06-25). The other versions of these images were not read: for
them the lists are general knowledge of the images.
"""

from __future__ import annotations

import re
from typing import Final

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

_REPOSITORIES: Final = {
    "pytorch-training": "PyTorch",
    "tensorflow-training": "TensorFlow",
    "huggingface-pytorch-training": "HuggingFace",
    "sagemaker-scikit-learn": "SKLearn",
    "sagemaker-xgboost": "XGBoost",
}
_IMAGE = re.compile(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<repository>[a-z0-9-]+):(?P<tag>[\w.-]+)"
)


def framework_of_image(uri: str) -> str | None:
    """Return the estimator that chooses the repository of an image, or None for any other image."""
    found = _IMAGE.fullmatch(uri)
    return _REPOSITORIES.get(found["repository"]) if found is not None else None
