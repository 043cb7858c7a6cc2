"""Jobs that fail for what they do not give their script, each with its mended twin and what the failure prints."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import NamedTuple

LAUNCHER = """
from sagemaker.pytorch import PyTorch

estimator = PyTorch(
    entry_point="{entry}",
    source_dir="code",
    role="arn:aws:iam::123456789012:role/Training",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    framework_version="2.1",
    py_version="py310",
    hyperparameters={hyperparameters},
    environment={environment},
)
estimator.fit({{"train": "s3://bucket/train"}})
"""


class Project(NamedTuple):
    """The files of a job's code folder, by name, its hyperparameters and its variables."""

    files: Mapping[str, str]
    hyperparameters: Mapping[str, object] = {}
    environment: Mapping[str, str] = {}
    entry: str = "train.py"

    @property
    def sources(self) -> dict[str, str]:
        """Return the files of the code folder."""
        return {name: textwrap.dedent(text).lstrip("\n") for name, text in self.files.items()}

    @property
    def repository(self) -> dict[str, str]:
        """Return the files of a repository with the launcher and the code folder."""
        launcher = LAUNCHER.format(
            entry=self.entry,
            hyperparameters=dict(self.hyperparameters),
            environment=dict(self.environment),
        )
        return {"launch.py": launcher, **{f"code/{name}": text for name, text in self.sources.items()}}


class FailingJob(NamedTuple):
    """A project that fails with ``outcome`` in its log, its mended twin, and the code that reports it.

    ``ends``: the job ends with a failure; otherwise it ends as completed, and ``outcome`` is in its output.
    """

    code: str
    failing: Project
    mended: Project
    outcome: str
    ends: bool = True


_REQUIRED = """
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, required=True)
    parser.add_argument("--epochs", type=int, default=1)
    print(parser.{parse}())
"""
_BY_KEY = """
    import json
    import os

    print({read})
"""

_ECHO = """
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int)
    print(f"epochs={parser.parse_args().epochs}")
"""
_ATTRIBUTE = """
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=8)
    arguments, _ = parser.parse_known_args()
    print(arguments.{name})
"""

_CHILD = """
    import subprocess
    import sys

    subprocess.run([sys.executable, "fit.py", "{option}", "{value}"], check=True)
"""

_FIT = _REQUIRED.format(parse="parse_args")
_OPEN = """
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--table", default="/dev/null")
    print(open(parser.parse_args().table).read())
"""

JOBS: dict[str, FailingJob] = {
    "a name that no option defines": FailingJob(
        "TRN120",
        Project({"train.py": _ATTRIBUTE.format(name="batchsize")}),
        Project({"train.py": _ATTRIBUTE.format(name="batch_size")}),
        "AttributeError: 'Namespace' object has no attribute 'batchsize'",
    ),
    "a package": FailingJob(
        "TRN427",
        Project({"train.py": "import mlflow\n\nprint(mlflow)\n"}),
        Project(
            {"train.py": "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\nprint(mlflow)\n"}
        ),
        "No module named 'mlflow'",
    ),
    "an address as a path": FailingJob(
        "TRN126",
        Project({"train.py": "print(open('s3://bucket/train.csv').read())\n"}),
        Project({"train.py": "print('s3://bucket/train.csv')\n"}),
        "No such file or directory: 's3://bucket/train.csv'",
    ),
    "an option of a child process": FailingJob(
        "TRN430",
        Project({"train.py": _CHILD.format(option="--rounds", value="3"), "fit.py": _ECHO}),
        Project({"train.py": _CHILD.format(option="--epochs", value="3"), "fit.py": _ECHO}),
        "CalledProcessError",
    ),
    "a required option of a child process": FailingJob(
        "TRN430",
        Project({"train.py": _CHILD.format(option="--epochs", value="3"), "fit.py": _FIT}),
        Project({"train.py": _CHILD.format(option="--lr", value="3"), "fit.py": _FIT}),
        "the following arguments are required: --lr",
    ),
    "an address that the launcher passes as a path": FailingJob(
        "TRN126",
        Project({"train.py": _OPEN}, {"table": "s3://bucket/train.csv"}),
        Project({"train.py": _OPEN}, {"table": "/dev/null"}),
        "No such file or directory: 's3://bucket/train.csv'",
    ),
    "a line that is no requirement": FailingJob(
        "TRN432",
        Project({"train.py": "print(1)\n", "requirements.txt": "pip=24.0\n"}),
        Project({"train.py": "print(1)\n", "requirements.txt": "pip>=9\n"}),
        "Invalid requirement",
    ),
    "a version that is none": FailingJob(
        "TRN432",
        Project({"train.py": "print(1)\n", "requirements.txt": "pip==9.0t\n"}),
        Project({"train.py": "print(1)\n", "requirements.txt": "pip>=9.0\n"}),
        "9.0t",
    ),
    "a file above the folder": FailingJob(
        "TRN431",
        Project({"train.py": "print(open('../configs/train.yaml').read())\n"}),
        Project({"train.py": "print(open('train.yaml').read())\n", "train.yaml": "a: 1\n"}),
        "No such file or directory: '../configs/train.yaml'",
    ),
    "a shell script": FailingJob(
        "TRN433",
        Project({"run.sh": "python train.py\n", "train.py": _ECHO}, {"epochs": 3}, entry="run.sh"),
        Project({"run.sh": 'python train.py "$@"\n', "train.py": _ECHO}, {"epochs": 3}, entry="run.sh"),
        "epochs=None",
        ends=False,
    ),
    "a variable": FailingJob(
        "TRN428",
        Project({"train.py": _BY_KEY.format(read='os.environ["RESULT_BUCKET"]')}),
        Project(
            {"train.py": _BY_KEY.format(read='os.environ["RESULT_BUCKET"]')},
            environment={"RESULT_BUCKET": "results"},
        ),
        "KeyError: 'RESULT_BUCKET'",
    ),
    "a required option": FailingJob(
        "TRN426",
        Project({"train.py": _REQUIRED.format(parse="parse_args")}, {"epochs": 3}),
        Project({"train.py": _REQUIRED.format(parse="parse_args")}, {"epochs": 3, "lr": 0.1}),
        "the following arguments are required: --lr",
    ),
    "a required option of parse_known_args": FailingJob(
        "TRN426",
        Project({"train.py": _REQUIRED.format(parse="parse_known_args")}, {"epochs": 3}),
        Project({"train.py": _REQUIRED.format(parse="parse_known_args")}, {"lr": 0.1}),
        "the following arguments are required: --lr",
    ),
    "a key of SM_HPS": FailingJob(
        "TRN426",
        Project({"train.py": _BY_KEY.format(read='json.loads(os.environ["SM_HPS"])["lr"]')}, {"epochs": 3}),
        Project({"train.py": _BY_KEY.format(read='json.loads(os.environ["SM_HPS"])["lr"]')}, {"lr": 0.1}),
        "KeyError: 'lr'",
    ),
    "a variable of a hyperparameter": FailingJob(
        "TRN426",
        Project({"train.py": _BY_KEY.format(read='os.environ["SM_HP_LR"]')}, {"epochs": 3}),
        Project({"train.py": _BY_KEY.format(read='os.environ["SM_HP_LR"]')}, {"lr": 0.1}),
        "KeyError: 'SM_HP_LR'",
    ),
}
