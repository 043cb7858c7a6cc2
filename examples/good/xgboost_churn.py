"""Train a churn model with XGBoost: the five things that a SageMaker training script has to do."""

import argparse
import json
import os

import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score


def load(folder):
    """Read all CSV files of a channel; the first column is the label."""
    files = sorted(name for name in os.listdir(folder) if name.endswith(".csv"))
    table = pd.concat(pd.read_csv(os.path.join(folder, name), header=None) for name in files)
    return xgb.DMatrix(table.iloc[:, 1:], label=table.iloc[:, 0])


def main():
    """Read, train, evaluate, save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--max-depth", type=int, default=6)
    parser.add_argument("--eta", type=float, default=0.3)
    parser.add_argument("--num-round", type=int, default=100)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    args = parser.parse_args()

    train = load(args.train)
    validation = load(args.validation)
    parameters = {"objective": "binary:logistic", "max_depth": args.max_depth, "eta": args.eta}
    model = xgb.train(parameters, train, args.num_round, evals=[(validation, "validation")])

    score = roc_auc_score(validation.get_label(), model.predict(validation))
    print(json.dumps({"validation-auc": score}))
    model.save_model(os.path.join(args.model_dir, "xgboost-model"))


if __name__ == "__main__":
    main()
