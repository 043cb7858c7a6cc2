"""TRN408: Channels that the script needs and the launcher does not provide."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.algorithms import missing_algorithm_channels
from training_alignment.launchers.channels import missing_channels
from training_alignment.launchers.launch import Launch
from training_alignment.launchers.pipes import missing_pipes
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LaunchRule


class ChannelMissing(LaunchRule):
    """Reports channels that the script needs and the launcher does not provide."""

    code = "TRN408"
    severity = Severity.ERROR
    summary = "the script needs a channel that the builder does not provide"
    why = """
        `SM_CHANNEL_TRAIN` is set only in a job that has the channel `train`. The names of the channels are the
        keys of the dict that `fit` is given; a bare S3 address or `TrainingInput` is the one channel
        `training`. A script that reads another one ends with `KeyError` once the instance has been started. One that
        reads a channel with `PipeModeDataset` needs it in Pipe mode, and SageMaker's own algorithms, which have no
        script, need the channel `train`.
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
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit("s3://bucket/train/")  # TRN408
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
        options=("--select=TRN408",),
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
        options=("--select=TRN408",),
    )

    def problems(self, launch: Launch, /) -> Iterator[Problem]:
        """Yield them."""
        yield from missing_channels(launch)
        yield from missing_algorithm_channels(launch)
        yield from missing_pipes(launch)
