"""Train an XGBoost classifier: hyperparameters from the job's file, data from its channels, the model to its folder."""

import json
import os

import pandas as pd
import xgboost as xgb
from sklearn.metrics import accuracy_score

HYPERPARAMETERS = "/opt/ml/input/config/hyperparameters.json"


def load_hyperparameters():
    """Return the hyperparameters with their types: the estimator encodes each value as JSON, strings in quotes."""
    with open(HYPERPARAMETERS) as stream:
        given = {name: json.loads(text) for name, text in json.load(stream).items()}
    return {
        "max_depth": int(given.get("max_depth", 6)),
        "eta": float(given.get("eta", 0.3)),
        "objective": given.get("objective", "binary:logistic"),
        "num_round": int(given.get("num_round", 100)),
    }


def load_data(channel):
    """Return the features and the target of a channel's only table."""
    table = pd.read_csv(os.path.join(channel, os.listdir(channel)[0]))
    return table.drop(columns="target"), table["target"]


def main():
    """Train, evaluate and save."""
    hyperparameters = load_hyperparameters()
    rounds = hyperparameters.pop("num_round")

    train_features, train_target = load_data(os.environ["SM_CHANNEL_TRAINING"])
    validation_features, validation_target = load_data(os.environ["SM_CHANNEL_VALIDATION"])
    train = xgb.DMatrix(train_features, label=train_target)
    validation = xgb.DMatrix(validation_features, label=validation_target)

    model = xgb.train(
        params=hyperparameters,
        dtrain=train,
        num_boost_round=rounds,
        evals=[(validation, "validation")],
        early_stopping_rounds=10,
    )

    predictions = model.predict(validation)
    print(f"Validation accuracy: {accuracy_score(validation_target, predictions > 0.5)}")

    model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))


if __name__ == "__main__":
    main()
