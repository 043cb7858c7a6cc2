"""TRN414: a TensorFlow estimator that adds --model_dir for a script without it."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.hyperparameters import model_directory
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.rules.launch_rule import LaunchRule


class ModelDirectoryAdded(LaunchRule):
    """Reports TensorFlow estimators that add ``--model_dir`` to a script that does not accept it."""

    code = "TRN414"
    severity = Severity.ERROR
    summary = "the script does not accept TensorFlow's --model_dir"
    why = """
        The TensorFlow estimator of SDK v2 adds the hyperparameter `model_dir` with an S3 URI, unless it gets
        `model_dir=False`. A script whose `parse_args` does not know `--model_dir` exits with code 2: `error:
        unrecognized arguments: --model_dir s3://...`. `--model-dir` is another option.
    """
    fix = """
        Pass `model_dir=False` to the estimator, or add the option `--model_dir` to the script.
    """
    reported_when = (
        "a `TensorFlow` estimator of SDK v2 does not get `model_dir=False`, and the script's `parse_args` "
        "has no option `--model_dir`",
    )
    not_reported_when = (
        Condition(
            "the script uses `parse_known_args`, or another library than argparse",
            suppressed={"arguments = parser.parse_args()": "arguments, rest = parser.parse_known_args()"},
            reported={"print(arguments": 'print("parse_known_args")\nprint(arguments'},
        ),
        Condition(
            "exactly one option begins with `--model_dir`, because argparse accepts its beginning",
            suppressed={
                "arguments = parser": ('parser.add_argument("--model_directory")\narguments = parser')
            },
            reported={
                "arguments = parser": (
                    'parser.add_argument("--directory", dest="model_directory")\narguments = parser'
                )
            },
        ),
        Condition(
            "`model_dir` is unknown, may come from `**kwargs`, or is assigned afterwards",
            suppressed={
                "from sagemaker.tensorflow": "import options\nfrom sagemaker.tensorflow",
                '    py_version="py310",\n': ('    py_version="py310",\n    model_dir=options.MODEL_DIR,\n'),
            },
            reported={
                "from sagemaker.tensorflow": "import options\nfrom sagemaker.tensorflow",
                "estimator = Ten": "print(options.MODEL_DIR)\nestimator = Ten",
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
    bad = Example(
        {
            "launch.py": """
                from sagemaker.tensorflow import TensorFlow

                estimator = TensorFlow(  # TRN414
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
        options=("--select=TRN414",),
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.tensorflow import TensorFlow

                estimator = TensorFlow(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    model_dir=False,
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
        options=("--select=TRN414",),
    )

    def problems(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the estimators whose ``--model_dir`` ends the script."""
        return model_directory(launch)
