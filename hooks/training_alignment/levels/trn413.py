"""TRN413: Metric expressions that capture nothing."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.launcher_file import LauncherFile
from training_alignment.launchers.metrics import useless_expressions
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LauncherFileRule


class MetricCapturesNothing(LauncherFileRule):
    """Reports metric expressions that capture nothing."""

    code = "TRN413"
    severity = Severity.ERROR
    summary = "a metric regex can never match what the script prints, or captures nothing"
    why = """
        SageMaker takes the first group of the expression as the value. One without a group has no value, and
        one that ends in `(.*?)` always captures an empty text: a lazy group takes as little as it can, and
        nothing behind it asks for more. The job runs, and the metric is empty; a tuner then fails after all its
        jobs are done.
    """
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    metric_definitions=[
                        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413
                    ],
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
                print("loss: 0.25")
            """,
        },
        options=("--select=TRN413",),
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    metric_definitions=[
                        {"Name": "loss", "Regex": "loss: ([0-9.]+)"},
                    ],
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
                print("loss: 0.25")
            """,
        },
        options=("--select=TRN413",),
    )

    def problems(self, file: LauncherFile, /) -> Iterable[Problem]:
        """Return them."""
        return useless_expressions(file)
