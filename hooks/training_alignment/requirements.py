"""Tables of what a training step needs.

The keywords come from the design that the checks come from. The tables document the checks; no check searches a script
for a keyword. The rules evaluate the values of the script instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

TRAINING_VALIDATION_REQUIREMENTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "script_patterns": {
        "hyperparameter_loading": {
            "keywords": ["hyperparameters.json", "json.load", "config"],
            "paths": ["/opt/ml/input/config/hyperparameters.json"],
            "severity": "ERROR",
        },
        "data_loading": {
            "keywords": ["pd.read_", "DMatrix", "DataLoader"],
            "paths": ["/opt/ml/input/data/training", "/opt/ml/input/data/validation"],
            "severity": "ERROR",
        },
        "model_training": {
            "keywords": ["fit", "train", "xgb.train", "model.fit"],
            "severity": "ERROR",
        },
        "model_saving": {
            "keywords": ["save_model", "torch.save", "joblib.dump"],
            "paths": ["/opt/ml/model"],
            "severity": "ERROR",
        },
        "evaluation": {
            "keywords": ["predict", "evaluate", "accuracy_score", "metrics"],
            "severity": "WARNING",
        },
    },
    "contract_requirements": {
        "inputs": ["TrainingInput"],
        "outputs": ["model_artifacts"],
        "hyperparameters": ["framework_specific"],
        "environment_variables": ["FRAMEWORK", "MODEL_TYPE"],
    },
    "builder_requirements": {
        "methods": ["_create_estimator", "_prepare_hyperparameters_file", "_prepare_training_inputs"],
        "configuration": ["instance_type", "role", "entry_point", "hyperparameters"],
    },
}

FRAMEWORK_REQUIREMENTS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "xgboost": {
        "imports": ["xgboost", "xgb"],
        "training_patterns": ["xgb.train", "XGBClassifier", "DMatrix"],
        "saving_patterns": ["save_model", "model.xgb"],
        "hyperparameters": ["max_depth", "eta", "objective", "num_round"],
    },
    "pytorch": {
        "imports": ["torch", "torch.nn"],
        "training_patterns": ["nn.Module", "optimizer", "loss.backward"],
        "saving_patterns": ["torch.save", "state_dict"],
        "hyperparameters": ["learning_rate", "epochs", "batch_size"],
    },
    "sklearn": {
        "imports": ["sklearn"],
        "training_patterns": ["fit", "RandomForestClassifier", "SVC"],
        "saving_patterns": ["joblib.dump", "pickle.dump"],
        "hyperparameters": ["n_estimators", "max_depth", "C"],
    },
}

MORE_HYPERPARAMETERS: Final[Mapping[str, Sequence[str]]] = {
    "tensorflow": ["epochs", "batch_size", "learning_rate"],
    "huggingface": ["epochs", "batch_size", "learning_rate"],
    "lightgbm": ["objective", "num_leaves", "learning_rate", "num_round"],
    "mxnet": ["epochs", "batch_size", "learning_rate"],
}
"""The hyperparameters of frameworks for which the design has no row."""

ANOTHER_NAME: Final[Mapping[str, frozenset[str]]] = {
    "eta": frozenset({"learning_rate", "lr"}),
    "learning_rate": frozenset({"lr", "eta", "learning_rates", "base_lr", "max_lr"}),
    "num_round": frozenset(
        {"num_rounds", "num_boost_round", "n_estimators", "rounds", "num_iterations", "n_iter", "num_trees"}
    ),
    "objective": frozenset({"application", "loss_function"}),
    "num_leaves": frozenset({"max_leaves", "num_leaf", "max_leaf", "max_depth"}),
    "epochs": frozenset(
        {
            "num_epochs",
            "max_epochs",
            "num_train_epochs",
            "n_epochs",
            "epoch",
            "num_epoch",
            "max_steps",
            "steps",
        }
    ),
    "batch_size": frozenset(
        {"train_batch_size", "per_device_train_batch_size", "per_device_batch_size", "train_bs", "batchsize"}
    ),
    "max_depth": frozenset({"max_leaves", "depth"}),
}
"""Other names of a framework's hyperparameters."""

ONE_NEEDED: Final = frozenset({"sklearn"})
"""Frameworks whose row lists the hyperparameters of several models: one is enough. The others need all of their row."""


def needed(framework: str) -> Sequence[str]:
    """Return the hyperparameters of a framework's row; none for a framework without a row."""
    row = FRAMEWORK_REQUIREMENTS.get(framework)
    found: Sequence[str] = (
        row["hyperparameters"] if row is not None else MORE_HYPERPARAMETERS.get(framework, ())
    )
    return found


def undeclared(framework: str, names: set[str]) -> list[str]:
    """Return the hyperparameters that a framework needs and that are in ``names`` under no known name.

    A framework in ``ONE_NEEDED`` needs at least one: if all are missing, the result is one string that lists them.
    ``framework`` is one of the facts' names (``xgboost``); a framework without a row needs nothing.
    """
    wanted = needed(framework)
    lacking = [
        name
        for name in wanted
        if name.lower() not in names and not ANOTHER_NAME.get(name, frozenset()) & names
    ]
    if framework not in ONE_NEEDED:
        return lacking
    return [f"none of {', '.join(wanted)}"] if wanted and len(lacking) == len(wanted) else []
