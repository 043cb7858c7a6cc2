"""TRN124 at its edges: who asks for early stopping, and what counts as an evaluation set."""

from __future__ import annotations

import pytest

from tests.rules.marked import assert_marked, findings

HEAD = """
import argparse
import json
import xgboost as xgb
from xgboost import XGBClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score

parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int, default=10)
parser.add_argument("--maybe", type=int, default=None)
parser.add_argument("--unset", type=int)
parser.add_argument("--off", type=int, default=0)
args = parser.parse_args()
dtrain = xgb.DMatrix("train.csv")
"""

UNMEASURED = {
    "train": "xgb.train({}, dtrain, 100, early_stopping_rounds=10)  # TRN124",
    "by position": "xgb.train({}, dtrain, 100, (), None, None, None, 10)  # TRN124",
    "an empty list": "xgb.train({}, dtrain, evals=[], early_stopping_rounds=10)  # TRN124",
    "None": "xgb.train({}, dtrain, evals=None, early_stopping_rounds=10)  # TRN124",
    "an option": "xgb.train({}, dtrain, early_stopping_rounds=args.rounds)  # TRN124",
    "the constructor": "model = XGBClassifier(early_stopping_rounds=5)\nmodel.fit(X, y)  # TRN124",
    "the method, before 2.0": "XGBClassifier().fit(X, y, early_stopping_rounds=5)  # TRN124",
    "a callback": "xgb.train({}, dtrain, callbacks=[xgb.callback.EarlyStopping(rounds=3)])  # TRN124",
    "a setting with a default": """
settings = json.load(open("settings.json"))
xgb.train({}, dtrain, early_stopping_rounds=settings.get("early_stopping_rounds", 10))  # TRN124
""",
    "through a function": """
def fit(rounds):
    return xgb.train({}, dtrain, early_stopping_rounds=rounds)  # TRN124
fit(20)
""",
    "taken back only in a function that is never called": """
def reset(other):
    other.set_params(early_stopping_rounds=None)

model = XGBClassifier(early_stopping_rounds=5)
model.fit(X, y)  # TRN124
""",
    "a search": """
search = GridSearchCV(XGBClassifier(early_stopping_rounds=5), {"max_depth": [2, 3]})
search.fit(X, y)  # TRN124
""",
    "a cross validation": "cross_val_score(XGBClassifier(early_stopping_rounds=5), X, y, cv=5)  # TRN124",
}

FINE = {
    "evals": "xgb.train({}, dtrain, evals=[(dtrain, 'train')], early_stopping_rounds=10)",
    "evals by position": "xgb.train({}, dtrain, 100, [(dtrain, 'train')], early_stopping_rounds=10)",
    "a list that is filled": """
sets = []
sets.append((dtrain, "v"))
xgb.train({}, dtrain, evals=sets, early_stopping_rounds=10)
""",
    "None asks for none": "xgb.train({}, dtrain, early_stopping_rounds=None)",
    "zero asks for none": "xgb.train({}, dtrain, early_stopping_rounds=0)",
    "an option that is off": "xgb.train({}, dtrain, early_stopping_rounds=args.off)",
    "an option without a value": "xgb.train({}, dtrain, early_stopping_rounds=args.maybe)",
    "an option without a default": "xgb.train({}, dtrain, early_stopping_rounds=args.unset)",
    "more arguments": "xgb.train({}, dtrain, early_stopping_rounds=10, **more)",
    "in the parameters it does nothing": "xgb.train({'early_stopping_rounds': 10}, dtrain)",
    "folds are held out": "xgb.cv({}, dtrain, early_stopping_rounds=10)",
    "eval_set": "XGBClassifier(early_stopping_rounds=5).fit(X, y, eval_set=[(A, b)])",
    "the search passes it on": """
GridSearchCV(XGBClassifier(early_stopping_rounds=5), {}).fit(X, y, eval_set=[(A, b)])
""",
    "one model of two": """
model = XGBClassifier(early_stopping_rounds=5)
model.fit(X, y, eval_set=[(A, b)])
model = XGBClassifier(n_estimators=model.best_iteration)
model.fit(X, y)
""",
    "taken back": """
model = XGBClassifier(early_stopping_rounds=5)
model.fit(X, y, eval_set=[(A, b)])
model.set_params(early_stopping_rounds=None)
model.fit(X, y)
""",
    "unknown settings": "XGBClassifier(**settings).fit(X, y)",
    "another library": """
import lightgbm as lgb
lgb.LGBMClassifier(early_stopping_round=5).fit(X, y)
""",
    "never run": """
def unused():
    xgb.train({}, dtrain, early_stopping_rounds=10)
print(1)
""",
}


@pytest.mark.parametrize("name", UNMEASURED)
def test_without_an_evaluation_set(name: str) -> None:
    assert_marked("TRN124", HEAD + UNMEASURED[name])


@pytest.mark.parametrize("name", FINE)
def test_fine_or_unclear(name: str) -> None:
    assert_marked("TRN124", HEAD + FINE[name])


def test_the_argument_is_named() -> None:
    (found,) = findings("TRN124", HEAD + UNMEASURED["train"])
    assert found.message.endswith(": pass evals= (the training ends with an error without it)")
    (found,) = findings("TRN124", HEAD + UNMEASURED["the constructor"])
    assert found.message.endswith(": pass eval_set= (the training ends with an error without it)")
