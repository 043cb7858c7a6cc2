"""Train a model of the demand for each product."""

import argparse
import json
import os

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error


def main(input_paths, output_paths, environ_vars, job_args):
    """Train, evaluate and save."""
    with open("/opt/ml/input/config/hyperparameters.json") as stream:
        trees = int(json.load(stream).get("n_estimators", 100))
    sales = pd.read_csv(os.path.join(input_paths["sales"], "sales.csv"))
    if "holidays" in input_paths:
        sales = sales.merge(pd.read_csv(os.path.join(input_paths["holidays"], "holidays.csv")))
    if len(sales) < int(environ_vars["MIN_ROWS"]):
        raise ValueError("too few rows")
    label = sales.pop(environ_vars["LABEL_FIELD"])

    model = RandomForestRegressor(n_estimators=trees, warm_start=job_args.job_type == "update")
    model.fit(sales[:-500], label[:-500])
    print("error:", mean_absolute_error(label[-500:], model.predict(sales[-500:])))
    joblib.dump(model, os.path.join(output_paths["model_output"], "model.joblib"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--job_type", type=str, default="first")
    main(
        input_paths={
            "sales": "/opt/ml/input/data/sales",
            "holidays": "/opt/ml/input/data/holidays",
        },
        output_paths={"model_output": "/opt/ml/model"},
        environ_vars={
            "LABEL_FIELD": os.environ["LABEL_FIELD"],
            "MIN_ROWS": os.environ.get("MIN_ROWS", "100"),
        },
        job_args=parser.parse_known_args()[0],
    )
