"""Spellings of one and the same thing, brought to one before the tables are asked."""

from __future__ import annotations

from typing import Final

ALIASES: Final[dict[str, str]] = {
    "tensorflow.keras": "keras",
    "pytorch_lightning": "lightning.pytorch",
    "sklearn.externals.joblib": "joblib",
}
"""Prefix -> the prefix that the rows use; the longest that fits is replaced, once."""

FLAT: Final = frozenset({"xgboost", "lightgbm", "catboost", "transformers"})
"""Packages all of whose classes stand at the top: ``transformers.trainer.Trainer`` is ``transformers.Trainer``."""
