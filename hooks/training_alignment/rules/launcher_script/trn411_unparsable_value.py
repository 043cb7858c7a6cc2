"""TRN411: a hyperparameter value that the script's option cannot parse."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.hyperparameters import unparsable
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


def _empty_flag(name: str, package: str) -> Example:
    marker = "  # TRN411" if name == "SKLearn" else ""
    return Example(
        {
            "launch.py": f"""
                from sagemaker.{package} import {name}

                estimator = {name}(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    hyperparameters={{"verbose-log": ""}},{marker}
                )
                estimator.fit()
            """,
            "code/train.py": """
                import argparse

                parser = argparse.ArgumentParser()
                parser.add_argument("--verbose-log", action="store_true")
                print(parser.parse_args().verbose_log)
            """,
        },
        options=("--select=TRN411",),
    )


class HyperparameterValueNotParsable(LaunchRule):
    """Reports hyperparameter values that the script's option refuses, or turns into something else."""

    code = "TRN411"
    severity = Severity.ERROR
    summary = "the script's option does not accept the value"
    why = """
        Every value reaches the script as one string: `True` as `True`, a list as `['a', 'b']`, `None` as an empty
        string. argparse ends the script with code 2 if it cannot convert the string, such as `error: argument --epochs:
        invalid int value: '4.0'`. In other cases the value is lost: a flag is on whatever its value, and a list stays
        one string.
    """
    fix = """
        Pass a value that the option accepts, or change the option's type.
    """
    reported_when = (
        "the option's `type` cannot convert the value, or `choices` does not contain it",
        "`nargs` asks for another number of values than one",
        "a flag such as `store_true` gets a value that argparse refuses, or `False`, which turns the flag on",
        "the value begins with `-` and is no number, so that argparse takes it for an option",
        "`False` is passed to an option of `type=bool`",
        "a list is passed to an option that takes several strings, or to one of `type=list`, which splits "
        "the string into characters",
        "a tuner's range yields values that the option refuses, such as fractions for `type=int`",
    )
    not_reported_when = (
        Condition(
            "one of the values that the hyperparameter can have is accepted, or one of them is unknown",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '"epochs": "4.0",  # TRN411': '"epochs": "4.0" if sys.argv[1:] else "4",',
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": ('print("4.0" if sys.argv[1:] else "4")\nestimator = PyTorch('),
            },
        ),
        Condition(
            "the type, action, `nargs` or `choices` of the option is unknown, or the type is no builtin such as "
            "`int`, `json.loads`, `ast.literal_eval` or `Path`",
            suppressed={
                '"--epochs", type=int': '"--epochs", type=whole',
                "parser = argparse": ("def whole(text):\n    return int(float(text))\n\n\nparser = argparse"),
            },
            reported={
                "parser = argparse": ("def whole(text):\n    return int(float(text))\n\n\nparser = argparse")
            },
        ),
        Condition(
            "an empty value sets a flag, and the image is none of scikit-learn or XGBoost: the toolkits of other "
            "images drop an empty argument, those from version 5.1.3 on pass it",
            suppressed=_empty_flag("PyTorch", "pytorch"),
            reported=_empty_flag("SKLearn", "sklearn"),
        ),
        Condition(
            "another library than argparse parses the command line, or a command starts the script",
            suppressed={
                (
                    "import argparse\n"
                    "import os\n"
                    "\n"
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--batch-size", type=int)\n'
                    'parser.add_argument("--epochs", type=int)\n'
                    "arguments = parser.parse_args()\n"
                    'print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))'
                ): (
                    "import fire\n"
                    "\n"
                    "\n"
                    "def main(epochs: int, batch_size: int):\n"
                    "    print(epochs, batch_size)\n"
                    "\n"
                    "\n"
                    "fire.Fire(main)"
                )
            },
            reported={
                "import os\n": "import os\n\nimport fire\n",
                "print(arguments": "print(fire.__version__)\nprint(arguments",
            },
        ),
        Condition(
            "the script may have other options: it uses subparsers or `sys.argv`, or passes its parser to "
            "unknown code or arguments to `parse_args`",
            suppressed={
                "import os\n": "import os\n\nimport options\n",
                "arguments = parser": "options.add(parser)\narguments = parser",
            },
            reported={
                "import os\n": "import os\n\nimport options\n",
                "arguments = parser": 'options.add("parser")\narguments = parser',
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a script that reads the hyperparameter by key and converts it itself, such as with `int(...)`",
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
                    hyperparameters={
                        "batch-size": 32,
                        "epochs": "4.0",  # TRN411
                    },
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
        options=("--select=TRN411",),
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
                    hyperparameters={
                        "batch-size": 32,
                        "epochs": 4,
                    },
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
        options=("--select=TRN411",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the values that the script's options cannot parse."""
        return unparsable(launch)
