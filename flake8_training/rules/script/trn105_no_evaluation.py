"""TRN105: the model is never evaluated on held-out data."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State

_FIX = "measure it on data that it was not trained on"

_VALIDATION = """
    def validation_step(self, batch, index):
        self.log("val_loss", nn.functional.mse_loss(self(batch[0]), batch[1]))
"""


def _lightning(validation: str, fit: str) -> Example:
    """Return a training with Lightning: the method that validates, or nothing, and the call that fits."""
    source = f"""
import os

import pandas as pd
import pytorch_lightning as pl
import torch
from torch import nn


class Net(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)

    def forward(self, rows):
        return self.layer(rows)

    def training_step(self, batch, index):
        return nn.functional.mse_loss(self(batch[0]), batch[1])

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())
{validation}

data = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.pt"))
test = torch.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.pt"))
net = Net()
trainer = pl.Trainer(max_epochs=3)
{fit}
torch.save(net.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"))
"""
    return Example({"train.py": source})


class ModelNeverEvaluated(Rule[Script]):
    """Reports a training script that computes no measure of its model on held-out data."""

    code = "TRN105"
    severity = Severity.WARNING
    summary = "the model is never evaluated on held-out data"
    why = """
        The job's log does not show whether the model is good. A tuning job finds no metric that it could optimize.
    """
    fix = """
        Measure the model on data that it was not trained on, and print the result.
    """
    reported_when = (
        "nothing measures the model: no metric, `score`, `evaluate`, cross-validation, held-out data for "
        "the training, or loop that runs it without training",
        "a prediction is only printed or written, and nothing is computed from it",
        "the only evaluation set that the training call receives is its training set",
        'a `Trainer` of transformers only keeps its `eval_dataset`: `eval_strategy` is left at "no", and nothing calls '
        "`evaluate`",
        "the model is measured only on its training data: training and measure get the same names in one "
        "function",
    )
    not_reported_when = (
        Condition(
            "the result of a prediction goes into another call, which may measure it",
            suppressed={
                "import joblib\n": "import joblib\nimport measures\n",
                '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n': (
                    '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n'
                    '    measures.accuracy(test["y"], predictions)\n'
                ),
            },
            reported={
                "import joblib\n": "import joblib\nimport measures\n",
                '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n': (
                    '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n'
                    '    measures.announce("predictions")\n'
                ),
            },
        ),
        Condition(
            "a `LightningModule` of the script has a `validation_step` or `test_step`",
            suppressed=_lightning(_VALIDATION, "trainer.fit(net, data, test)"),
            reported=_lightning("", "trainer.fit(net, data)  # TRN105"),
        ),
        Condition(
            "the model also runs on other data than in the training, and its result is used",
            suppressed={
                'model.predict(test.drop(columns="y"))  # TRN105': 'model.predict(test.drop(columns="y"))',
                "    joblib.dump": '    print((predictions == test["y"]).mean())\n    joblib.dump',
            },
            reported={"    joblib.dump": '    print("predictions", test["y"].mean())\n    joblib.dump'},
        ),
        Condition(
            "a library or program that the script calls may evaluate out of sight",
            suppressed={
                "import joblib\n": "import joblib\nimport measures\n",
                '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n': (
                    '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n'
                    "    measures.evaluate(model)\n"
                ),
            },
            reported={
                "import joblib\n": "import joblib\nimport measures\n",
                '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n': (
                    '    predictions = model.predict(test.drop(columns="y"))  # TRN105\n'
                    '    measures.evaluate("model")\n'
                ),
            },
        ),
        Condition(
            "the file is not recognised as a training script, and neither `--training-scripts` nor a step names "
            "it",
            suppressed={
                'os.environ["SM_CHANNEL_TRAIN"]': '"data"',
                'os.environ["SM_CHANNEL_TEST"]': '"data"',
                'os.environ["SM_MODEL_DIR"]': '"models"',
            },
            reported={"    data = pd": '    print("data", "models")\n    data = pd'},
        ),
    )
    missed = (
        "training and measure get the same data in different functions, or as an expression such as "
        '`data[["x"]]`',
        "a call of an unknown library that receives an object of the script, or whose result reaches the "
        "training, hides the fault",
        "commit hook: a processing job of the launcher gets the model of the training, and its script may measure it",
    )
    bad = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.svm import SVC

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--C", type=float, default=1.0)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            model = SVC(C=args.C).fit(data.drop(columns="y"), data["y"])
            predictions = model.predict(test.drop(columns="y"))  # TRN105
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    good = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.metrics import accuracy_score
        from sklearn.svm import SVC

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--C", type=float, default=1.0)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            model = SVC(C=args.C).fit(data.drop(columns="y"), data["y"])
            predictions = model.predict(test.drop(columns="y"))
            print("accuracy:", accuracy_score(test["y"], predictions))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding if certainly nothing measures the model on held-out data."""
        verdict = subject.evaluation
        if verdict.state is State.ABSENT:
            yield self.finding(subject, subject.place_for(verdict), verdict.detail or _FIX)
