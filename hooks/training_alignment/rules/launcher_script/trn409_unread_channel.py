"""TRN409: a channel that the script never reads."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.channels import unread_channels
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class ChannelNeverRead(LaunchRule):
    """Reports channels of a job that the script never reads."""

    code = "TRN409"
    severity = Severity.WARNING
    summary = "the channel is never read"
    why = """
        SageMaker downloads every channel before the training starts, which costs time and money. If the script reads
        another channel, or gets its data elsewhere, the training does not use the data that the launcher passes.
    """
    fix = """
        Read the channel in the script, correct its name, or remove it from the launcher.
    """
    fixable = "renames the misspelled channel"
    reported_when = (
        "a job has a channel, and the script reads neither its variable nor its folder and names neither in "
        "a string",
        "the channel's name is a misspelling of one that the script reads and the job lacks, even if the "
        "script may read others",
    )
    not_reported_when = (
        Condition(
            "the script may read any channel: it reads `SM_CHANNELS`, computes a variable's name, or goes through "
            "the environment",
            suppressed={"print(arguments": 'print(os.environ["SM_CHANNELS"])\nprint(arguments'},
            reported={"print(arguments": 'print("SM_CHANNELS")\nprint(arguments'},
        ),
        Condition(
            "the script lists or passes on `/opt/ml`, `/opt/ml/input` or `/opt/ml/input/data`, joins it with an "
            "unknown name, or names it beside a read whose path is unknown",
            suppressed={"print(arguments": ('print(os.listdir("/opt/ml/input/data"))\nprint(arguments')},
            reported={"print(arguments": 'print("/opt/ml/input/data")\nprint(arguments'},
        ),
        Condition(
            "the script calls a library that may read the channel, has a module that cannot be read, or calls "
            "`eval` or `exec`",
            suppressed={
                "import os\n": "import os\n\nimport loading\n",
                "print(arguments": "loading.load(arguments)\nprint(arguments",
            },
            reported={
                "import os\n": "import os\n\nimport loading\n",
                "print(arguments": ('print(loading.title("validation"))\nprint(arguments'),
            },
        ),
        Condition(
            "the script only defines functions, which other code calls",
            suppressed={
                "parser = argparse.ArgumentParser()\n": "def main():\n  parser = argparse.ArgumentParser()\n",
                "parser.add": "  parser.add",
                "arguments = ": "  arguments = ",
                "print(arg": "  print(arg",
            },
            reported={"print(arguments": "def main():\n    print()\n\n\nprint(arguments"},
        ),
        Condition(
            "a hyperparameter or environment variable may hold a path of the container, or "
            "`container_arguments` is set",
            suppressed={
                '"epochs": 4': '"epochs": 4, "folder": "/opt/ml/input/data/validation"',
                "arguments = parser": ('parser.add_argument("--folder")\narguments = parser'),
                "print(arguments": ("print(os.listdir(arguments.folder))\nprint(arguments"),
            },
            reported={
                '"epochs": 4': '"epochs": 4, "folder": "validation"',
                "arguments = parser": ('parser.add_argument("--folder")\narguments = parser'),
            },
        ),
        Condition(
            "`model_uri` adds the channel",
            suppressed={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n    model_uri="s3://bucket/model.tar.gz",\n'
                ),
                '        "validation": "s3://bucket/validation/",  # TRN409\n': "",
            },
            reported={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n'
                    '    tags=[{"Key": "model_uri", "Value": "s3://bucket/model.tar.gz"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "an unread channel of a script that names `/opt/ml` or `/opt/ml/input` for another purpose",
        "an unread channel of a script that calls an unknown library for another purpose",
    )
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
                estimator.fit({
                        "train": "s3://bucket/train/",
                        "validation": "s3://bucket/validation/",  # TRN409
                    })
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
        options=("--select=TRN409",),
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
                estimator.fit({"train": "s3://bucket/train/"})
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
        options=("--select=TRN409",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the channels that the script never reads."""
        return unread_channels(launch)
