"""TRN117 at its edges: what returns the model and keeps none, and what trains an object that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import flake8, write
from tests.rules.marked import assert_marked, findings

HEAD = """
import os, sys
import joblib
import pandas as pd
import xgboost as xgb
import lightgbm as lgb
from sklearn.svm import SVC
data = pd.read_csv(os.environ["SM_CHANNEL_TRAIN"])
train = xgb.DMatrix(data)
"""
SAVE = 'joblib.dump(object(), os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n'

DISCARDED = {
    "functions that return the model": """
import catboost
xgb.train({}, train)  # TRN117
lgb.train({}, lgb.Dataset(data))  # TRN117
catboost.train(data, {})  # TRN117
""",
    "by another name": """
from xgboost import train as fit
fit({}, train)  # TRN117
""",
    "a name that nothing reads": """
booster = xgb.train({}, train)  # TRN117
""",
    "a name that an import has, too": """
from sklearn import linear_model as other
linear_model = xgb.train({}, train)  # TRN117
print(other)
""",
    "an estimator without a name": """
SVC(C=1.0).fit(data, data)  # TRN117
xgb.XGBClassifier(max_depth=3).fit(data, data)  # TRN117
lgb.LGBMRegressor().fit(data, data)  # TRN117
""",
    "estimators whose training returns the model": """
from gluonts.mx import DeepAREstimator
estimator = DeepAREstimator(freq="D", prediction_length=3)
estimator.train(data)  # TRN117
""",
    "a function of the script": """
def fit(params):
    return xgb.train(params, train)

def fit_classifier():
    model = SVC()
    model.fit(data, data)
    return model

fit({})  # TRN117
fit_classifier()  # TRN117
""",
    "in a function": """
def main():
    booster = xgb.Booster()
    xgb.train({}, train)  # TRN117
    return booster

main()
""",
}

KEPT = {
    "taken": """
model = xgb.train({}, train)
print(model)
""",
    "used at once": """
xgb.train({}, train).save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
print(lgb.train({}, lgb.Dataset(data)).num_trees())
""",
    "returned, passed on, kept in something": """
def fit():
    return xgb.train({}, train)

joblib.dump(fit(), "x")
models = [xgb.train({}, train)]
models.append(xgb.train({}, train))
models[0:1] = [xgb.train({}, train)]

class Own:
    def run(self):
        self.model = xgb.train({}, train)

Own().run()
print(models)
""",
    "trained in place": """
import keras
model = SVC()
model.fit(data, data)
net = keras.Sequential()
net.fit(data, data)
""",
    "a trainer": """
from transformers import Trainer
trainer = Trainer()
trainer.train()
Trainer().train()
""",
    "a way out": """
history = {}
xgb.train({}, train, evals=[(train, "t")], evals_result=history)
xgb.train({}, train, callbacks=[xgb.callback.TrainingCheckPoint("/opt/ml/model")])
xgb.train({}, train, **history)
print(history)
""",
    "estimators of other estimators": """
from sklearn.pipeline import make_pipeline, Pipeline
inner = SVC()
make_pipeline(inner).fit(data, data)
Pipeline([("svc", inner)]).fit(data, data)
Pipeline(steps=inner).fit(data, data)
""",
    "a function that trains what it is given": """
def fit(model):
    model.fit(data, data)
    return model

other = SVC()
fit(other)
print(other)
""",
    "a function that saves by itself": """
def fit():
    model = xgb.train({}, train)
    model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    return model

fit()
""",
    "a function that hands the model on": """
from elsewhere import keep

def fit():
    model = xgb.train({}, train)
    keep(model)
    return model

fit()
""",
    "a function that returns something else": """
def fit():
    global model
    model = SVC()
    model.fit(data, data)
    return 3

fit()
print(model)
""",
    "measuring by cross-validation": """
xgb.cv({}, train)
""",
    "something that is no library's": """
from own import train as fit
fit({}, train)
""",
}


@pytest.mark.parametrize("text", [*DISCARDED.values(), *KEPT.values()], ids=[*DISCARDED, *KEPT])
def test_discarded(text: str) -> None:
    assert_marked("TRN117", HEAD + text + SAVE)


def test_a_named_result_of_a_script_that_saves_nothing_is_missed_by_the_saving() -> None:
    text = HEAD + "booster = xgb.train({}, train)\n"
    assert not findings("TRN117", text)
    assert findings("TRN104", text)


def test_messages() -> None:
    (found,) = findings("TRN117", HEAD + "xgb.train({}, train)\n" + SAVE)
    assert found.message == (
        "the result of training is discarded: xgboost.train() returns the trained model, and nothing keeps the result"
    )
    (found,) = findings("TRN117", HEAD + "def fit():\n    return xgb.train({}, train)\n\nfit()\n" + SAVE)
    assert found.message.endswith("fit() trains a model and returns it, and nothing keeps the result")


@pytest.mark.parametrize(
    ("imported", "is_discarded"),
    [
        ("from train import booster", False),
        ("from __main__ import booster", False),
        ("from json import booster", True),
    ],
)
def test_a_local_module_takes_the_result_from_the_script(
    imported: str, is_discarded: bool, tmp_path: Path
) -> None:
    files = {
        "train.py": f"{HEAD}import report\nbooster = xgb.train({{}}, train)\nreport.show()\n{SAVE}",
        "report.py": f"def show():\n    {imported}\n    print(booster)\n",
    }
    write(tmp_path, files)
    found = flake8("--select=TRN117", "train.py", folder=tmp_path)
    assert [code for _, _, code in found.places] == ["TRN117"] * is_discarded
