"""TRN432: requirements that are not installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import Record
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import did_you_mean
from training_alignment.comparisons.launch.installed_packages import (
    requirements_at,
    requirements_not_installed,
    requirements_path,
)
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_MAX_SHOWN = 40


class RequirementsFile(Record):
    """A file of requirements, by its path in the repository."""

    path: str


class RequirementsNotInstalled(LaunchRule):
    """Reports lines that pip rejects, and files of requirements that the job does not install."""

    code = "TRN432"
    severity = Severity.ERROR
    summary = "requirements that are not installed"
    why = """
        The training toolkit runs `pip install -r requirements.txt` before the script, in the folder that the launcher
        sends. If pip rejects a line, the job ends with `InstallRequirementsError`: `Invalid requirement:
        'numpy=1.26'`. A file of another name or in another folder is not installed, and the script ends with
        `ModuleNotFoundError`.
    """
    fix = """
        Correct the line, or move the file to the top of `source_dir` as `requirements.txt`. SDK v3 installs the file
        that `SourceCode(requirements=...)` names, relative to `source_dir`.
    """
    reported_when = (
        "a line of the file that the job installs is no requirement: a wrong operator, a version that is none",
        "it requires a name that PyPI does not have, because it is a module of Python (`os`, `json`) or the name of an "
        "import (`cv2`), or a package that refuses to be installed (`sklearn`, `pytorch`)",
        "a file of requirements near the script lists a package that the script imports and the image lacks, "
        "and the job does not install this file",
        "`SourceCode(requirements=...)` names a file that `source_dir` does not have",
    )
    not_reported_when = (
        Condition(
            "the line names an address, a path, a variable or an option of pip",
            suppressed={"numpy=1.26  # TRN432": "https://example.com/numpy=1.26.zip"},
            reported={"numpy=1.26  # TRN432": ("numpy=1.26  # TRN432\n# https://example.com/numpy=1.26.zip")},
        ),
        Condition(
            "the job does not install the file, and its image has all packages that the script imports",
            suppressed={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n    dependencies=["requirements.txt"],\n'
                ),
                "+ requirements.txt": "numpy\n",
                "numpy=1.26  # TRN432": "numpy==1.26",
            },
            reported={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n    dependencies=["code/requirements.txt"],\n'
                )
            },
        ),
        Condition(
            "a shell script starts the job: then the toolkit installs nothing",
            suppressed={
                'entry_point="train.py"': 'entry_point="train.sh"',
                "+ code/train.sh": "python train.py\n",
            },
            reported={"+ code/train.sh": "python train.py\n"},
        ),
        Condition(
            "the script runs pip or another installer itself",
            suppressed={"numpy=1.26  # TRN432\n": "numpy\n"},
            reported={
                "import os\n": (
                    'import os\nimport subprocess\n\nsubprocess.run(["ls", "-l", "requirements.txt"])\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "any other package or version that the index does not have",
        "a name that PyPI does not have, if the file names another index",
        "requirements that exclude each other",
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
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import os

                print(os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
            "code/requirements.txt": """
                # Tracking.
                mlflow==2.14.1
                numpy=1.26  # TRN432
            """,
        },
        options=("--select=TRN432",),
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

                print(os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
            "code/requirements.txt": """
                # Tracking.
                mlflow==2.14.1
                numpy==1.26
            """,
        },
        options=("--select=TRN432",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the files of requirements that are not installed or do not exist."""
        return requirements_not_installed(launch)

    def check(self, subject: Launch, /) -> Iterator[Finding]:
        """Yield a finding for each problem of the launcher, and for each wrong line in the file of requirements."""
        yield from super().check(subject)
        path = requirements_path(subject)
        if path is None or subject.alternatives or subject.started.by_command:
            return
        if path not in subject.file.repository.files:
            return  # a cell writes it, and no file has the line
        file = RequirementsFile(path)
        found = requirements_at(subject, path)
        related = subject.from_launcher("the launcher that sends the file")
        for line, text in found.wrong:
            shown = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."
            yield self.finding(file, line, f"pip rejects {shown!r}", related)
        for line, reason, meant in found.absent:
            yield self.finding(file, line, reason + did_you_mean(meant), related)
