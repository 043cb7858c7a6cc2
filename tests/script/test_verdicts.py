"""The five verdicts on made-up scripts whose forms are those of real ones."""

from __future__ import annotations

import pytest

from flake8_training.script.verdict import State, Verdict
from tests.script.reading import script

PHASES = """
    import torch
    from torch import nn, optim
    def run(model, loaders, criterion, optimizer):
        for epoch in range(3):
            for phase in ["train", "val"]:
                {mode}
                total = 0
                for x, y in loaders[phase]:
                    optimizer.zero_grad()
                    outputs = model(x)
                    loss = criterion(outputs, y)
                    {step}
                    total += torch.sum(outputs.argmax(1) == y)
    if __name__ == "__main__":
        net = nn.Linear(2, 2)
        run(net, load(), nn.CrossEntropyLoss(), optim.SGD(net.parameters(), lr=0.1))
    """


@pytest.mark.parametrize(
    ("mode", "step", "state"),
    [
        ("model.train(phase == 'train')", "if phase == 'train': loss.backward()", State.PRESENT),
        (
            "model.eval() if phase == 'val' else model.train()",
            "if phase == 'train': loss.backward()",
            State.PRESENT,
        ),
        ("model.train()", "if phase == 'train': loss.backward()", State.ABSENT),
        ("model.train(phase == 'train')", "loss.backward()", State.ABSENT),
        (
            "model.train(phase == 'train')",
            "loss.backward() if torch.cuda.is_available() else loss.backward()",
            State.ABSENT,
        ),
    ],
)
def test_a_loop_over_phases_evaluates_in_the_one_that_does_not_train(
    mode: str, step: str, state: State
) -> None:
    source = PHASES.format(mode=mode, step=step).replace("load()", "{'train': [], 'val': []}")
    assert script(source).evaluation.state is state


def told(verdict: Verdict) -> tuple[str, list[int]]:
    """Return a verdict's state and the lines of its evidence."""
    return str(verdict.state), verdict.lines


APP = """
    import argparse
    import os
    import tensorflow.compat.v1 as tf
    def main(unused):
        estimator = tf.estimator.Estimator(model_fn=model, model_dir=os.environ["SM_MODEL_DIR"])
        estimator.train(input_fn=data)
    def data():
        return None
    def model(features, labels, mode):
        return None
    if __name__ == "__main__":
        {start}
    """


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("tf.app.run()", ("present", [7])),
        ("tf.app.run(main)", ("present", [7])),
        ("tf.logging.info('nothing is run')", ("absent", [])),
    ],
)
def test_an_app_runs_main(start: str, expected: tuple[str, list[int]]) -> None:
    assert told(script(APP.format(start=start)).training) == expected
