"""TRN411: Hyperparameter values that the script's option cannot parse."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.hyperparameters import unparsable
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LaunchRule


class HyperparameterValueNotParsable(LaunchRule):
    """Reports hyperparameter values that the script's option cannot parse."""

    code = "TRN411"
    severity = Severity.ERROR
    summary = "a hyperparameter value that the script's option cannot parse"
    why = """
        Every value arrives as one text: `True` as `True`, a list as `['a', 'b']`, `None` as nothing. `type=int`
        does not take `4.0`, `choices` only what is listed, an option with `nargs=2` never gets two, a flag
        takes no value at all, and a value that begins with `-` and is no number is taken for an option.
        argparse ends the script, or a value is lost.
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
                        "batch-size": 32,
                        "epochs": "4.0",  # TRN411
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
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN411",),
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
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN411",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return them."""
        return unparsable(launch)
