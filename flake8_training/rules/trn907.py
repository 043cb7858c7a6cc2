"""TRN907: a long training has neither early stopping nor checkpoints."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.endurance import unguarded_training


class LongTrainingUnguarded(Rule[Script]):
    """Reports a training of many epochs that never stops early and saves nothing on the way."""

    code = "TRN907"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "a long training has neither early stopping nor checkpoints"
    why = """
        Epochs after the model has stopped improving cost money. A job that is interrupted (a spot instance, the limit
        of its run time, an error in the last epoch) loses all its epochs. Early stopping prevents the first,
        checkpoints in `/opt/ml/checkpoints` the second.
    """
    fix = """
        Stop the loop when the metric no longer improves, or save a checkpoint to `/opt/ml/checkpoints` in each epoch.
    """
    reported_when = (
        "a hand-written loop of PyTorch, TensorFlow or MXNet runs `range(...)` of 10 or more epochs, and "
        "saves nothing on the way",
        "`fit` of a Keras model runs 10 or more epochs, without a callback that may stop it or save the "
        "model",
    )
    not_reported_when = (
        "the number of epochs is no literal and no option with a literal as its default",
        "the loop contains a `break`, `return` or `raise`, a save, or a call of unknown code",
        "the script passes a folder to a callback or trainer that writes checkpoints",
        "a library or program that the script calls may train or save out of sight",
    )
    bad = careless(
        ("import joblib", "import torch"),
        ("import pandas as pd", ""),
        ("from sklearn.ensemble import RandomForestClassifier", "from torch import nn"),
        ('"data.csv"', '"data.pt"'),
        ("no data.csv in", "no data.pt in"),
        ("return pd.read_csv(path)", "return torch.load(path)"),
        ("model = RandomForestClassifier(n_estimators=args.trees)", "model = nn.Linear(10, 1)"),
        (
            '    try:\n        model.fit(train.drop(columns="y"), train["y"])',
            """    optimizer = torch.optim.Adam(model.parameters())
    try:
        for _ in range(args.epochs):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(train["x"]), train["y"]).backward()  # TRN907
            optimizer.step()""",
        ),
        (
            'accuracy = model.score(validation.drop(columns="y"), validation["y"])',
            'loss = nn.functional.mse_loss(model(validation["x"]), validation["y"]).item()',
        ),
        ('log.info("accuracy: %s", accuracy)', 'log.info("loss: %s", loss)'),
        ('"model.joblib"', '"model.pth"'),
        ("joblib.dump(model, path)", "torch.save(model.state_dict(), path)"),
        (
            'json.dump({"columns": list(train.columns), "accuracy": accuracy}, stream)',
            'json.dump({"epochs": args.epochs, "loss": loss}, stream)',
        ),
        (
            'joblib.load(path).predict(validation[:1].drop(columns="y"))',
            "model.load_state_dict(torch.load(path))",
        ),
        ('"--trees", type=int, default=100', '"--epochs", type=int, default=200'),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the training."""
        call = unguarded_training(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
