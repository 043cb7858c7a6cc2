"""TRN410: Hyperparameters that the script does not accept."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.hyperparameters import unaccepted
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LaunchRule


class HyperparameterNotAccepted(LaunchRule):
    """Reports hyperparameters that the script does not accept."""

    code = "TRN410"
    severity = Severity.ERROR
    summary = "a hyperparameter that the script does not accept"
    why = """
        SageMaker gives every hyperparameter to the script as `--name value`. argparse ends a script at an
        option that it does not know; with `parse_known_args` it drops the option without a word, and the
        training goes on with the default. `-` and `_` are two different letters to argparse, and the beginning
        of an option is taken for the option if there is only one of that beginning. A script that reads
        hyperparameters by key never sees the others.
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
                    hyperparameters={
                        "batch_size": 32,  # TRN410
                        "epochs": 4,
                    },
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments, _ = parser.parse_known_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN410",),
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
                    hyperparameters={
                        "batch-size": 32,
                        "epochs": 4,
                    },
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments, _ = parser.parse_known_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN410",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return them."""
        return unaccepted(launch)
