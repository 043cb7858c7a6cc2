"""TRN431: the script opens a file that the job does not have."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_files import missing_files
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class FileNotSent(LaunchRule):
    """Reports files that the script opens by a relative path and that the launcher does not send."""

    code = "TRN431"
    severity = Severity.ERROR
    summary = "the script opens a file that the job does not have"
    why = """
        The launcher sends `source_dir`, or the entry point alone. The script runs in `/opt/ml/code` (SDK v3:
        `/opt/ml/input/data/code`), and nothing else of the repository is there. `open("../configs/train.yaml")` ends
        with `FileNotFoundError`.
    """
    fix = """
        Move the file into the folder that is sent, send it with `dependencies`, or provide it as a channel.
    """
    reported_when = (
        "the script opens a relative path on every path through the program, the folder that is sent does not"
        " have the file, and the file lies elsewhere in the repository",
        "the path leads above `/opt/ml/code` into a folder that a job does not have",
        "an option's default is such a path, and no hyperparameter of the job replaces it",
        "the path is below `/opt/ml/code`",
    )
    not_reported_when = (
        "the program may create the file or tests for it: another call receives the file or a folder above it",
        "the script changes its working directory",
        "the failure is caught, or the file is opened on some paths only",
        "the launcher may send more: `dependencies`, unknown arguments, unknown code that receives the "
        "estimator",
        "a command starts the image, or the launcher may start one of several scripts",
        NOT_IN_TESTS,
    )
    missed = (
        "a path that begins at `__file__`",
        "a file that is nowhere in the repository, and not above the folder",
    )
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",  # TRN431
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import os

                import yaml

                with open("../configs/train.yaml") as file:
                    settings = yaml.safe_load(file)
                print(settings, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
            "configs/train.yaml": """
                epochs: 3
            """,
        },
        options=("--select=TRN431",),
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
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import os

                import yaml

                with open("configs/train.yaml") as file:
                    settings = yaml.safe_load(file)
                print(settings, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
            "code/configs/train.yaml": """
                epochs: 3
            """,
        },
        options=("--select=TRN431",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the problems of a launch."""
        return missing_files(launch)
