"""TRN433: an entry point that is no Python file drops the hyperparameters."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.shell_arguments import dropped_hyperparameters
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class ShellScriptDropsArguments(LaunchRule):
    """Reports shell scripts that receive hyperparameters and pass none on."""

    code = "TRN433"
    severity = Severity.ERROR
    summary = "the shell script drops the hyperparameters"
    why = """
        SageMaker starts a shell script as `./run.sh --epochs 3`. The script's own commands get these arguments only
        through `"$@"`. Without it the program runs with its defaults, nothing fails, and a tuning job searches over
        hyperparameters that have no effect.
    """
    fix = """
        Pass the arguments on: `torchrun train.py "$@"`.
    """
    reported_when = (
        "the launcher sets hyperparameters, the shell script uses none of its arguments, and no program that "
        "it starts reads hyperparameters by name",
    )
    not_reported_when = (
        Condition(
            "the script or a program that it starts reads `SM_HPS`, `SM_HP_*`, `SM_USER_ARGS` or "
            "`hyperparameters.json`",
            suppressed={"import os\n": 'import os\n\nprint(os.environ["SM_HPS"])\n'},
            reported={"import os\n": 'import os\n\nprint("SM_HPS")\n'},
        ),
        Condition(
            "the tool cannot resolve a program that the script starts",
            suppressed={"set -e\n": "set -e\n./start.sh\n"},
            reported={"set -e\n": "set -e\necho ./start.sh\n"},
        ),
        Condition(
            "the script uses `$@`, `$*`, `$1`, `shift` or `getopts`",
            suppressed={"2 train.py\n": '2 train.py "$@"\n'},
            reported={"set -e\n": 'set -e\necho "starts with $@"\n'},
        ),
        Condition(
            "the launcher sets no hyperparameter, or may start one of several scripts",
            suppressed={'    hyperparameters={"epochs": 3},\n': ""},
            reported={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n    tags=[{"Key": "hyperparameters", "Value": "none"}],\n'
                )
            },
        ),
        NOT_IN_TESTS,
    )
    missed = ("a shell script that starts another shell script",)
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="run.sh",
                    source_dir="code",  # TRN433
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    hyperparameters={"epochs": 3},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/run.sh": """
                set -e
                torchrun --nproc_per_node=2 train.py
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--epochs", type=int, default=1)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN433",),
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="run.sh",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    hyperparameters={"epochs": 3},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/run.sh": """
                set -e
                torchrun --nproc_per_node=2 train.py "$@"
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--epochs", type=int, default=1)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN433",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the problems of a launch."""
        return dropped_hyperparameters(launch)
