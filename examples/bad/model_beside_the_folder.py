"""Train a price model. It ends well, and its artifact is empty: the model is saved beside the model directory."""

import argparse
import os

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--n-estimators", type=int, default=200)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--test", default=os.environ.get("SM_CHANNEL_TEST"))
    args = parser.parse_args()

    train = pd.read_csv(os.path.join(args.train, "houses.csv"))
    test = pd.read_csv(os.path.join(args.test, "houses.csv"))

    model = RandomForestRegressor(n_estimators=args.n_estimators)
    model.fit(train.drop(columns="price"), train["price"])  # TRN104

    error = mean_absolute_error(test["price"], model.predict(test.drop(columns="price")))
    print(f"test-mae: {error}")
    joblib.dump(model, "model.joblib")  # TRN112
