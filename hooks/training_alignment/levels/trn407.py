"""TRN407: Local modules that the script imports and that are not sent with it."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.code import modules_left_behind
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LaunchRule


class ModuleLeftBehind(LaunchRule):
    """Reports local modules that the script imports and that are not sent with it."""

    code = "TRN407"
    severity = Severity.ERROR
    summary = "the entry script imports a local module that source_dir does not carry"
    why = """
        Without `source_dir`, only the file that `entry_point` names is sent; with it, only what is in that
        folder. A module beside the script, or above the folder, is there when the script is tried out, and
        missing in the container: `ModuleNotFoundError`. `source_dir` or `dependencies` send it along.
    """
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="code/train.py",  # TRN407
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
                import network
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
                print(network.SIZE)
            """,
            "code/network.py": """
                SIZE = 4
            """,
        },
        options=("--select=TRN407",),
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
                import network
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=int)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
                print(network.SIZE)
            """,
            "code/network.py": """
                SIZE = 4
            """,
        },
        options=("--select=TRN407",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return them."""
        return modules_left_behind(launch)
