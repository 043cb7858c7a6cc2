"""TRN431: the script opens a file that the job does not have."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_files import missing_files
from training_alignment.comparisons.launch.opened_folders import FOLDER, opened_folders
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


def _reading(reader: str, mark: str = "") -> Example:
    """Return an example whose script reads the folder of a channel."""
    launcher = f"""
        from sagemaker.sklearn import SKLearn

        estimator = SKLearn(
            entry_point="train.py",
            role="arn:aws:iam::123456789012:role/Training",
            instance_type="ml.m5.xlarge",
            framework_version="1.2-1",
        )
        estimator.fit({{"train": "s3://churn-data/train.csv"}}){mark}
    """
    script = f"""
        import os

        import pandas as pd

        rows = pd.{reader}(os.environ["SM_CHANNEL_TRAIN"])
        print(rows.describe())
    """
    return Example({"launch.py": launcher, "train.py": script}, options=("--select=TRN431",))


class FileNotSent(LaunchRule):
    """Reports files that the script opens and that the launcher does not send, and folders that it opens as files."""

    code = "TRN431"
    severity = Severity.ERROR
    summary = "the job lacks a file that the script opens"
    other_summaries = (FOLDER,)
    why = """
        The launcher sends `source_dir`, or the entry point alone. The script runs in `/opt/ml/code` (SDK v3:
        `/opt/ml/input/data/code`), and nothing else of the repository is there. `open("../configs/train.yaml")` ends
        with `FileNotFoundError`. A channel is a folder, also where its input is a single object:
        `pd.read_csv(os.environ["SM_CHANNEL_TRAIN"])` ends with `IsADirectoryError`.
    """
    fix = """
        Move the file into the folder that is sent, send it with `dependencies`, or provide it as a channel. Join the
        folder of a channel with the name of the file.
    """
    reported_when = (
        "the script opens a relative path on every path through the program, the folder that is sent does not"
        " have the file, and the file lies elsewhere in the repository",
        "the path leads above `/opt/ml/code` into a folder that a job does not have",
        "an option's default is such a path, and no hyperparameter of the job replaces it",
        "the path is below `/opt/ml/code`",
        "a training script certainly opens a file below `/opt/ml/processing`, which only a processing job has",
        "`open`, `pandas.read_csv` or another reader of one file gets the folder of a channel that the job has in File "
        "or FastFile mode, on every path through the program",
    )
    not_reported_when = (
        Condition(
            "the program may create the file or tests for it: another call receives the file or a folder above it",
            suppressed={
                "import yaml\n": ('import yaml\n\nimport settings\n\nsettings.fetch("../configs")\n')
            },
            reported={"import yaml\n": ('import yaml\n\nimport settings\n\nsettings.fetch("../other")\n')},
        ),
        Condition(
            "the script changes its working directory",
            suppressed={
                'with open("../configs/train.yaml") as file:': (
                    'os.chdir("/opt/ml/code")\nwith open("../configs/train.yaml") as file:'
                )
            },
            reported={
                'with open("../configs/train.yaml") as file:': (
                    'print(os.getcwd())\nwith open("../configs/train.yaml") as file:'
                )
            },
        ),
        Condition(
            "the failure is caught, or the file is opened on some paths only",
            suppressed={
                'with open("../configs/train.yaml") as file:\n    settings = yaml.safe_load(file)': (
                    "try:\n"
                    '    settings = yaml.safe_load(open("../configs/train.yaml"))\n'
                    "except OSError:\n"
                    "    settings = {}"
                )
            },
            reported={
                'with open("../configs/train.yaml") as file:\n    settings = yaml.safe_load(file)': (
                    "try:\n"
                    '    settings = yaml.safe_load(open("../configs/train.yaml"))\n'
                    "except KeyError:\n"
                    "    settings = {}"
                )
            },
        ),
        Condition(
            "the launcher may send more: `dependencies`, unknown arguments, unknown code that receives the "
            "estimator",
            suppressed={'source_dir="code",  # TRN431': 'source_dir="code",\n    dependencies=["configs"],'},
            reported={
                'source_dir="code",  # TRN431': (
                    'source_dir="code",  # TRN431\n    tags=[{"Key": "dependencies", "Value": "configs"}],'
                )
            },
        ),
        Condition(
            "a command starts the image, or the launcher may start one of several scripts",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                'entry_point="train.py"': 'entry_point="train.py" if sys.argv[1:] else "other.py"',
                "+ code/other.py": 'print("other")\n',
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": (
                    'print("train.py" if sys.argv[1:] else "other.py")\nestimator = PyTorch('
                ),
                "+ code/other.py": 'print("other")\n',
            },
        ),
        Condition(
            "the reader of a channel's folder accepts folders, or gets the folder on some paths only",
            suppressed=_reading("read_parquet"),
            reported=_reading("read_csv", "  # TRN431"),
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a channel's folder that an option of the launcher's command replaces",
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
        return chain(missing_files(launch), opened_folders(launch))
