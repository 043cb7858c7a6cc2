"""Train a random forest with scikit-learn and save it in the form that the container's server loads."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, classification_report


def table(channel):
    """Return the features and the target of the channel's tables, one below the other."""
    names = sorted(name for name in os.listdir(channel) if name.endswith(".csv"))
    whole = pd.concat([pd.read_csv(os.path.join(channel, name)) for name in names])
    return whole.drop(columns="target"), whole["target"]


def model_fn(model_dir):
    """Return the model, for the server."""
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def main():
    """Train, evaluate and save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--n-estimators", type=int, default=100)
    parser.add_argument("--max-depth", type=int, default=None)
    args = parser.parse_args()

    features, target = table(os.environ["SM_CHANNEL_TRAINING"])
    model = RandomForestClassifier(
        n_estimators=args.n_estimators, max_depth=args.max_depth, random_state=42
    )
    model.fit(features, target)

    features, target = table(os.environ["SM_CHANNEL_VALIDATION"])
    predictions = model.predict(features)
    print(f"Validation accuracy: {accuracy_score(target, predictions)}")
    print(classification_report(target, predictions))

    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))


if __name__ == "__main__":
    main()
