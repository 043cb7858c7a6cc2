"""TRN905: metrics are never logged."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.reporting import measures_are_reported
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State


def _loop(printed: str, mark: str = "") -> Example:
    """Return a hand-written loop that ends each step with a print, and an evaluation whose result nothing shows."""
    source = f"""
import os

import torch
from torch import nn

data = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.pt"))
test = torch.load(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.pt"))
model = nn.Linear(3, 1)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(3):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(data["x"]), data["y"])
    loss.backward()
    optimizer.step()
    {printed}
with torch.no_grad():{mark}
    error = nn.functional.mse_loss(model(test["x"]), test["y"])
torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"))
"""
    return Example({"train.py": source})


class MeasuresNeverLogged(Rule[Script]):
    """Reports a script that computes a metric and never prints, logs or writes it."""

    code = "TRN905"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "metrics are never logged"
    why = """
        A metric that is computed and neither printed, logged, tracked nor written to a file is lost with the job. A
        tuning job reads its objective from the log with a regular expression, and the console reads its metrics the
        same way.
    """
    fix = """
        Print or log the metric: `print("accuracy:", accuracy)`.
    """
    reported_when = (
        "the script trains and measures its model, and prints, logs or writes nothing that comes from the "
        "training, a prediction or the measure",
    )
    not_reported_when = (
        Condition(
            "the script never measures its model: TRN105 reports that",
            suppressed={
                (
                    '    model.score(validation.drop(columns="y"), validation["y"])  # TRN905'
                ): '    print("done")',
            },
            reported={
                ('    model.score(validation.drop(columns="y"), validation["y"])  # TRN905'): (
                    '    print("never measured")\n'
                    '    model.score(validation.drop(columns="y"), '
                    'validation["y"])  # TRN905'
                ),
            },
        ),
        Condition(
            "the script imports an experiment tracker (MLflow, Weights & Biases, Comet), TensorBoard, "
            "loguru or structlog, which may report the metric",
            suppressed={
                "import joblib\n": "import joblib\nimport mlflow\n",
                "def main(args):\n": "def main(args):\n    mlflow.autolog()\n",
            },
            reported={"import joblib\n": "import joblib\nimport mlflow\n"},
        ),
        Condition(
            (
                "the training prints by itself: Hugging Face, TensorFlow, MXNet, PyTorch trainers, or any call with "
                "held-out data, callbacks or `verbose`"
            ),
            suppressed={
                "=args.trees)": "=args.trees, verbose=1)",
                "  # TRN905": "",
            },
            reported={
                "RandomForestClassifier(n_estimators=args.trees)": (
                    "RandomForestClassifier(n_estimators=args.trees, warm_start=True)"
                ),
            },
        ),
        Condition(
            "the script has a hand-written loop and prints any computed value",
            suppressed=_loop("print(loss.item())"),
            reported=_loop('print("next")', "  # TRN905"),
        ),
        Condition(
            "the metric goes to code that is not available, or a library may train out of sight",
            suppressed={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                ('    model.score(validation.drop(columns="y"), validation["y"])  # TRN905'): (
                    '    toolbox.note(model.score(validation.drop(columns="y"), validation["y"]))'
                ),
            },
            reported={
                "import pandas as pd\n": ("import pandas as pd\nfrom company import toolbox\n"),
                ('    model.score(validation.drop(columns="y"), validation["y"])  # TRN905'): (
                    '    toolbox.note("score")\n'
                    '    model.score(validation.drop(columns="y"), '
                    'validation["y"])  # TRN905'
                ),
            },
        ),
    )
    bad = careless(
        (
            'accuracy = model.score(validation.drop(columns="y"), validation["y"])',
            'model.score(validation.drop(columns="y"), validation["y"])  # TRN905',
        ),
        ('    log.info("accuracy: %s", accuracy)', ""),
        (
            'json.dump({"columns": list(train.columns), "accuracy": accuracy}, stream)',
            'json.dump({"columns": list(train.columns)}, stream)',
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where the model is measured."""
        verdict = subject.evaluation
        if subject.training.state is not State.PRESENT or verdict.state is not State.PRESENT:
            return
        if not measures_are_reported(subject.analysis):
            node = next((node for node in verdict.evidence if subject.owns(node)), None)
            if node is not None:
                yield self.finding(subject, node)
