"""Frameworks through the levels: detection, TRN125, TRN209 and TRN420 for each that is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from training_alignment import check, detect_training_framework

from tests.harness import write

HEAD = """\
import argparse
import os

import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()
train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAINING"], "a.csv"))
held = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_VALIDATION"], "a.csv"))
X, y, X_held, y_held = train.drop(columns="y"), train["y"], held.drop(columns="y"), held["y"]
folder = os.environ["SM_MODEL_DIR"]
"""
TRAININGS = {
    "xgboost": """
import xgboost
model = xgboost.XGBClassifier(n_estimators=args.epochs).fit(X, y)
print(model.score(X_held, y_held))
model.save_model(os.path.join(folder, "model.json"))
""",
    "pytorch": """
import torch
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(args.epochs):
    optimizer.zero_grad()
    ((model(torch.tensor(X.values)) - torch.tensor(y.values)) ** 2).mean().backward()
    optimizer.step()
print(((model(torch.tensor(X_held.values)) - torch.tensor(y_held.values)) ** 2).mean())
torch.save(model.state_dict(), os.path.join(folder, "model.pth"))
""",
    "sklearn": """
import joblib
from sklearn.svm import SVC
model = SVC(max_iter=args.epochs).fit(X, y)
print(model.score(X_held, y_held))
joblib.dump(model, os.path.join(folder, "model.joblib"))
""",
    "tensorflow": """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.Adam()
for epoch in range(args.epochs):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(X.values) - y.values) ** 2)
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
print(tf.reduce_mean((model(X_held.values) - y_held.values) ** 2))
tf.saved_model.save(model, os.path.join(folder, "1"))
""",
    "huggingface": """
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments
model = AutoModelForSequenceClassification.from_pretrained("base")
arguments = TrainingArguments("/opt/ml/checkpoints", num_train_epochs=args.epochs)
trainer = Trainer(model, arguments, train_dataset=X, eval_dataset=X_held)
trainer.train()
trainer.evaluate()
trainer.save_model(folder)
""",
    "lightgbm": """
import lightgbm as lgb
held_out = lgb.Dataset(X_held, label=y_held)
model = lgb.train({"objective": "binary"}, lgb.Dataset(X, label=y), args.epochs, valid_sets=[held_out])
model.save_model(os.path.join(folder, "model.txt"))
""",
    "mxnet": """
import mxnet as mx
from mxnet import autograd, gluon
net = gluon.nn.Dense(1)
net.initialize()
trainer = gluon.Trainer(net.collect_params(), "sgd")
loss = gluon.loss.L2Loss()
for epoch in range(args.epochs):
    with autograd.record():
        error = loss(net(mx.nd.array(X.values)), mx.nd.array(y.values))
    error.backward()
    trainer.step(10)
print(loss(net(mx.nd.array(X_held.values)), mx.nd.array(y_held.values)).mean())
net.export(os.path.join(folder, "model"))
""",
}
FITTING = {
    "pytorch": {"pytorch", "huggingface"},
    "tensorflow": {"tensorflow", "huggingface"},
    "huggingface": {"huggingface", "pytorch", "tensorflow"},
}
"""Which scripts a declared framework may be of besides its own."""

EVERYTHING = (
    '"epochs": 3, "learning_rate": 0.1, "batch_size": 8, "max_depth": 3, "objective": "x", "num_round": 9'
)
CONTRACT = """\
CHURN_TRAINING_CONTRACT = {{
    "entry_point": "churn_training.py",
    "inputs": {{
        "training_data": {{"type": "TrainingInput", "destination": "/opt/ml/input/data/training"}},
        "validation_data": {{"type": "TrainingInput", "destination": "/opt/ml/input/data/validation"}},
    }},
    "outputs": {{"model_artifacts": {{"type": "model_artifacts", "source": "/opt/ml/model"}}}},
    "hyperparameters": {{{hyperparameters}}},
    "environment_variables": {{"FRAMEWORK": "{framework}", "MODEL_TYPE": "classification"}},
}}
"""
BUILDER = """\
from churn_training_contract import CHURN_TRAINING_CONTRACT
from sagemaker.{package} import {name}


class ChurnTrainingStepBuilder:
    contract = CHURN_TRAINING_CONTRACT

    def _create_estimator(self):
        return {name}(
            entry_point="churn_training.py",
            source_dir="scripts",
            role=self.config.role,
            instance_type="ml.m5.large",
            instance_count=1,
            framework_version=self.config.version,
            hyperparameters=self.config.hyperparameters,
        )
