"""TRN406: Entry points that do not exist."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.code import missing_entry_points
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LaunchRule


class EntryPointMissing(LaunchRule):
    """Reports entry points that do not exist."""

    code = "TRN406"
    severity = Severity.ERROR
    summary = "the entry point does not exist, or differs from the contract's"
    why = """
        `entry_point` is looked for in `source_dir`, or where the launcher is run. The SDK ends with `No file
        named ... was found`; in a pipeline that is when the pipeline is created, long after the script was
        renamed.
    """
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="training.py",  # TRN406
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
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
            """,
        },
        options=("--select=TRN406",),
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
            """,
        },
        options=("--select=TRN406",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return them."""
        return missing_entry_points(launch)
