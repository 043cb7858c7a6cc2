"""xgboost, lightgbm and catboost."""

from __future__ import annotations

from flake8_training.script.apis.rows import Library, Reads, Returns, Row, Saves, Trains

ROWS: tuple[Row, ...] = (
    Reads("xgboost.DMatrix", (0, "data")),
    Trains("xgboost.train", "xgboost", held_out=("evals", 3)),
    Returns("xgboost.train", "xgboost.Booster()"),
    Saves("xgboost.Booster().save_model", (0, "fname"), framework="xgboost", form="xgboost"),
    Trains("?.fit", "", held_out=("validation_data", "eval_set")),
)

LIBRARIES: tuple[Library, ...] = (
    Library("xgboost", framework="xgboost"),
    Library("lightgbm", framework="lightgbm"),
    Library("catboost", framework="other"),
)
