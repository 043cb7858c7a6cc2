"""TRN426: the script requires a hyperparameter that the job does not set."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.command_arguments import LACKING, lacking_arguments
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_hyperparameters import missing_hyperparameters
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class HyperparameterNotSet(LaunchRule):
    """Reports hyperparameters that the script requires and that its job does not set."""

    code = "TRN426"
    severity = Severity.ERROR
    summary = "the job does not pass a required hyperparameter"
    other_summaries = (LACKING,)
    why = """
        SageMaker passes the job's hyperparameters to the script, and nothing else fills a required option. argparse
        exits with code 2 and `error: the following arguments are required: --learning-rate`. `parse_known_args` exits
        too. A script that reads its hyperparameters by key ends with `KeyError: 'learning_rate'`. Either happens after
        the instances have started and the data is loaded.
    """
    fix = """
        Add the hyperparameter in the launcher, or a default in the script.
    """
    reported_when = (
        "an option of argparse, click, fire or `HfArgumentParser` is required, and no hyperparameter of the job and no "
        "range of a tuner sets it",
        "nothing sets an option of argparse without a default, and its value, None, certainly reaches a call that "
        "needs a path or a number: `os.path.join(args.model_dir, ...)`, `int(args.epochs)`; for a channel or folder, "
        "the message names the variable of SageMaker that is to be its default",
        "the script reads a key of `SM_HPS`, of `hyperparameters.json` or of the toolkit's environment on every path, "
        "without a default",
        "the script reads the variable `SM_HP_<NAME>` on every path, without a default",
        "the script of `SourceCode(command=...)` requires an option of argparse, and the command lacks it",
    )
    not_reported_when = (
        Condition(
            (
                "the launcher may set other hyperparameters: from a file, from an argument, in "
                "unknown code that receives the estimator"
            ),
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '{"epochs": 4},  # TRN426': '{"epochs": 4, **options.SETTINGS},',
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": "print(options.SETTINGS)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the script declares the option or reads the key on some paths only, or catches the `KeyError`",
            suppressed={
                'parser.add_argument("--learning-rate", type=float, required=True)\n': (
                    'if os.environ.get("FAST"):\n'
                    '    parser.add_argument("--learning-rate", type=float, required=True)\n'
                )
            },
            reported={
                'parser.add_argument("--learning-rate", type=float, required=True)\n': (
                    'if os.environ.get("FAST"):\n'
                    '    print("fast")\n'
                    'parser.add_argument("--learning-rate", type=float, required=True)\n'
                )
            },
        ),
        Condition(
            "the script tests for the key, sets it itself, or reads it with a default elsewhere",
            suppressed={
                'parser.add_argument("--learning-rate", type=float, required=True)\n': (
                    'settings = json.loads(os.environ["SM_HPS"])\n'
                    'if "learning-rate" in settings:\n'
                    '    print(settings["learning-rate"])\n'
                ),
                "import os\n": "import json\nimport os\n",
            },
            reported={
                'parser.add_argument("--learning-rate", type=float, required=True)\n': (
                    'settings = json.loads(os.environ["SM_HPS"])\n'
                    'if "learning-rate" in os.environ:\n'
                    "    print()\n"
                    'print(settings["learning-rate"])\n'
                ),
                "import os\n": "import json\nimport os\n",
            },
        ),
        Condition(
            "the option has a second declaration, the script has several parsers, or may have other options",
            suppressed={
                "import os\n": "import os\n\nimport options\n",
                "arguments = parser": "options.add(parser)\narguments = parser",
            },
            reported={
                "import os\n": "import os\n\nimport options\n",
                "arguments = parser": 'options.add("parser")\narguments = parser',
            },
        ),
        Condition(
            "click takes the option from a variable or a prompt",
            suppressed={
                (
                    "import argparse\n"
                    "import os\n"
                    "\n"
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--learning-rate", type=float, required=True)\n'
                    'parser.add_argument("--epochs", type=int, default=1)\n'
                    "arguments = parser.parse_args()\n"
                    'print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                ): (
                    "import os\n"
                    "\n"
                    "import click\n"
                    "\n"
                    "\n"
                    "@click.command()\n"
                    '@click.option("--learning-rate", required=True, envvar="LEARNING_RATE")\n'
                    '@click.option("--epochs", type=int)\n'
                    "def main(learning_rate, epochs):\n"
                    '    print(learning_rate, epochs, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                    "\n"
                    "\n"
                    "main()\n"
                )
            },
            reported={
                (
                    "import argparse\n"
                    "import os\n"
                    "\n"
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--learning-rate", type=float, required=True)\n'
                    'parser.add_argument("--epochs", type=int, default=1)\n'
                    "arguments = parser.parse_args()\n"
                    'print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                ): (
                    "import os\n"
                    "\n"
                    "import click\n"
                    "\n"
                    "\n"
                    "@click.command()\n"
                    '@click.option("--learning-rate", required=True, help="envvar")\n'
                    '@click.option("--epochs", type=int)\n'
                    "def main(learning_rate, epochs):\n"
                    '    print(learning_rate, epochs, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                    "\n"
                    "\n"
                    "main()\n"
                )
            },
        ),
        Condition(
            "a launcher of processes passes the option, such as `--local_rank`",
            suppressed={
                'parser.add_argument("--learning-rate", type=float, required=True)\n': (
                    'parser.add_argument("--local_rank", type=int, required=True)\n'
                )
            },
            reported={
                'parser.add_argument("--learning-rate", type=float, required=True)\n': (
                    'parser.add_argument("--locale_rank", type=int, required=True)\n'
                )
            },
        ),
        Condition(
            (
                "a hyperparameter under another name is meant, which TRN410 reports, or a misspelled "
                "argument, which TRN403 reports"
            ),
            suppressed={'{"epochs": 4},  # TRN426': '{"epochs": 4, "learning_rate": 0.1},'},
            reported={
                '{"epochs": 4},  # TRN426': '{"epochs": 4, "decay": "learning_rate"},  # TRN426',
                'parser.add_argument("--epochs"': (
                    'parser.add_argument("--decay")\nparser.add_argument("--epochs"'
                ),
            },
        ),
        Condition(
            "a command starts the image",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": "from sagemaker.estimator import Estimator\n",
                "PyTorch(": "Estimator(",
                '    framework_version="2.1",\n    py_version="py310",\n': (
                    '    image_uri="ours",\n    container_entry_point=["python", "train.py"],\n'
                ),
                '{"epochs": 4},  # TRN426': '{"epochs": 4},',
            },
            reported={
                '    py_version="py310",\n': (
                    '    py_version="py310",\n'
                    '    tags=[{"Key": "container_entry_point", "Value": "python"}],\n'
                )
            },
        ),
        Condition(
            "the launcher may start one of several scripts",
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
        NOT_IN_TESTS,
    )
    missed = (
        "a positional argument of the script, which no hyperparameter can fill",
        "a group of options of which one is required",
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
                    hyperparameters={"epochs": 4},  # TRN426
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--learning-rate", type=float, required=True)
                parser.add_argument("--epochs", type=int, default=1)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN426",),
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
                    hyperparameters={"epochs": 4, "learning-rate": 0.001},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--learning-rate", type=float, required=True)
                parser.add_argument("--epochs", type=int, default=1)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN426",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Yield the hyperparameters that the script requires and the job does not set, and those of its own command."""
        yield from missing_hyperparameters(launch)
        yield from lacking_arguments(launch)
