"""TRN424: several instances for a training that nothing distributes."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS
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
        Without a distribution, every instance runs the script once and trains its own model, without knowing of the
        others. All instances cost money, and only one of the models is kept.
    """
    fix = """
        Set `instance_count=1`, or pass a `distribution` (SDK v3: `distributed`) that the script supports.
    """
    reported_when = (
        "`instance_count` is a constant above 1, the estimator has no `distribution`, and the script and "
        "its modules use one instance only",
    )
    not_reported_when = (
        "the estimator has an `image_uri` or a container entry point, is no framework estimator, or is the "
        "project's own subclass",
        "the script imports a library outside a list of those for one instance, or starts another program",
        "a name or string of the script, or a hyperparameter's or variable's name, contains a word such as "
        "`rank`, `hosts` or `distribut`",
        "a hyperparameter begins with `sagemaker_`, or the hyperparameters are not all known",
        "a command starts the script, a module cannot be read, or the script calls `eval` or `exec`",
        "the script does not show that it trains",
        "the launcher may start one of several scripts",
        NOT_IN_TESTS,
    )
    missed = (
        "a script that uses such a word otherwise, such as `sklearn.cluster` or a docstring with "
        '"distribution"',
    )
    bad = Example(
        {"launch.py": _LAUNCHER.format(count="2,  # TRN424"), "code/train.py": _SCRIPT},
        options=("--select=TRN424",),
    )
    good = Example(
        {"launch.py": _LAUNCHER.format(count="1,"), "code/train.py": _SCRIPT}, options=("--select=TRN424",)
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the argument that asks for several instances."""
        return instances_apart(launch)
