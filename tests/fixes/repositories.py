"""A repository of a launcher and its script without a mistake, for tests that misspell something in it."""

from __future__ import annotations

from pathlib import Path

from training_alignment.checking.run import Choice
from training_alignment.fixes.rounds import Fixed, Rounds
from training_alignment.repository.repository import Repository

from flake8_training.configuration import read_configuration
from tests.harness import write

LAUNCHER = """\
# The launcher: naïve café, 東京  # comments are kept
from sagemaker.sklearn import SKLearn

estimator = SKLearn(
    entry_point='train_model.py',   # quotes are kept
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="1.2-1",
    py_version="py3",
    hyperparameters={"max-depth": 3, 'learning-rate': 0.1,  "estimators": 10},
)
estimator.fit({"train": "s3://bucket/train",
               "validation": "s3://bucket/validation"})
"""
SCRIPT = """\
import argparse
import os

import joblib
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--max-depth", type=int, default=3)
    parser.add_argument('--learning-rate', type=float, default=0.1)
    parser.add_argument("--estimators", type=int, default=10)
    parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
    parser.add_argument("--validation", default=os.environ['SM_CHANNEL_VALIDATION'])
    args = parser.parse_args()
    train = pd.read_csv(os.path.join(args.train, "train.csv"))
    validation = pd.read_csv(os.path.join(args.validation, "validation.csv"))
    model = GradientBoostingRegressor(
        max_depth=args.max_depth, learning_rate=args.learning_rate, n_estimators=args.estimators
    )
    model.fit(train.drop(columns="y"), train["y"])
    print("score", model.score(validation.drop(columns="y"), validation["y"]))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))


if __name__ == "__main__":
    main()
"""
FILES = {
    "pyproject.toml": "[tool.flake8-training]\n",
    "launch.py": LAUNCHER,
    "code/train_model.py": SCRIPT,
}


def repository(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the repository with replacements, each in the launcher (``launcher``) or the script (``script``)."""
    files = dict(FILES)
    for name, (old, new) in changes.items():
        path = "launch.py" if name == "launcher" else "code/train_model.py"
        assert files[path].count(old) == 1, old
        files[path] = files[path].replace(old, new)
    write(folder, files)
    return folder


def fixed(root: Path, *, unsafe: bool = False) -> Fixed:
    """Return the fixes of a whole repository; nothing is written."""
    configuration = read_configuration(root)
    files = Repository.open(root).files
    return Rounds(root, files, configuration, None, Choice().or_else(configuration), unsafe=unsafe).run()
