"""TRN406: an entry point that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.source_code import OTHER_NAME, missing_entry_points
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_LAUNCHER = """
    {before}
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="training.py",{mark}
        source_dir="code",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        framework_version="2.1",
        py_version="py310",
    )
    estimator.fit({{"train": "s3://bucket/train/"}})
"""


def _missing(before: str, mark: str = "", script: str = "true\n") -> Example:
    """Return a launcher whose script is missing, after other code, beside a shell script."""
    launcher = dedent(_LAUNCHER).format(before=before, mark=mark)
    files = {"launch.py": launcher, "code/train.py": "print(1)\n", "build.sh": script}
    return Example(files, options=("--select=TRN406",))


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
    fixable = "uses the only file with a near name in the folder"
    reported_when = (
        "`source_dir` is a folder of the repository, and the entry point is not in it",
        "there is no `source_dir`, and no file of the repository has the entry point's path, below any folder",
        "the path is made from the launcher's own `__file__`, lies in the repository, and no file is there",
        "the path leads out of the repository, its first folder is one of the repository's own and has a file of that "
        "name, but no file has the path",
        "`source_dir` exists nowhere, or a folder with a similar name has the script",
        "`entry_point` is an S3 URI",
        "the entry point is in a subfolder, and `source_dir` has a `setup.py` or the session has "
        "`local_code`, because both ignore the subfolder",
        "the entry point of a step's job has another file name than the contract's",
        "the entry point in `required_config` does not exist, and misspells the step's script or is not the "
        "builder's",
    )
    not_reported_when = (
        Condition(
            "the launcher may bring the file: a call such as `subprocess.run`, `shutil.copy`, `open` or a download, or "
            "a shell line of a notebook, writes to its path, to a folder around it, or to an unknown path",
            suppressed=_missing("import shutil\n\nshutil.copy('base.py', 'code/training.py')"),
            reported=_missing("import shutil\n\nshutil.copy('base.csv', 'data/rows.csv')", "  # TRN406"),
        ),
        Condition(
            "the launcher passes the path or its folder to unknown code",
            suppressed=_missing("import renderer\n\nrenderer.write('code/training.py')"),
            reported=_missing("print('code/training.py')", "  # TRN406"),
        ),
        Condition(
            "a line of a Dockerfile, shell script or pipeline file names the script and copies, downloads or writes",
            suppressed=_missing("", script="cp base.py code/training.py\n"),
            reported=_missing("", "  # TRN406", script="echo look at training.py\n"),
        ),
        Condition(
            "the file exists, although git ignores it, or its path leads out of the repository to an unknown folder",
            suppressed={
                "+ .gitignore": "training.py\n",
                "+ code/training.py": "print()\n",
            },
            reported={"+ .gitignore": "training.py\n"},
        ),
        Condition(
            "another folder of the repository has a file of that path, so the launcher may run there",
            suppressed={"+ other/code/training.py": "print()\n"},
            reported={"+ other/training.py": "print()\n"},
        ),
        Condition(
            "the estimator has `git_config` or `training_recipe`, or `source_dir` is an S3 location or an "
            "archive",
            suppressed={
                '    source_dir="code",\n': (
                    '    source_dir="code",\n    git_config={"repo": "https://example.com/churn.git"},\n'
                )
            },
            reported={
                '    source_dir="code",\n': (
                    '    source_dir="code",\n'
                    '    tags=[{"Key": "git_config", "Value": "https://example.com/churn.git"}],\n'
                )
            },
        ),
        Condition(
            "the entry point is unknown or an absolute path outside the repository, or its attribute is assigned "
            "afterwards",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '"training.py",  # TRN406': "options.SCRIPT,",
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                'estimator.fit(inputs={"train": "s3://bucket/train/"})': (
                    'print(options.SCRIPT)\nestimator.fit(inputs={"train": "s3://bucket/train/"})'
                ),
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a missing script of a launcher that runs a program of unknown effect, such as `make` or another script",
        "a missing script without a folder in its path, if any file of the repository has the same name",
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
