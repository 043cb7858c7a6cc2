"""What a script dumps into the model directory is not its model, where the model is followed to its end."""

from __future__ import annotations

import pytest

from flake8_training.script.verdict import State
from tests.script.reading import script

TEXT = """
    import os
    import pickle

    import pandas as pd
    import xgboost as xgb
    from prep import Imputer
    from sklearn.linear_model import LinearRegression

    {before}


    def save(model, table, folder):
        with open(os.path.join(folder, "imputer.pkl"), "wb") as stream:
            pickle.dump({what}, stream)
        {more}


    def main():
        data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
        imputer = Imputer()
        imputer.fit(data)
        model = {training}
        print(model.predict(data))
        save(model, {saved}, os.environ["SM_MODEL_DIR"])


    if __name__ == "__main__":
        main()
"""


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.ABSENT),
        ({"training": "LinearRegression().fit(data, data)"}, State.ABSENT),
        ({"what": "model"}, State.PRESENT),
        ({"what": "table", "saved": "imputer"}, State.PRESENT),
        ({"what": "{'model': model, 'table': table}"}, State.PRESENT),
        ({"more": "model.save_model(os.path.join(folder, 'model.json'))"}, State.PRESENT),
        ({"more": "publish(model)"}, State.PRESENT),
        ({"more": "Holder().model = model"}, State.PRESENT),
        ({"training": "train_it(data)"}, State.PRESENT),
    ],
)
def test_a_dump_of_something_else(changes: dict[str, str], state: State) -> None:
    plain = {
        "before": "",
        "what": "table",
        "more": "",
        "saved": "imputer.table",
        "training": "xgb.train({}, xgb.DMatrix(data))",
    }
    assert script(TEXT.format(**{**plain, **changes})).model_saving.state is state


READ = """
    import os
    from pathlib import Path

    import numpy as np
    import pandas as pd
    import torch
    import xgboost as xgb

    data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
    model = xgb.XGBClassifier().fit(data.drop(columns="y"), data["y"])
    {}
"""


@pytest.mark.parametrize(
    "saves",
    [
        "model.save_model(open('target.txt').readline().strip())",
        "model.save_model(Path('target.txt').read_text())",
        "model.save_model(str(np.loadtxt('target.txt', dtype=str)))",
        "model.save_model(pd.read_csv('targets.csv')['path'][0])",
        "model.save_model(pd.read_json('targets.json').path[0])",
        "model.save_model(torch.load('settings.pt')['target'])",
        "for _, row in pd.read_csv('targets.csv').iterrows():\n        model.save_model(row['path'])",
    ],
)
def test_a_path_that_a_file_holds_is_unknown(saves: str) -> None:
    assert script(READ.format(saves)).model_saving.state is State.UNKNOWN


@pytest.mark.parametrize(
    "saves",
    [
        "print(open('target.txt').readline().strip())\n    model.save_model('target.txt')",
        "print(pd.read_csv('targets.csv')['path'][0])\n    model.save_model(Path('targets.csv'))",
        "import joblib\n    joblib.dump(model, open('target.txt', 'wb'))",
    ],
)
def test_the_file_itself_is_no_path_that_it_holds(saves: str) -> None:
    assert script(READ.format(saves)).model_saving.state is State.ABSENT
