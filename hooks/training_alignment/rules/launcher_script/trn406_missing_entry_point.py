"""TRN406: an entry point that does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.source_code import OTHER_NAME, missing_entry_points
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class EntryPointMissing(LaunchRule):
    """Reports entry points that do not exist, or that the job starts under another name."""

    code = "TRN406"
    severity = Severity.ERROR
    summary = "the entry point does not exist"
    other_summaries = (OTHER_NAME,)
    why = """
        The SDK looks for `entry_point` in `source_dir`, or in the folder where the launcher runs. If the file is
        missing, it raises `ValueError: No file named ... was found in directory ...`. In a pipeline that happens when
        the pipeline is created, often long after somebody renamed the script.
    """
    fix = """
        Write the path of the script relative to `source_dir`.
    """
    reported_when = (
        "`source_dir` is a folder of the repository, and no file in it has the entry point's name",
        "there is no `source_dir`, and no file of the repository has the entry point's name",
        "`source_dir` does not exist, and a folder with a similar name or exactly one other folder of the "
        "project has the script",
        "`entry_point` is an S3 URI",
        "the entry point is in a subfolder, and `source_dir` has a `setup.py` or the session has "
        "`local_code`, because both ignore the subfolder",
        "the entry point of a step's job has another file name than the contract's",
    )
    not_reported_when = (
        "the launcher may create the file: it calls a function such as `run`, `copy` or `download`, writes "
        "a script, or has shell lines (notebook)",
        "a file of up to 100 kB that is no Python, notebook, prose or CSV file contains the script's name, "
        "such as a Dockerfile",
        "the estimator has `git_config` or `training_recipe`, or `source_dir` is an S3 location or an "
        "archive",
        "the entry point is unknown or an absolute path, or its attribute is assigned afterwards",
        NOT_IN_TESTS,
    )
    missed = (
        "a missing script in a launcher that calls an unrelated function of such a name, or in a notebook "
        "with any shell line",
        "a missing script, if another file below `source_dir` (without one: in the repository) has the same "
        "name",
        "a `source_dir` that does not exist, and whose script is in several other folders or in none",
    )
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
        """Return the entry points that do not exist."""
        return missing_entry_points(launch)
