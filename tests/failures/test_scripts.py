"""Failures whose cause stands in the training script alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.failures.case import GITHUB, Failure, assert_said_by_flake8, name

KERAS = """
import argparse
import os

import numpy as np
import tensorflow as tf

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--model_dir", type=str)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    args, _ = parser.parse_known_args()

    rows = np.load(os.path.join(args.train, "train.npy"))
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile(loss="mse")
    model.fit(rows[:, 1:], rows[:, 0], epochs=args.epochs){at_training}
    model.evaluate(rows[:, 1:], rows[:, 0])
    {save}
"""
SKLEARN = """
import argparse
import json
import os

import joblib
import pandas as pd
from sklearn.linear_model import Ridge

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1.0)
    args = parser.parse_args()

    rows = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
    model = Ridge(alpha=args.alpha)
    model.fit(rows.drop(columns="y"), rows["y"]){at_training}
    print(model.score(rows.drop(columns="y"), rows["y"]))
    {save}
"""
TORCH = """
import argparse
import os

import torch
from sklearn.metrics import mean_squared_error


def model_fn(model_dir):
    model = torch.nn.Linear(4, 1)
    with open(os.path.join(model_dir, "{loaded}"), "rb") as stream:{mark}
        model.load_state_dict(torch.load(stream))
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    args = parser.parse_args()

    rows = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.pt"))
    held = torch.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.pt"))
    model = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    for row in rows:
        optimizer.zero_grad()
        loss = model(row[:4]).square().mean()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print("test loss", mean_squared_error(held[:, 4], model(held[:, :4])))
    torch.save(model.state_dict(), os.path.join(args.model_dir, "model.pth"))
"""


def keras(save: str, at_training: str = "") -> dict[str, str]:
    """A Keras script with its last statement."""
    return {"train.py": KERAS.format(save=save, at_training=at_training)}


def sklearn(save: str, at_training: str = "") -> dict[str, str]:
    """A scikit-learn script with its last statement."""
    return {"train.py": SKLEARN.format(save=save, at_training=at_training)}


FAILURES = [
    Failure(
        f"{GITHUB}aws/sagemaker-python-sdk/issues/608",
        keras('model.save("/tmp/export/1")  # TRN112', "  # TRN104"),
        keras('model.save(os.path.join(os.environ["SM_MODEL_DIR"], "1"))'),
    ),
    Failure(
        f"{GITHUB}aws/amazon-sagemaker-examples/issues/3000",
        keras('model.save(os.path.join(os.environ["SM_MODEL_DIR"], "nn_model.h5"))  # TRN122'),
        keras('model.save(os.path.join(os.environ["SM_MODEL_DIR"], "1"))'),
    ),
    Failure(
        f"{GITHUB}aws/sagemaker-training-toolkit/issues/82",
        sklearn('joblib.dump(model, "/opt/program/model.joblib")  # TRN112', "  # TRN104"),
        sklearn('joblib.dump(model, "/opt/ml/model/model.joblib")'),
    ),
    Failure(
        f"{GITHUB}aws-samples/end-to-end-object-detection-detectron2-sagemaker/issues/1",
        {"train.py": TORCH.format(loaded="model_final.pth", mark="  # TRN122")},
        {"train.py": TORCH.format(loaded="model.pth", mark="")},
    ),
]


@pytest.mark.parametrize("failure", FAILURES, ids=name)
def test_failure(failure: Failure, tmp_path: Path) -> None:
    assert_said_by_flake8(failure, tmp_path)
