"""Parameters of libraries that take a number and fail on a string.

Tried with xgboost 3.2, lightgbm 4.7, scikit-learn 1.9 and numpy 2; for torch 2, keras 2 and 3 and transformers 4 by
what they compare or count with first. What turns a text into a number by itself (``torch.manual_seed``,
``keras.layers.Dense``, the ``params`` of xgboost and lightgbm) is not here.
"""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache
from typing import Final

from flake8_training.libraries.rows import Arguments

_SKLEARN: Final = (
    "n_estimators",
    "max_depth",
    "min_samples_split",
    "min_samples_leaf",
    "max_leaf_nodes",
    "max_iter",
    "n_neighbors",
    "n_clusters",
    "n_splits",
    "n_jobs",
    "random_state",
    "C",
    "alpha",
    "l1_ratio",
    "tol",
    "subsample",
    "test_size",
    "train_size",
)

_TRAINING_ARGUMENTS: Final = (
    "num_train_epochs",
    "learning_rate",
    "weight_decay",
    "max_steps",
    "max_grad_norm",
    "per_device_train_batch_size",
    "per_device_eval_batch_size",
    "gradient_accumulation_steps",
    "warmup_steps",
    "warmup_ratio",
)

_ROWS: Final[tuple[tuple[str, Arguments], ...]] = (
    ("builtins.range", (0, 1, 2)),
    ("builtins.abs", (0,)),
    ("builtins.round", (0,)),
    ("math.*", (0, 1)),
    ("time.sleep", (0,)),
    ("numpy.random.seed", (0, "seed")),
    ("numpy.random.RandomState", (0, "seed")),
    ("numpy.zeros", (0, "shape")),
    ("numpy.ones", (0, "shape")),
    ("numpy.linspace", (0, 1, 2, "num")),
    ("numpy.arange", (0, 1, 2)),
    ("xgboost.train", (2, "num_boost_round", "early_stopping_rounds")),
    ("xgboost.cv", (2, 3, "num_boost_round", "nfold", "early_stopping_rounds")),
    ("xgboost.XGB*", ("n_estimators", "early_stopping_rounds")),
    ("lightgbm.train", (2, "num_boost_round")),
    ("lightgbm.cv", (2, "num_boost_round", "nfold")),
    ("lightgbm.LGBM*", ("n_estimators",)),
    ("lightgbm.early_stopping", (0, "stopping_rounds")),
    ("sklearn.*", _SKLEARN),
    ("sklearn.ensemble.*Boost*", ("learning_rate",)),
    ("sklearn.ensemble.RandomForest*", (0,)),
    ("torch.optim.lr_scheduler.StepLR", (1, 2, "step_size", "gamma")),
    ("torch.optim.lr_scheduler.CosineAnnealingLR", (1, 2, "T_max", "eta_min")),
    ("torch.optim.lr_scheduler.ExponentialLR", (1, "gamma")),
    ("torch.optim.*", (1, "lr", "weight_decay", "momentum", "eps", "rho", "alpha")),
    ("torch.utils.data.DataLoader", (1, "batch_size", "num_workers")),
    ("torch.nn.Linear", (0, 1, "in_features", "out_features")),
    ("torch.nn.Embedding", (0, 1, "num_embeddings", "embedding_dim")),
    ("torch.nn.Dropout", (0, "p")),
    ("transformers.*TrainingArguments", _TRAINING_ARGUMENTS),
    *(
        (f"trl.{method}Config", _TRAINING_ARGUMENTS)
        for method in ("SFT", "DPO", "KTO", "ORPO", "GRPO", "Reward")
    ),
    ("peft.LoraConfig", ("r", "lora_alpha", "lora_dropout")),
    ("lightning.pytorch.Trainer", ("max_epochs", "max_steps")),
    ("tensorflow.data.*.batch", (0, "batch_size")),
    ("tensorflow.data.*.shuffle", (0, "buffer_size")),
    ("tensorflow.data.*.repeat", (0, "count")),
    ("keras.*.fit", ("epochs", "batch_size", "steps_per_epoch", "validation_split")),
    ("keras.optimizers.*", (0, "learning_rate", "lr")),
)


@lru_cache(maxsize=1024)
def numeric_parameters(name: str) -> Arguments:
    """Return the arguments of a call, by its canonical name, that must be numbers; none for an unknown call."""
    if name.startswith("torch.optim.lr_scheduler.") and not any(n == name for n, _ in _ROWS):
        return ()
    found: list[int | str] = []
    for pattern, places in _compiled():
        if pattern.fullmatch(name):
            found.extend(places)
            if name.startswith("torch."):
                break
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[re.Pattern[str], Arguments], ...]:
    return tuple((re.compile(fnmatch.translate(pattern)), places) for pattern, places in _ROWS)
