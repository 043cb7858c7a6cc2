"""Rows for xgboost, lightgbm and catboost.

Sources: xgboost 1.7 and 2.1, lightgbm 4.7, catboost 1.2 and SageMaker's XGBoost container (commit 054c09c0).
``xgboost.train(evals=)`` may be positional before 2.0. ``xgboost.cv`` and similar functions measure models and
discard them.
"""

from __future__ import annotations

from flake8_training.libraries.rows import (
    SELF,
    WORK,
    Carries,
    Evaluates,
    HoldsOut,
    Library,
    May,
    Predicts,
    Reads,
    Returns,
    Row,
    Saves,
    Trains,
)

_XGBOOST: tuple[Row, ...] = (
    *(
        Reads(f"xgboost.{name}", (0, "data"))
        for name in ("DMatrix", "QuantileDMatrix", "DeviceQuantileDMatrix", "ExtMemQuantileDMatrix")
    ),
    Saves("xgboost.DMatrix().save_binary", (0, "fname"), "data"),
    Trains("xgboost.train", "xgboost", held_out=("evals", 3)),
    Trains("xgboost.dask.train", "xgboost", held_out=("evals",)),
    Trains("xgboost.Booster().update", "xgboost", step=True),
    Trains("xgboost.Booster().boost", "xgboost", step=True),
    Trains("xgboost.**().fit", "xgboost", held_out=("eval_set", "evals")),
    Returns("xgboost.train", "xgboost.Booster()"),
    Returns("xgboost.**().fit", SELF),
    Returns("xgboost.**().get_booster", "xgboost.Booster()"),
    Reads("xgboost.Booster", ("model_file", 2), "model"),
    Reads("xgboost.**().load_model", (0, "fname"), "model"),
    Evaluates("xgboost.cv"),
    Evaluates("xgboost.Booster().eval"),
    Evaluates("xgboost.Booster().eval_set"),
    Evaluates("xgboost.**().score"),
    *(
        Predicts(f"xgboost.**().{method}")
        for method in ("predict", "predict_proba", "inplace_predict", "apply", "transform")
    ),
    Predicts("xgboost.dask.predict"),
    Predicts("xgboost.dask.inplace_predict"),
    Saves("xgboost.**().save_model", (0, "fname"), framework="xgboost", form="xgboost"),
    Saves("xgboost.Booster().dump_model", (0, "fout"), "data", framework="xgboost", form="text"),
    Carries("xgboost.TrainingCheckPoint", ("directory", 0)),
)

_LIGHTGBM: tuple[Row, ...] = (
    Reads("lightgbm.Dataset", (0, "data")),
    Saves("lightgbm.Dataset().save_binary", (0, "filename"), "data"),
    Trains("lightgbm.train", "lightgbm", held_out=("valid_sets", 3)),
    Trains("lightgbm.Booster().update", "lightgbm", step=True),
    Trains("lightgbm.Booster().refit", "lightgbm"),
    Trains("lightgbm.**().fit", "lightgbm", held_out=("eval_set", "eval_X")),
    Returns("lightgbm.train", "lightgbm.Booster()"),
    Returns("lightgbm.**().fit", SELF),
    Reads("lightgbm.Booster", ("model_file", 2), "model"),
    Evaluates("lightgbm.cv"),
    Evaluates("lightgbm.Booster().eval"),
    Evaluates("lightgbm.Booster().eval_valid"),
    Evaluates("lightgbm.**().score"),
    *(Predicts(f"lightgbm.**().{method}") for method in ("predict", "predict_proba")),
    # LGBMClassifier().booster_ is an attribute.
    Saves("lightgbm.**.save_model", (0, "filename"), framework="lightgbm", form="lightgbm"),
)

_CATBOOST: tuple[Row, ...] = (
    Reads("catboost.Pool", (0, "data")),
    Saves("catboost.Pool().save", (0, "fname"), "data"),
    Trains("catboost.train", "other", held_out=("eval_set",)),
    Trains("catboost.**().fit", "other", held_out=("eval_set",)),
    *(Trains(f"catboost.**().{method}", "other") for method in ("grid_search", "randomized_search")),
    *(HoldsOut(f"catboost.**().{method}") for method in ("grid_search", "randomized_search")),
    Returns("catboost.train", "catboost.CatBoost()"),
    Returns("catboost.**().fit", SELF),
    Returns("catboost.**().load_model", SELF),
    Returns("catboost.sum_models", "catboost.CatBoost()"),
    Reads("catboost.**().load_model", (0, "fname"), "model"),
    Evaluates("catboost.cv"),
    Evaluates("catboost.**().score"),
    Evaluates("catboost.**().eval_metrics"),
    Evaluates("catboost.**().compare"),
    Evaluates("catboost.utils.eval_metric"),
    *(
        Predicts(f"catboost.**().{method}")
        for method in (
            "predict",
            "predict_proba",
            "predict_log_proba",
            "staged_predict",
            "staged_predict_proba",
        )
    ),
    Saves("catboost.**().save_model", (0, "fname"), framework="other", form="catboost"),
)

_CONTAINER: tuple[Row, ...] = (
    # SageMaker's own XGBoost container: get_dmatrix(data_path, content_type, ...).
    Reads("sagemaker_xgboost_container.data_utils.get_dmatrix", (0, "data_path")),
    *(
        Reads(f"sagemaker_xgboost_container.data_utils.get_{form}_dmatrix", (0, "path", "files_path"))
        for form in ("csv", "libsvm", "parquet", "recordio_protobuf")
    ),
    Returns("sagemaker_xgboost_container.data_utils.get_dmatrix", "xgboost.DMatrix()"),
    *(
        Carries(
            f"sagemaker_xgboost_container.checkpointing.{name}",
            (0, "checkpoint_dir", "intermediate_model_dir"),
        )
        for name in ("save_checkpoint", "SaveCheckpoint", "save_intermediate_model", "SaveIntermediateModel")
    ),
    # train(train_args, checkpoint_dir): train_args are the arguments of xgboost.train, evals among them.
    Trains("sagemaker_xgboost_container.checkpointing.train", "xgboost", saves_to=(1, "checkpoint_dir")),
    May("sagemaker_xgboost_container.checkpointing.train", frozenset({"evaluates"})),
    Returns("sagemaker_xgboost_container.checkpointing.train", "xgboost.Booster()"),
)

ROWS: tuple[Row, ...] = (
    *_XGBOOST,
    *_LIGHTGBM,
    *_CATBOOST,
    *_CONTAINER,
)

LIBRARIES: tuple[Library, ...] = (
    Library("xgboost", framework="xgboost"),
    Library("xgboost_ray", WORK, "xgboost"),
    Library("lightgbm", framework="lightgbm"),
    Library("lightgbm_ray", WORK, "lightgbm"),
    Library("catboost", framework="other"),
    Library("sagemaker_xgboost_container", framework="xgboost"),
    # rabit_run(exec_fun, ...) calls the function passed to it.
    Library(
        "sagemaker_xgboost_container.distributed",
        WORK,
        "xgboost",
    ),
    Library("sagemaker_xgboost_container.training", WORK),
)
