"""TRN424: several instances, but neither script nor estimator is distributed."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.distribution import instances_apart
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LaunchRule

_LAUNCHER = """
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="train.py",
        source_dir="code",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.g5.xlarge",
        instance_count={count}
        framework_version="2.1",
        py_version="py310",
        hyperparameters={{"epochs": 4}},
    )
    estimator.fit({{"train": "s3://bucket/train/"}})
"""
_SCRIPT = """
    import argparse
    import os

    import torch

    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int)
    arguments = parser.parse_args()
    model = torch.nn.Linear(8, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    rows = torch.load(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "rows.pt"))
    for _ in range(arguments.epochs):
        optimizer.zero_grad()
        model(rows[:, :8]).square().mean().backward()
        optimizer.step()
    torch.save(model.state_dict(), os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
"""


class InstancesApart(LaunchRule):
    """Reports several instances for a training that nothing distributes over them."""

    code = "TRN424"
    severity = Severity.WARNING
    summary = "several instances, but neither script nor estimator is distributed"
    why = """
        Without a distribution, every instance runs the script once, knows nothing of the others, and trains a model
        of its own; all of them are paid for, and one of the models is kept.

        It is said only where the number is written down, the estimator has no `distribution` and an image of
        SageMaker's, and nothing in the script or in what it imports names hosts, ranks or a library that brings
        instances together.
    """
    bad = Example(
        {"launch.py": _LAUNCHER.format(count="2,  # TRN424"), "code/train.py": _SCRIPT},
        options=("--select=TRN424",),
    )
    good = Example(
        {"launch.py": _LAUNCHER.format(count="1,"), "code/train.py": _SCRIPT}, options=("--select=TRN424",)
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return them."""
        return instances_apart(launch)
