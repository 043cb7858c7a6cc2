"""TRN152: a contract output is never written by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_ports import unused
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class OutputNeverWritten(StepRule):
    """Reports an output of the contract that the script never writes."""

    code = "TRN152"
    severity = Severity.ERROR
    summary = "a contract output is never written by the script"
    why = """
        The job ends successfully with an empty output. The step that consumes the output fails, or continues without
        data.
    """
    fix = """
        Write the output, or remove it from the contract.
    """
    reported_when = (
        "no call of the script uses the output's path, a folder above it or a path below it, and no "
        "option or variable stands for it",
        "the working function never looks up the output's logical name, and nothing else in the script "
        "uses its path",
    )
    not_reported_when = (
        Condition(
            "a training script without logical names has the output `/opt/ml/model`: TRN104 reports a model "
            "that is never saved",
            suppressed=Example(
                {
                    "scripts/churn.py": (
                        "import os\n"
                        "\n"
                        "import joblib\n"
                        "from sklearn.linear_model import Ridge\n"
                        "\n"
                        'print(Ridge().fit(joblib.load("/opt/ml/input/data/train/x"), [1]))\n'
                    ),
                    "contracts/churn_contract.py": (
                        "from contracts.base import TrainingScriptContract\n"
                        "\n"
                        "CHURN_CONTRACT = TrainingScriptContract(\n"
                        '    entry_point="churn.py",\n'
                        '    expected_input_paths={"train": "/opt/ml/input/data/train"},\n'
                        '    expected_output_paths={"model": "/opt/ml/model"},\n'
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN152",),
            ),
            reported={
                '    expected_output_paths={"model": "/opt/ml/model"},\n': (
                    '    expected_output_paths={\n        "model": "/opt/ml/output/data",  # TRN152\n    },\n'
                ),
            },
        ),
        Condition(
            "the script passes the dict of paths, or looks up unknown names, where the analysis cannot follow",
            suppressed={
                "import pandas": "import tables\nimport pandas",
                "    table = pd": "    tables.save(output_paths)\n    table = pd",
            },
            reported={
                "import pandas": "import tables\nimport pandas",
                "    table = pd": '    tables.save("output_paths")\n    table = pd',
            },
        ),
        Condition(
            "the script uses no logical names, and a call into an unknown library or an option without a "
            "default may lead to the output",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import pandas as pd\n"
                        "import reports\n"
                        "\n"
                        'table = pd.read_csv("/opt/ml/processing/input/data/raw.csv")\n'
                        "reports.write(table)\n"
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
                        ")\n"
                    ),
                },
                options=("--select=TRN152",),
            ),
            reported={
                "reports.write(table": "print(table, reports.TITLE",
            },
        ),
        Condition(
            "the path is unknown, or wrong for a training job (TRN214)",
            suppressed=Example(
                {
                    "scripts/cleaning.py": ('print(open("/opt/ml/processing/input/data").read())\n'),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "from contracts.paths import REPORT\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        "    expected_output_paths={\n"
                        '        "report": REPORT,\n'
                        "    },\n"
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN152",),
            ),
            reported={
                'report": REPORT,': 'report": "/opt/ml/processing/report",  # TRN152',
            },
        ),
    )
    missed = (
        "the script passes a folder above the output, such as `/opt/ml`, to any call: this counts as a "
        "use of all outputs below",
    )
    bad = Example(
        processing(
            contract=[
                (
                    "expected_output_paths={",
                    'expected_output_paths={\n            "report": "/opt/ml/processing/report",  # TRN152',
                )
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each output that is never written, at the contract's entry."""
        for found in unused(subject, "output"):
            yield self.at(subject, found.entry, found.detail, found.related)
