"""TRN410: a hyperparameter that the script does not accept."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.command_arguments import REFUSED, refused_arguments
from training_alignment.comparisons.launch.hyperparameters import REPLACED, unaccepted
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class HyperparameterNotAccepted(LaunchRule):
    """Reports hyperparameters that the script neither accepts as an option nor reads by key."""

    code = "TRN410"
    severity = Severity.ERROR
    summary = "the script does not accept the hyperparameter"
    other_summaries = (REPLACED, REFUSED)
    why = """
        SageMaker passes every hyperparameter to the script as `--name value`. At an unknown option argparse exits with
        code 2 and `error: unrecognized arguments: --batch_size 32`. With `parse_known_args` it drops the option
        silently, and the training uses the default. argparse distinguishes `-` and `_`, and accepts the beginning of an
        option if only one option begins with it. A script that reads hyperparameters by key never sees the others.
    """
    fix = """
        Use the name of the script's option in the launcher, or add the option to the script.
    """
    fixable = "renames the misspelled hyperparameter or option"
    warning_when = (
        "the script uses the same value anyway: as a constant keyword of that name, as the default of the option that "
        "the name misspells, or as the default of an environment variable of that name",
    )
    reported_when = (
        "the script's parser has no such option, and it is argparse, click, typer, fire or "
        "`HfArgumentParser`",
        "the name has one letter, which SDK v2 sends with one dash (`-x`), and the script has `--x` only",
        "the name is the beginning of several options of argparse or `HfArgumentParser`",
        "a script without options reads other hyperparameters by key and never this one, or reads none at "
        "all",
        "a command starts the image, so that no hyperparameter becomes an argument, and the script has the "
        "option",
        "argparse of the script that `SourceCode(command=...)` starts refuses an argument in the command",
        "a `TensorFlow` estimator replaces the hyperparameter `model_dir` by its own value",
        "a name that a step's builder passes, or `required_config` lists, misspells one of the step's contract",
    )
    not_reported_when = (
        Condition(
            "the script uses `parse_known_args`, and reads the name by key or may read every key",
            suppressed={
                "arguments, _ = parser.parse_known_args()": (
                    "arguments, _ = parser.parse_known_args()\n"
                    'print(json.loads(os.environ["SM_HPS"])["batch_size"])'
                ),
                "import os\n": "import json\nimport os\n",
            },
            reported={
                "arguments, _ = parser.parse_known_args()": (
                    'arguments, _ = parser.parse_known_args()\nprint({"--batch_size": 1}["--batch_size"])'
                )
            },
        ),
        Condition(
            "the script may have other options: it uses subparsers or `sys.argv`, or passes its parser to "
            "unknown code or arguments to `parse_args`",
            suppressed={
                "import os\n": "import os\n\nimport options\n",
                "arguments, _": "options.add(parser)\narguments, _",
            },
            reported={
                "import os\n": "import os\n\nimport options\n",
                "arguments, _": 'options.add("parser")\narguments, _',
            },
        ),
        Condition(
            "a script without options passes its hyperparameters on as a whole, iterates over them, or goes "
            "through the environment",
            suppressed=Example(
                {
                    "launch.py": (
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        "estimator = PyTorch(\n"
                        '    entry_point="train.py",\n'
                        '    source_dir="code",\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    framework_version="2.1",\n'
                        '    py_version="py310",\n'
                        '    hyperparameters={"batch_size": 32},\n'
                        ")\n"
                        'estimator.fit({"train": "s3://bucket/train/"})\n'
                    ),
                    "code/train.py": (
                        "import json\n"
                        "import os\n"
                        "\n"
                        'settings = json.loads(os.environ["SM_HPS"])\n'
                        "for name, value in settings.items():\n"
                        "    print(name, value)\n"
                        'print(os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                    ),
                },
                options=("--select=TRN410",),
            ),
            reported={
                'batch_size": 32},': 'batch_size": 32},  # TRN410',
                (
                    "for name, value in settings.items():\n"
                    "    print(name, value)\n"
                    'print(os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                ): (
                    'for name in ("batch", "size"):\n'
                    "    print(name)\n"
                    'print(settings["epochs"], os.listdir(os.environ["SM_CHANNEL_TRAIN"]))\n'
                ),
            },
        ),
        Condition(
            "the training toolkit keeps the hyperparameter from the script, such as `sagemaker_program` (SDK v2)",
            suppressed={
                '        "batch_size": 32,  # TRN410\n': '        "sagemaker_program": "train.py",\n'
            },
            reported={
                '        "batch_size": 32,  # TRN410\n': '        "our_program": "train.py",  # TRN410\n'
            },
        ),
        Condition(
            "the launcher may start one of several scripts, and sets the hyperparameter on some paths only",
            suppressed=Example(
                {
                    "launch.py": (
                        "import sys\n"
                        "\n"
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        'script = "train.py"\n'
                        'hyperparameters = {"epochs": 4}\n'
                        "if sys.argv[1:]:\n"
                        '    script = "other.py"\n'
                        '    hyperparameters["batch_size"] = 32\n'
                        "estimator = PyTorch(\n"
                        "    entry_point=script,\n"
                        '    source_dir="code",\n'
                        '    role="arn:aws:iam::123456789012:role/Training",\n'
                        '    instance_type="ml.m5.xlarge",\n'
                        "    instance_count=1,\n"
                        '    framework_version="2.1",\n'
                        '    py_version="py310",\n'
                        "    hyperparameters=hyperparameters,\n"
                        ")\n"
                        'estimator.fit({"train": "s3://bucket/train/"})\n'
                    ),
                    "code/train.py": (
                        "import argparse\n"
                        "\n"
                        "parser = argparse.ArgumentParser()\n"
                        'parser.add_argument("--epochs")\n'
                        "print(parser.parse_args().epochs)\n"
                    ),
                    "code/other.py": (
                        "import argparse\n"
                        "\n"
                        "parser = argparse.ArgumentParser()\n"
                        'parser.add_argument("--epochs")\n'
                        'parser.add_argument("--batch_size")\n'
                        "print(parser.parse_args())\n"
                    ),
                },
                options=("--select=TRN410",),
            ),
            reported={
                ('    script = "other.py"\n    hyperparameters["batch_size"] = 32\n'): (
                    '    print("other.py")\n    hyperparameters["batch_size"] = 32  # TRN410\n'
                ),
            },
        ),
        NOT_IN_TESTS,
    )
    missed = (
        "a script that calls `parse_args(argv)` with an `argv` that is always `None` in the job",
        "a script that decodes its hyperparameters in a comprehension or reads them from a file in a channel",
        "a script with an unrelated call of `register`, `group` or `add_command`",
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
                        "batch_size": 32,  # TRN410
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
                arguments, _ = parser.parse_known_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN410",),
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
                arguments, _ = parser.parse_known_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN410",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Yield the hyperparameters, and the arguments of a command, that the script does not accept."""
        yield from unaccepted(launch, own_value=Severity.WARNING)
        yield from refused_arguments(launch)