"""


def found(folder: Path, framework: str, script: str, more: str = EVERYTHING, builder: str = "") -> list[str]:
    """The codes that are said of a step, without those on what is declared and not read."""
    files = {
        "scripts/churn_training.py": HEAD + TRAININGS[script],
        "contracts/churn_training_contract.py": CONTRACT.format(framework=framework, hyperparameters=more),
    }
    if builder:
        text = BUILDER.format(package=builder.lower(), name=builder)
        files["builders/builder_churn_training_step.py"] = text
    write(folder, files)
    return [finding.code for finding in check(root=folder, ignore=["TRN004", "TRN159"])]


@pytest.mark.parametrize("name", TRAININGS)
def test_the_framework_that_trains_is_detected(name: str) -> None:
    assert detect_training_framework(HEAD + TRAININGS[name]) == name


@pytest.mark.parametrize("name", TRAININGS)
def test_a_script_of_the_framework_that_the_contract_declares(name: str, tmp_path: Path) -> None:
    assert found(tmp_path, name, name) == []


@pytest.mark.parametrize("script", TRAININGS)
@pytest.mark.parametrize("declared", TRAININGS)
def test_a_script_of_another_framework_than_declared(declared: str, script: str, tmp_path: Path) -> None:
    fits = script in FITTING.get(declared, {declared})
    assert found(tmp_path, declared, script) == ([] if fits else ["TRN125"])


@pytest.mark.parametrize(
    ("declared", "more", "expected"),
    [
        (
            "xgboost",
            '"max_depth": 3',
            ["eta, for xgboost", "num_round, for xgboost", "objective, for xgboost"],
        ),
        ("XGBoost", '"max_depth": 3, "learning_rate": 0.1, "objective": "x", "n_estimators": 9', []),
        ("pytorch", '"epochs": 3', ["batch_size, for pytorch", "learning_rate, for pytorch"]),
        ("Scikit-Learn", '"gamma": 1', ["none of n_estimators, max_depth, C, for Scikit-Learn"]),
        ("sklearn", '"C": 1', []),
        (
            "tensorflow",
            '"units": 3',
            ["batch_size, for tensorflow", "epochs, for tensorflow", "learning_rate, for tensorflow"],
        ),
        ("Keras", '"batch-size": 3, "lr": 0.1', ["epochs, for Keras"]),
        ("Keras", '"batch-size": 3, "lr": 0.1, "max_epochs": 2', []),
        (
            "huggingface",
            '"model_id": "base"',
            ["batch_size, for huggingface", "epochs, for huggingface", "learning_rate, for huggingface"],
        ),
        (
            "Hugging Face",
            '"num_train_epochs": 1, "per_device_train_batch_size": 8, "learning_rate": 1e-5',
            [],
        ),
        (
            "lightgbm",
            '"metric": "auc"',
            [
                "learning_rate, for lightgbm",
                "num_leaves, for lightgbm",
                "num_round, for lightgbm",
                "objective, for lightgbm",
            ],
        ),
        ("LightGBM", '"num_leaves": 31, "objective": "binary", "eta": 0.1, "n_estimators": 50', []),
        ("mxnet", '"units": 3', ["batch_size, for mxnet", "epochs, for mxnet", "learning_rate, for mxnet"]),
        ("mxnet", '"num_epoch": 3, "batch_size": 8, "lr": 0.1', []),
        ("catboost", '"units": 3', []),
    ],
)
def test_hyperparameters_that_a_framework_needs(
    declared: str, more: str, expected: list[str], tmp_path: Path
) -> None:
    write(
        tmp_path,
        {"churn_training_contract.py": CONTRACT.format(framework=declared, hyperparameters=more)},
    )
    found = [f.message.partition(": ")[2] for f in check(root=tmp_path, select=["TRN209"])]
    assert found == expected


@pytest.mark.parametrize(
    ("declared", "builder", "codes"),
    [
        ("xgboost", "XGBoost", []),
        ("xgboost", "PyTorch", ["TRN420"]),
        ("xgboost", "TensorFlow", ["TRN420"]),
        ("tensorflow", "HuggingFace", []),
        ("tensorflow", "MXNet", ["TRN420"]),
        ("huggingface", "PyTorch", []),
        ("huggingface", "XGBoost", ["TRN420"]),
        ("lightgbm", "SKLearn", []),
        ("lightgbm", "XGBoost", ["TRN420"]),
        ("mxnet", "MXNet", []),
        ("mxnet", "SKLearn", ["TRN420"]),
    ],
)
def test_an_estimator_of_another_framework_is_told_once(
    declared: str, builder: str, codes: list[str], tmp_path: Path
) -> None:
    told = found(tmp_path, declared, declared, builder=builder)
    assert [code for code in told if code in ("TRN125", "TRN420")] == codes
