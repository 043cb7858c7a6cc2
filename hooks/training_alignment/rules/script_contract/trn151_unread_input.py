"""TRN151: a contract input is never read by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_ports import unused
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class InputNeverRead(StepRule):
    """Reports an input of the contract that the script never reads."""

    code = "TRN151"
    severity = Severity.WARNING
    summary = "a contract input is never read by the script"
    why = """
        SageMaker downloads the input before every job, and the script never opens it. Either the input is a leftover,
        or the script reads something else in its place.
    """
    fix = """
        Remove the input from the contract, or read it. If another step needs the entry, list it in `skip_inputs`.
    """
    reported_when = (
        "no call of the script uses the input's path, a folder above it or a path below it, and no option "
        "or variable stands for it",
        "the working function never looks up the input's logical name, and nothing else in the script "
        "uses its path",
    )
    not_reported_when = (
        Condition(
            "the input is listed in `skip_inputs`, or its path is unknown or holds SageMaker's code",
            suppressed={
                "CLEANING_CONTRACT = ScriptContract(\n": (
                    'CLEANING_CONTRACT = ScriptContract(\n    skip_inputs=["schema"],\n'
                )
            },
            reported={
                "CLEANING_CONTRACT = ScriptContract(\n": (
                    'CLEANING_CONTRACT = ScriptContract(\n    skip_outputs=["schema"],\n'
                )
            },
        ),
        Condition(
            "the script passes the dict of paths, or looks up unknown names, where the analysis cannot follow",
            suppressed={
                "import pandas": "import tables\nimport pandas",
                "    table = pd": "    tables.load(input_paths)\n    table = pd",
            },
            reported={
                "import pandas": "import tables\nimport pandas",
                "    table = pd": '    tables.load("input_paths")\n    table = pd',
            },
        ),
        Condition(
            "the script uses no logical names, and a call into an unknown library or an option without a "
            "default may lead to the input",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import pandas as pd\n"
                        "import schemas\n"
                        "\n"
                        'table = pd.read_csv("/opt/ml/processing/input/data/raw.csv")\n'
                        "schemas.check(table)\n"
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        "    expected_input_paths={\n"
                        '        "schema": "/opt/ml/processing/input/schema",\n'
                        '        "raw_data": "/opt/ml/processing/input/data",\n'
                        "    },\n"
                        "    expected_output_paths={\n"
                        '        "report": "/opt/ml/processing/report",\n'
                        "    },\n"
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN151",),
            ),
            reported={
                "schemas.check(table": "print(table, schemas.TITLE",
                'input/schema",': 'input/schema",  # TRN151',
            },
        ),
        Condition(
            "the path is wrong for a training job (TRN214)",
            suppressed=Example(
                {
                    "scripts/cleaning.py": 'import os\n\nprint(os.environ["SM_CHANNEL_TRAIN"])\n',
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import TrainingScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = TrainingScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        "    expected_input_paths={\n"
                        '        "schema": "/opt/ml/processing/input/schema",\n'
                        "    },\n"
                        '    expected_output_paths={"model": "/opt/ml/model"},\n'
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN151",),
            ),
            reported={
                'processing/input/schema",': 'input/data/schema",  # TRN151',
            },
        ),
    )
    missed = (
        "the script passes a folder above the input, such as `/opt/ml`, to any call: this counts as a use "
        "of all inputs below",
    )
    bad = Example(
        processing(
            contract=[
                (
                    "expected_input_paths={",
                    'expected_input_paths={\n            "schema": "/opt/ml/processing/input/schema",  # TRN151',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each input that is never read, at the contract's entry."""
        for found in unused(subject, "input"):
            yield self.at(subject, found.entry, found.detail, found.related)
