"""TRN430: a program that the script starts does not accept its arguments, or requires others."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.started_programs import unaccepted_arguments
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule

_LAUNCHER = """
    from sagemaker.pytorch import PyTorch

    estimator = PyTorch(
        entry_point="start.py",
        source_dir="code",
        framework_version="2.5.1",
        py_version="py311",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.g5.2xlarge",
        instance_count=1,
    )
    estimator.fit({"train": "s3://bucket/train/"})
"""
_START = """
    import subprocess
    import sys

    {call}
"""
_PROGRAM = """
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=1)
    args = parser.parse_args()
    print("epochs", args.epochs)
"""


def _example(call: str) -> Example:
    """Return the example of a script that starts ``train.py``."""
    files = {"launch.py": _LAUNCHER, "code/start.py": _START.format(call=call), "code/train.py": _PROGRAM}
    return Example(files, options=("--select=TRN430",))


def _required(call: str) -> Example:
    """Return the example of a program that requires its options."""
    added = 'parser.add_argument("--rate")\n    parser.add_argument("--epochs", required=True, '
    program = _PROGRAM.replace('parser.add_argument("--epochs", ', added)
    files = {"launch.py": _LAUNCHER, "code/start.py": _START.format(call=call), "code/train.py": program}
    return Example(files, options=("--select=TRN430",))


class StartedProgram(LaunchRule):
    """Reports arguments of a started program that its parser refuses."""

    code = "TRN430"
    severity = Severity.ERROR
    summary = "a started program rejects its arguments"
    why = """
        The program that `subprocess`, `torchrun` or `accelerate launch` starts has a parser of its own. It ends with
        `error: unrecognized arguments: --epoch 3` and exit code 2. With `check=True` the job fails; without it the job
        is `Completed` although nothing is trained.
    """
    fix = """
        Pass the options that the program defines.
    """
    reported_when = (
        "a command with known words starts a Python file or module of the source folder, and passes an option that "
        "its `argparse` parser does not have, or a value that the option refuses",
        "such a command lacks an option that the program's parser always requires (`argparse`, `HfArgumentParser`, "
        "click)",
    )
    not_reported_when = (
        Condition(
            "the program uses `parse_known_args`, subcommands or another parser, or may define other options",
            suppressed={"args = parser.parse_args()": "args, rest = parser.parse_known_args()"},
            reported={'print("epochs"': 'print("parse_known_args"'},
        ),
        Condition(
            "the command may have more words: an unpacked or changed list, an unknown part of a line, an unknown "
            "option (required options only)",
            suppressed=_required('subprocess.run([sys.executable, "train.py", *sys.argv[1:]], check=True)'),
            reported=_required(
                'subprocess.run([sys.executable, "train.py", "--rate", sys.argv[1]], check=True)  # TRN430'
            ),
        ),
        Condition(
            "the words belong to another program",
            suppressed=_example(
                'subprocess.run([sys.executable, "-m", "pip", "check", "--epoch", "train.py"])'
            ),
            reported=_example(
                'subprocess.run([sys.executable, "train.py", "--epoch", "3", "--epochz"])  # TRN430'
            ),
        ),
        Condition(
            "the command, its folder (`cwd`, `os.chdir`) or the option is unknown",
            suppressed={
                'subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430': (
                    'os.chdir("/tmp")\n'
                    'subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)'
                ),
                "import sys\n": "import os\nimport sys\n",
            },
            reported={
                'subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430': (
                    "print(os.getcwd())\n"
                    'subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430'
                ),
                "import sys\n": "import os\nimport sys\n",
            },
        ),
        Condition(
            "an `except` catches the failure",
            suppressed={
                'subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430': (
                    "try:\n"
                    '    subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)\n'
                    "except subprocess.CalledProcessError:\n"
                    '    print("failed")'
                )
            },
            reported={
                'subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430': (
                    "try:\n"
                    '    subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430\n'
                    "except KeyError:\n"
                    '    print("failed")'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "positional arguments",
        "words that a list gets later",
        "a command in a local module",
    )
    bad = _example('subprocess.run([sys.executable, "train.py", "--epoches", "3"], check=True)  # TRN430')
    good = _example('subprocess.run([sys.executable, "train.py", "--epochs", "3"], check=True)')

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Yield the calls in the script's own file."""
        return unaccepted_arguments(launch)
