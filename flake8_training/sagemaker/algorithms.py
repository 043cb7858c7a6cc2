"""SageMaker's built-in algorithms and the channel that they require.

They train without a script. Source: the names of ``image_uris.retrieve`` (sagemaker 2.257.7, ``image_uri_config``), and
the table "Common parameters for built-in algorithms" of the developer guide. XGBoost's image also runs a script;
without one it is an algorithm.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Final

from flake8_training.pattern import pattern

CHANNEL: Final = "train"
"""The training data channel, the same for every algorithm."""

ALGORITHMS: Final = frozenset(
    "blazingtext factorization-machines forecasting-deepar image-classification ipinsights kmeans knn lda "
    "linear-learner ntm object-detection object2vec pca randomcutforest semantic-segmentation seq2seq xgboost".split()
)

_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "blazingtext": ("mode",),
        "factorization-machines": ("feature_dim", "num_factors", "predictor_type"),
        "forecasting-deepar": ("context_length", "epochs", "prediction_length", "time_freq"),
        "image-classification": ("num_classes", "num_training_samples"),
        "ipinsights": ("num_entity_vectors", "vector_dim"),
        "kmeans": ("feature_dim", "k"),
        "knn": ("feature_dim", "k", "predictor_type", "sample_size"),
        "lda": ("feature_dim", "mini_batch_size", "num_topics"),
        "linear-learner": ("predictor_type",),
        "ntm": ("feature_dim", "num_topics"),
        "object-detection": ("num_classes", "num_training_samples"),
        "object2vec": ("enc0_max_seq_len", "enc0_vocab_size"),
        "pca": ("feature_dim", "mini_batch_size", "num_components"),
        "randomcutforest": ("feature_dim",),
        "semantic-segmentation": ("num_classes", "num_training_samples"),
        "xgboost": ("num_round",),
    }
)
"""The hyperparameters that the developer guide's page of each algorithm marks as required."""

_TABULAR = ("text/csv", "application/x-recordio-protobuf")
_IMAGES = ("application/x-recordio", "application/x-image", "image/png", "image/jpeg")

CONTENT_TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "factorization-machines": ("application/x-recordio-protobuf",),
        "image-classification": _IMAGES,
        "kmeans": _TABULAR,
        "knn": _TABULAR,
        "linear-learner": _TABULAR,
        "object-detection": _IMAGES,
        "pca": _TABULAR,
        "randomcutforest": _TABULAR,
        "xgboost": (
            *("text/csv", "text/libsvm", "text/x-libsvm", "application/x-parquet"),
            *("application/x-recordio-protobuf", "csv", "libsvm", "parquet", "recordio-protobuf"),
        ),
    }
)
"""The content types that an algorithm reads, without their parameters. An algorithm that is not listed is not checked.

Source: the developer guide's page of each algorithm; sagemaker-xgboost-container ``data_utils.py`` for XGBoost.
"""

WITH_WRAPPED_MANIFEST: Final = frozenset(
    {"image-classification", "object-detection", "semantic-segmentation"}
)
"""Algorithms that read an augmented manifest only if SageMaker wraps its records as RecordIO."""

READS_LIBSVM: Final = "xgboost"
"""The algorithm that takes data without a content type for libsvm."""

_IMAGE = pattern(r"[^/]+\.dkr\.ecr\.[^/]+/(?:sagemaker-)?(?P<name>[a-z0-9-]+)(?::[\w.-]+)?")


def algorithm_of_image(uri: str) -> str | None:
    """Return the algorithm in an image of a registry, or None for any other image."""
    match = _IMAGE.fullmatch(uri)
    return match["name"] if match is not None and match["name"] in ALGORITHMS else None


def missing_hyperparameters(algorithm: str, names: Container[str]) -> tuple[str, ...]:
    """Return the required hyperparameters of an algorithm that are not among ``names``."""
    return tuple(name for name in _REQUIRED.get(algorithm, ()) if name not in names)
