"""TRN121 at its edges: what is made to be trained, what may train it after all, and the division from TRN103."""

from __future__ import annotations

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import lightgbm as lgb
import tensorflow as tf
import torch
import xgboost as xgb
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

if __name__ == "__main__":
    print("begin")
"""
OTHER = "baseline = LogisticRegression().fit(X, y)\n"

UNTRAINED = {
    "a model": "model = xgb.XGBRegressor(max_depth=3)  # TRN121",
    "a model that predicts": "model = lgb.LGBMClassifier()  # TRN121\nprint(model.predict(X))",
    "an optimizer": "optimizer = torch.optim.Adam(net.parameters())  # TRN121",
    "a compiled model": 'model = tf.keras.Sequential([])  # TRN121\nmodel.compile(loss="mse")',
    "a trainer": "from transformers import Trainer\ntrainer = Trainer(model=net)  # TRN121\ntrainer.save_model()",
    "a model that is saved": """
import joblib
model = xgb.XGBClassifier()  # TRN121
joblib.dump(model, "/opt/ml/model/model.joblib")
""",
    "the first of two": "a = xgb.XGBClassifier()  # TRN121\nb = xgb.XGBRegressor()",
    "in a function": """
def build():
    return xgb.XGBClassifier()  # TRN121
model = build()
""",
}

FITTED_BY_NOBODY_KNOWN = {
    "data alone": "train = xgb.DMatrix(X, label=y)  # TRN121\nheld_out = xgb.DMatrix(A, label=b)",
    "without a label": "data = xgb.DMatrix(X)",
    "trained": "xgb.train({}, xgb.DMatrix(X, label=y))",
    "given to what is fitted": "model.fit(xgb.DMatrix(X, label=y))",
    "to measure a model that is loaded": "booster = xgb.Booster()\nprint(booster.eval(xgb.DMatrix(X, label=y)))",
}

TRAINED = {
    "an import alone": "matrix = xgb.DMatrix(X)",
    "by its own call": "model = xgb.XGBClassifier()\nmodel.fit(X, y)",
    "by another call of its library": "model = xgb.XGBClassifier()\nxgb.train({}, xgb.DMatrix(X))",
    "in a pipeline": """
from sklearn.pipeline import make_pipeline
make_pipeline(StandardScaler(), xgb.XGBClassifier()).fit(X, y)
""",
    "in a search": """
from sklearn.model_selection import GridSearchCV
GridSearchCV(xgb.XGBClassifier(), {}).fit(X, y)
""",
    "in a loop over models": """
for model in (LogisticRegression(), xgb.XGBClassifier()):
    model.fit(X, y)
""",
    "out of sight": "model = xgb.XGBClassifier()\nfrom ours import run\nrun(model)",
    "by an unknown object": "model = xgb.XGBClassifier()\nregistry.run_all(model)",
    "loaded": 'model = xgb.XGBClassifier()\nmodel.load_model("/opt/ml/input/data/model/m.json")',
    "features of a network": "net = tf.keras.Sequential([])\nX = net.predict(X)",
    "a trainer that measures": "from transformers import Trainer\nprint(Trainer(model=net).evaluate())",
    "Lightning asks for the optimizer": """
import pytorch_lightning as pl

class Module(pl.LightningModule):
    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())

pl.Trainer().fit(Module())
""",
    "never run": "def unused():\n    return xgb.XGBClassifier()",
}


@pytest.mark.parametrize("name", UNTRAINED)
def test_untrained(name: str) -> None:
    assert_marked("TRN121", HEAD + OTHER + UNTRAINED[name])


@pytest.mark.parametrize("name", TRAINED)
def test_trained_or_unclear(name: str) -> None:
    assert_marked("TRN121", HEAD + OTHER + TRAINED[name])


@pytest.mark.parametrize("name", FITTED_BY_NOBODY_KNOWN)
def test_data_that_is_never_trained_on(name: str) -> None:
    assert_marked("TRN121", HEAD + "imputer.fit(X)\n" + FITTED_BY_NOBODY_KNOWN[name])


@pytest.mark.parametrize("name", UNTRAINED)
def test_a_preprocessing_step_is_no_training(name: str) -> None:
    assert_marked("TRN121", HEAD + "scaler = StandardScaler().fit(X)\n" + UNTRAINED[name])


@pytest.mark.parametrize("name", UNTRAINED)
def test_with_nothing_fitted_it_is_TRN103_alone(name: str) -> None:
    assert findings("TRN121", HEAD + UNTRAINED[name]) == []
    assert [found.code for found in findings("TRN103", HEAD + UNTRAINED[name])] == ["TRN103"]


@pytest.mark.parametrize("name", UNTRAINED)
def test_never_both(name: str) -> None:
    for fitted in (OTHER, "scaler = StandardScaler().fit(X)\n"):
        assert findings("TRN103", HEAD + fitted + UNTRAINED[name]) == []


def test_the_message_says_what_trains_instead() -> None:
    (found,) = findings("TRN121", HEAD + OTHER + UNTRAINED["a model"])
    assert found.message.endswith(": XGBRegressor is never trained, only LogisticRegression().fit() runs")
