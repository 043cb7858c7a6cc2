"""TRN413: a metric expression that captures nothing, or matches no printed line."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.metrics import (
    MATCHES_NOTHING,
    unmatched_expressions,
    useless_expressions,
)
from training_alignment.launches.launch import Launch
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.rules.launch_rule import LauncherFileRule


class MetricCapturesNothing(LauncherFileRule):
    """Reports metric expressions that capture nothing, or match no line that the script prints."""

    code = "TRN413"
    severity = Severity.ERROR
    summary = "the metric regex captures nothing"
    other_summaries = (MATCHES_NOTHING,)
    why = """
        SageMaker searches the log with the expression and takes its first group as the value. An expression without a
        group has no value. One that ends with `(.*?)` always captures an empty string, because a lazy group takes as
        little as it can. An expression may also match no line of the script: `validation_loss` does not match
        `Validation loss`. The job succeeds, and the metric stays empty. A tuner fails after all of its jobs have ended.
    """
    fix = """
        Copy the label from the line that the script prints, and capture the number: `loss: ([0-9.]+)`.
    """
    reported_when = (
        "the expression has no group",
        "the expression ends with a lazy group, such as `(.*?)`, or its group can match no number",
        "the expression matches no line that the script can print: its label is in no string of the script, and "
        "exceptions, paths, times and class names in a line hold no label",
        "the expression matches no line in the form of a library's own: `val_loss: 0.5` of Keras, `'eval_loss': 0.5` "
        "of the Hugging Face trainer, `validation-auc:0.5` of XGBoost, the bars of tqdm",
    )
    not_reported_when = (
        Condition(
            "the script calls a library whose own lines are not known, such as Lightning, asks one of scikit-learn to "
            "print with `verbose=1`, or starts a program other than a script of the repository (unmatched lines only)",
            suppressed={
                '        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413\n': (
                    '        {"Name": "loss", "Regex": "validation: ([0-9.]+)"},\n'
                ),
                "import os\n": "import os\n\nimport trainers\n",
                'print("loss: 0.25")': 'trainers.train(arguments)\nprint("loss: 0.25")',
            },
            reported={
                '        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413\n': (
                    '        {"Name": "loss", "Regex": "validation: ([0-9.]+)"},  # TRN413\n'
                ),
                "import os\n": "import os\n\nimport trainers\n",
                'print("loss: 0.25")': 'print(trainers.__name__)\nprint("loss: 0.25")',
            },
        ),
        Condition(
            "a line shows what a library or a file returns, may consist of the script's strings so that it matches, "
            "or shows a hyperparameter as the image logs it (unmatched lines only)",
            suppressed={
                '        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413\n': (
                    '        {"Name": "loss", "Regex": "validation: ([0-9.]+)"},\n'
                ),
                'print("loss: 0.25")': 'print(open("log.txt").read())\nprint("loss: 0.25")',
            },
            reported={
                '        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413\n': (
                    '        {"Name": "loss", "Regex": "validation: ([0-9.]+)"},  # TRN413\n'
                ),
                'print("loss: 0.25")': 'print("log.txt")\nprint("loss: 0.25")',
            },
        ),
        Condition(
            "the launcher may start one of several scripts, or a command starts the script (unmatched lines "
            "only)",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413\n': (
                    '        {"Name": "loss", "Regex": "validation: ([0-9.]+)"},\n'
                ),
                'entry_point="train.py"': 'entry_point="train.py" if sys.argv[1:] else "other.py"',
                "+ code/other.py": 'print("validation: 0.25")\n',
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import sys\n\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                '        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413\n': (
                    '        {"Name": "loss", "Regex": "validation: ([0-9.]+)"},  # TRN413\n'
                ),
                "estimator = PyTorch(": (
                    'print("train.py" if sys.argv[1:] else "other.py")\nestimator = PyTorch('
                ),
                "+ code/other.py": 'print("validation: 0.25")\n',
            },
        ),
        Condition(
            "the expression is a placeholder: it has no letter or digit, or contains `{{`",
            suppressed={'"loss: (.*?)"},  # TRN413': '"{{ loss }} (.*?)"},'},
            reported={'"loss: (.*?)"},  # TRN413': '"{ loss } ([0-9.]+)"},  # TRN413'},
        ),
        Condition(
            "Python cannot compile the expression",
            suppressed={'"loss: (.*?)"},  # TRN413': '"loss: (.*?"},'},
            reported={'"loss: (.*?)"},  # TRN413': '"loss: \\\\((.*?)"},  # TRN413'},
        ),
        Condition(
            "the file is a test that imports `mock` or `moto` or starts no job",
            suppressed=Example(
                {
                    "launch.py": (
                        "import moto\n"
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        "\n"
                        "def test_job():\n"
                        "    PyTorch(\n"
                        '        entry_point="train.py",\n'
                        '        role="arn:aws:iam::123456789012:role/Training",\n'
                        '        instance_type="ml.m5.xlarge",\n'
                        "        instance_count=1,\n"
                        '        framework_version="2.1",\n'
                        '        py_version="py310",\n'
                        '        metric_definitions=[{"Name": "loss", "Regex": "loss: (.*?)"}],\n'
                        "    ).fit()\n"
                    )
                },
                options=("--select=TRN413",),
            ),
            reported={
                "def test_job": "def start_job",
                'loss: (.*?)"}],': 'loss: (.*?)"}],  # TRN413',
                "    ).fit()\n": ("    ).fit()\n\n\nstart_job()\n"),
            },
        ),
    )
    missed = (
        "a measure that a library does not print: an expression for `val_f1` matches the form of Keras",
        "a group that matches, in the lines that the script prints, no number",
        "what a program prints that the script starts",
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
                    metric_definitions=[
                        {"Name": "loss", "Regex": "loss: (.*?)"},  # TRN413
                    ],
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
                print("loss: 0.25")
            """,
        },
        options=("--select=TRN413",),
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
                    metric_definitions=[
                        {"Name": "loss", "Regex": "loss: ([0-9.]+)"},
                    ],
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
                print("loss: 0.25")
            """,
        },
        options=("--select=TRN413",),
    )

    def problems(self, file: LauncherFile, /) -> Iterable[Problem]:
        """Return the expressions that capture nothing in any line."""
        return useless_expressions(file)

    def problems_of_launch(self, launch: Launch, /) -> Iterable[Problem]:
        """Return the expressions that match no line of the script."""
        return unmatched_expressions(launch)
