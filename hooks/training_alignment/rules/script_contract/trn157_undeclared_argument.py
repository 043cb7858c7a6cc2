"""TRN157: a required script argument is not in the contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_arguments import not_passed
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class ArgumentNotInContract(StepRule):
    """Reports an option that the script requires and the contract does not pass."""

    code = "TRN157"
    severity = Severity.ERROR
    summary = "a required script argument is not in the contract"
    why = """
        If the job does not pass a required option, argparse exits with code 2 and "the following arguments are
        required: --region". The job passes the arguments of its contract, and in a training job the hyperparameters. An
        option that is not required keeps its default in every job.
    """
    fix = """
        Add the argument to the contract, or make the option optional.
    """
    warning_when = ("the script's option is not required",)
    reported_when = (
        "an `argparse` option of the script's own file is required, and neither the contract's arguments "
        "nor declared hyperparameters have it",
        "a required option is missing in the contract, but the builder or configuration class of the step "
        "passes it (a warning)",
        "the contract states its arguments, and an option with a literal default or none is missing among "
        "them (a warning)",
    )
    not_reported_when = (
        Condition(
            "the arguments of a contract cannot be determined completely, or the artefacts state neither "
            "arguments nor hyperparameters",
            suppressed={
                '        "job-type": "training",\n': '        "job-type": "training",\n        **MORE,\n',
                "from contracts.base import ScriptContract\n": (
                    "from contracts.base import ScriptContract\nfrom contracts.more import MORE\n"
                ),
            },
            reported={
                "from contracts.base import ScriptContract\n": (
                    "from contracts.base import ScriptContract\nfrom contracts.more import MORE\n"
                )
            },
        ),
        Condition(
            "the contract has the argument under a name that differs in case, `-` or `_` only",
            suppressed={
                '        "job-type": "training",\n': (
                    '        "job-type": "training",\n        "Region": "eu",\n'
                )
            },
            reported={
                '        "job-type": "training",\n': (
                    '        "job-type": "training",\n        "regions": "eu",\n'
                )
            },
        ),
        Condition(
            'the optional option is a flag, or its default is an expression such as `os.environ["SM_MODEL_DIR"]`',
            suppressed={
                'parser.add_argument("--region", required=True)  # TRN157': (
                    'parser.add_argument("--region", default=os.environ["AWS_REGION"])'
                )
            },
            reported={
                'parser.add_argument("--region", required=True)  # TRN157': (
                    'parser.add_argument("--region", default="AWS_REGION")  # TRN157'
                )
            },
        ),
        Condition(
            "the option is optional, and the builder of the training job passes hyperparameters",
            suppressed=Example(
                {
                    "scripts/churn_training.py": (
                        "import argparse\n"
                        "import os\n"
                        "\n"
                        "parser = argparse.ArgumentParser()\n"
                        'parser.add_argument("--region", default="eu")\n'
                        'print(parser.parse_args().region, os.environ["SM_CHANNEL_TRAIN"])\n'
                    ),
                    "contracts/churn_training_contract.py": (
                        "from pipeline.contract import TrainingScriptContract\n"
                        "\n"
                        "CHURN_TRAINING_CONTRACT = TrainingScriptContract(\n"
                        '    entry_point="churn_training.py",\n'
                        '    expected_input_paths={"train": "/opt/ml/input/data/train"},\n'
                        '    expected_output_paths={"model": "/opt/ml/model"},\n'
                        "    expected_arguments={},\n"
                        ")\n"
                    ),
                    "builders/builder_churn_training_step.py": (
                        "from sagemaker.pytorch import PyTorch\n"
                        "\n"
                        "\n"
                        "class ChurnTrainingStepBuilder:\n"
                        "    def _create_estimator(self):\n"
                        '        return PyTorch(entry_point="churn_training.py", source_dir="scripts", '
                        'hyperparameters={"region": "eu"})\n'
                        "\n"
                        "    def create_step(self):\n"
                        "        return self._create_estimator()\n"
                    ),
                },
                options=("--select=TRN157",),
            ),
            reported={
                'default="eu")': 'default="eu")  # TRN157',
                ', hyperparameters={"region": "eu"}': "",
            },
        ),
        Condition(
            "another library than argparse parses the option",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import click\n"
                        "import pandas as pd\n"
                        "\n"
                        "\n"
                        "@click.command()\n"
                        '@click.option("--region", required=True)\n'
                        "def main(region):\n"
                        '    print(region, pd.read_csv("/opt/ml/processing/input/data/raw.csv"))\n'
                        "\n"
                        "\n"
                        "main()\n"
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        "    expected_output_paths={\n"
                        '        "report": "/opt/ml/processing/report",  # TRN152\n'
                        "    },\n"
                        "    required_env_vars=[],\n"
                        "    expected_arguments={},\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN157",),
            ),
            reported={
                "import click\n": ("import argparse\n\nimport click\n"),
                (
                    "\n"
                    "@click.command()\n"
                    '@click.option("--region", required=True)\n'
                    "def main(region):\n"
                    '    print(region, pd.read_csv("/opt/ml/processing/input/data/raw.csv"))\n'
                    "\n"
                    "\n"
                    "main()\n"
                ): (
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--region", required=True)  # TRN157\n'
                    "click.echo(parser.parse_args().region)\n"
                    'print(pd.read_csv("/opt/ml/processing/input/data/raw.csv"))\n'
                ),
            },
        ),
    )
    bad = Example(
        processing(
            script=[
                (
                    "required=True)",
                    'required=True)\n        parser.add_argument("--region", required=True)  # TRN157',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield the findings of one step."""
        for option in not_passed(subject):
            found = self.in_script(subject, option.node, option.detail)
            yield found if option.required else replace(found, severity=Severity.WARNING)
