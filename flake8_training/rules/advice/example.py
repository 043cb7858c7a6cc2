"""Training script that follows all rules of the advice family.

The example of each rule changes it.
"""

from __future__ import annotations

from flake8_training.rules.rule import Example

SCRIPT = """
import argparse
import json
import logging
import os
import traceback

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

log = logging.getLogger(__name__)


def load(folder):
    path = os.path.join(folder, "data.csv")
    if not os.path.exists(path):
        raise FileNotFoundError(f"no data.csv in {folder}")
    return pd.read_csv(path)


def main(args):
    log.info("hyperparameters: %s", vars(args))
    train, validation = load(args.train), load(args.validation)
    model = RandomForestClassifier(n_estimators=args.trees)
    try:
        model.fit(train.drop(columns="y"), train["y"])
    except Exception:
        with open("/opt/ml/output/failure", "w") as stream:
            stream.write(traceback.format_exc())
        raise
    accuracy = model.score(validation.drop(columns="y"), validation["y"])
    log.info("accuracy: %s", accuracy)

    path = os.path.join(args.model_dir, "model.joblib")
    joblib.dump(model, path)
    with open(os.path.join(args.model_dir, "metadata.json"), "w") as stream:
        json.dump({"columns": list(train.columns), "accuracy": accuracy}, stream)
    joblib.load(path).predict(validation[:1].drop(columns="y"))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    parser = argparse.ArgumentParser()
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--validation", default=os.environ.get("SM_CHANNEL_VALIDATION"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    main(parser.parse_args())
"""


def careful() -> Example:
    """Return the script unchanged: an example without findings."""
    return Example(SCRIPT)


def careless(*changes: tuple[str, str]) -> Example:
    """Return the script with each old part, which occurs once, replaced by the new one.

    If the new part is empty, the old part's line is removed too. Raises ``ValueError`` if a part does not occur once.
    """
    text = SCRIPT
    for old, new in changes:
        old = f"{old}\n" if not new else old
        if text.count(old) != 1:
            raise ValueError(f"not once in the script: {old}")
        text = text.replace(old, new)
    return Example(text)
