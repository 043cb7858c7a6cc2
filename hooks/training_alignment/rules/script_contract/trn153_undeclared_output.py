"""TRN153: the script writes a path or logical output that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_ports import undeclared
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class WritesUndeclared(StepRule):
    """Reports an output that the script writes and the contract does not declare."""

    code = "TRN153"
    severity = Severity.ERROR
    summary = "the contract does not declare what the script writes"
    why = """
        SageMaker uploads only the declared outputs when a processing job ends, and a later step can use only these.
        Other files are lost with the instance. If the function looks the output up by its logical name, the script ends
        with `KeyError`.
    """
    fix = """
        Declare the output in the contract, or write to the declared one.
    """
    reported_when = (
        "the working function looks up a logical name in `output_paths` that no contract of the step has "
        "as an output",
        "a script without logical names writes to the model, output or checkpoint folder or below "
        "`/opt/ml/processing`, at a path that the contract does not have",
    )
    not_reported_when = (
        Condition(
            "the outputs of the contract are not stated, or cannot be determined completely",
            suppressed={
                '        "clean_data": "/opt/ml/processing/output",\n': (
                    '        "clean_data": "/opt/ml/processing/output",\n        **MORE,\n'
                ),
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
            "the path lies in a declared path, or a declared path lies in it",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import pandas as pd\n"
                        "\n"
                        'table = pd.read_csv("/opt/ml/processing/input/data/raw.csv")\n'
                        'table.to_csv("/opt/ml/processing/output/a.csv")\n'
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        '    expected_output_paths={"clean_data": "/opt/ml/processing/output"},\n'
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN153",),
            ),
            reported={
                'output/a.csv")': 'outputs/a.csv")  # TRN153',
            },
        ),
        Condition(
            "the path is not below `/opt/ml`: TRN112 reports a training output that SageMaker does not keep",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import pandas as pd\n"
                        "\n"
                        'table = pd.read_csv("/opt/ml/processing/input/data/raw.csv")\n'
                        'table.to_csv("/tmp/processing/a.csv")\n'
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        '    expected_output_paths={"clean_data": "/opt/ml/processing/output"},\n'
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN153",),
            ),
            reported={
                'tmp/processing/a.csv")': 'opt/ml/processing/a.csv")  # TRN153',
            },
        ),
        Condition(
            "the script tests for the name before it uses it, and its `__main__` block never passes it",
            suppressed={
                'output_paths["cleaned_data"]': 'output_paths["clean_data"]',
                "  # TRN153\n": (
                    "\n"
                    '    if "cleaned_data" in output_paths:\n'
                    '        table.to_csv(output_paths["cleaned_data"])\n'
                ),
                '{"cleaned_data"': '{"clean_data"',
            },
            reported={"    table = pd": ('    print("cleaned_data" in input_paths)\n    table = pd')},
        ),
        Condition(
            "the script uses no logical names, and its path or a path of the contract is unknown or wrong for "
            "a training job (TRN214)",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import pandas as pd\n"
                        "\n"
                        'table = pd.read_csv("/opt/ml/processing/input/data/raw.csv")\n'
                        'table.to_csv("/opt/ml/processing/other/a.csv")\n'
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "from contracts.paths import OUTPUT\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        '    expected_output_paths={"clean_data": OUTPUT},\n'
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN153",),
            ),
            reported={
                'other/a.csv")': 'other/a.csv")  # TRN153',
                'clean_data": OUTPUT': 'clean_data": "/opt/ml/processing/output"',
            },
        ),
    )
    missed = (
        "a module that the script imports writes to the path: only the writes of the script's own file "
        "are compared by path",
    )
    bad = Example(
        processing(
            script=[
                (
                    'output_paths["clean_data"], name), index=False)',
                    'output_paths["cleaned_data"], name), index=False)  # TRN153',
                ),
                ('output_paths={"clean_data"', 'output_paths={"cleaned_data"'),
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each undeclared output, at its first use."""
        for found in undeclared(subject, "output"):
            yield self.in_script(subject, found.node, found.detail, found.related)
