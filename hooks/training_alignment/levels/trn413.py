"""TRN413: Metric expressions that capture nothing, or match nothing that the script prints."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.launcher_file import LauncherFile
from training_alignment.launchers.metrics import unmatched_expressions, useless_expressions
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LauncherFileRule


class MetricCapturesNothing(LauncherFileRule):
    """Reports metric expressions that capture nothing, or match nothing that the script prints."""

    code = "TRN413"
    severity = Severity.ERROR
    summary = "a metric regex can never match what the script prints, or captures nothing"
    why = """
        SageMaker takes the first group of the expression as the value. One without a group has no value, and
        one that ends in `(.*?)` always captures an empty text: a lazy group takes as little as it can, and
        nothing behind it asks for more. The job runs, and the metric is empty; a tuner then fails after all its
        jobs are done.

        One that matches no line that the script can print finds nothing either: `validation_loss` is not
        `Validation loss`. That is said only where every line is known: of a script that uses a library which
        prints by itself, such as Keras or a trainer with a progress bar, nothing is.
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
        """Return those that capture nothing, whatever is printed."""
        return useless_expressions(file)

    def problems_of_launch(self, launch: Launch, /) -> Iterable[Problem]:
        """Return those that match nothing that the script prints."""
        return unmatched_expressions(launch)
