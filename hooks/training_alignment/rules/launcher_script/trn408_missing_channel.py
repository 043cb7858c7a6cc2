"""TRN408: a channel that the script needs and the job does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.builtin_algorithms import missing_algorithm_channels
from training_alignment.comparisons.launch.channels import missing_channels
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.pipe_channels import missing_pipes
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


def _data_set(argument: str) -> str:
    folder = 'os.environ.get("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train")'
    return f"torchvision.datasets.MNIST({folder}, {argument})"


class ChannelMissing(LaunchRule):
    """Reports channels that the script or algorithm needs and the launcher does not provide."""

    code = "TRN408"
    severity = Severity.ERROR
    summary = "the job lacks a channel that the script reads"
    why = """
        SageMaker sets `SM_CHANNEL_TRAIN` only in a job that has the channel `train`. The keys of the dict that `fit`
        gets are the names of the channels. A bare S3 URI or `TrainingInput` is the one channel `training`. A script
        that reads another channel ends with `KeyError: 'SM_CHANNEL_TRAIN'` after the instance has started.

        `PipeModeDataset` needs its channel in Pipe mode. SageMaker's own algorithms have no script, and train on the
        channel `train`.
    """
    fix = """
        Pass a dict with the channel that the script reads: `fit({"train": ...})`.
    """
    fixable = "renames the channel that is never read, or its misspelling in the script"
    reported_when = (
        "the script reads `SM_CHANNEL_<NAME>` without a default on every path through it, and a job has no "
        "such channel",
        "the script reads files from a channel's folder on every path, nothing else can set the folder, and "
        "a job has no such channel",
        "`PipeModeDataset` reads a channel that a job does not have, or has in another mode than Pipe",
        "an estimator or request runs an algorithm of SageMaker, and its job has no channel `train`",
    )
    warning_when = (
        "the variable's default is a relative folder that the code of the job does not have, and the job has other "
        "channels",
    )
    not_reported_when = (
        Condition(
            "the call that reads the channel's folder downloads its data there first",
            suppressed={
                'os.listdir(os.environ["SM_CHANNEL_TRAIN"])': _data_set("download=True"),
                "import os\n": "import os\n\nimport torchvision\n",
            },
            reported={
                'os.listdir(os.environ["SM_CHANNEL_TRAIN"])': _data_set("download=False"),
                "import os\n": "import os\n\nimport torchvision\n",
            },
        ),
        Condition(
            "the read has a default other than the channel's own folder and a relative folder that the job's code "
            "lacks, is under a condition, or is in a `try` that catches the error; or the script tests whether the "
            "folder exists, or may write into it",
            suppressed={
                'os.listdir(os.environ["SM_CHANNEL_TRAIN"])': 'os.environ.get("SM_CHANNEL_TRAIN", ".")'
            },
            reported={
                'os.listdir(os.environ["SM_CHANNEL_TRAIN"])': (
                    'os.listdir(os.environ["SM_CHANNEL_TRAIN"]), {}.get("SM_CHANNEL_TRAIN", ".")'
                )
            },
        ),
        Condition(
            "the script tests or sets the variable, or the launcher sets it in `environment`",
            suppressed={"print(arguments": ('if "SM_CHANNEL_TRAIN" in os.environ:\n    print(arguments')},
            reported={
                "print(arguments": ('if "SM_CHANNEL_TRAIN" in os.listdir("."):\n    print()\nprint(arguments')
            },
        ),
        Condition(
            "a hyperparameter may set another folder for the option that holds the channel",
            suppressed={
                'os.listdir(os.environ["SM_CHANNEL_TRAIN"])': "os.listdir(arguments.train)",
                "arguments = parser": (
                    'parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))\n'
                    "arguments = parser"
                ),
                '"epochs": 4': '"epochs": 4, "train": "/opt/ml/input/data/training"',
            },
            reported={
                'os.listdir(os.environ["SM_CHANNEL_TRAIN"])': "os.listdir(arguments.train)",
                "arguments = parser": (
                    'parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])\n'
                    "arguments = parser"
                ),
                '    py_version="py310",\n': (
                    '    py_version="py310",\n'
                    '    tags=[{"Key": "train", "Value": "/opt/ml/input/data/training"}],\n'
                ),
            },
        ),
        Condition(
            "the names of the job's channels are not all known",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                'estimator.fit("s3://bucket/train/")  # TRN408': "estimator.fit(options.CHANNELS)",
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": "print(options.CHANNELS)\nestimator = PyTorch(",
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("channels that a builder computes from its contract or specification",)
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
        """Yield the problem of each job that lacks a channel."""
        yield from missing_channels(launch, with_default=Severity.WARNING)
        yield from missing_algorithm_channels(launch)
        yield from missing_pipes(launch)
