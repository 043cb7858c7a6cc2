"""SageMaker's built-in algorithms and the channel that they require.

They train without a script. Source: the names of ``image_uris.retrieve`` (sagemaker 2.257.7, ``image_uri_config``), and
the table "Common parameters for built-in algorithms" of the developer guide. XGBoost's image also runs a script;
without one it is an algorithm.
"""

from __future__ import annotations

import re
from typing import Final

CHANNEL: Final = "train"
"""The training data channel, the same for every algorithm."""

ALGORITHMS: Final = frozenset(
    "blazingtext factorization-machines forecasting-deepar image-classification ipinsights kmeans knn lda "
    "linear-learner ntm object-detection object2vec pca randomcutforest semantic-segmentation seq2seq xgboost".split()
)

_IMAGE = re.compile(r"[^/]+\.dkr\.ecr\.[^/]+/(?:sagemaker-)?(?P<name>[a-z0-9-]+)(?::[\w.-]+)?")


def algorithm_of_image(uri: str) -> str | None:
    """Return the algorithm in an image of a registry, or None for any other image."""
    match = _IMAGE.fullmatch(uri)
    return match["name"] if match is not None and match["name"] in ALGORITHMS else None
