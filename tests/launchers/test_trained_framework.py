"""The framework of the estimator against what the script trains, not against what it imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alignment import training_alignment
from tests.harness import write

LAUNCHER = """
from sagemaker.{framework} import {name}

estimator = {name}(
    entry_point="train.py",
    source_dir="src",
    role="arn:aws:iam::123456789012:role/Reef",
    framework_version="{version}",
    instance_type="ml.m5.xlarge",
    instance_count=1,
)
estimator.fit({{"train": "s3://reef/corals/"}})
"""
SCRIPT = """
import os, joblib
import pandas as pd
import xgboost as xgb
from sklearn.linear_model import Ridge

if __name__ == "__main__":
    print(xgb.__version__)
    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "corals.csv"))
    model = Ridge()
    {before}
    model.fit(data[:800][["x"]], data[:800]["y"])
    print(model.score(data[800:][["x"]], data[800:]["y"]))
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
XGBOOST = LAUNCHER.format(framework="xgboost", name="XGBoost", version="1.7-1")
SKLEARN = LAUNCHER.format(framework="sklearn", name="SKLearn", version="1.2-1")


@pytest.mark.parametrize(
    ("launcher", "before", "codes"),
    [
        (XGBOOST, "pass", ["TRN121"]),
        (XGBOOST, "print('xgboost', xgb.__name__)", ["TRN121"]),
        (XGBOOST, "leaves = xgb.Booster(model_file='m').predict(data)", []),
        (XGBOOST, "model = (xgb.XGBRegressor if data.empty else Ridge)()", []),
        (XGBOOST, "import ours; ours.train(data)", []),
        (SKLEARN, "pass", []),
    ],
)
def test_what_is_trained(launcher: str, before: str, codes: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"launch.py": launcher, "src/train.py": SCRIPT.replace("{before}", before)})
    run = training_alignment("check", "--all", "--format", "json", "--select", "TRN121", folder=tmp_path)
    assert [found["code"] for found in run.findings] == codes
