"""Train a churn model with XGBoost."""

import argparse
import os

import pandas as pd
import xgboost as xgb

parser = argparse.ArgumentParser()
parser.add_argument("--max-depth", type=int, default=6)
parser.add_argument("--num-round", type=int, default=100)
args = parser.parse_args()

data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "churn.csv"))
train, test = data[:8000], data[8000:]
dtrain = xgb.DMatrix(train.drop(columns="y"), label=train["y"])
dtest = xgb.DMatrix(test.drop(columns="y"), label=test["y"])
model = xgb.train({"max_depth": args.max_depth}, dtrain, args.num_round, evals=[(dtest, "test")])
model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
