"""TRN150: the script reads a path or logical input that the contract does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_ports import undeclared
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class ReadsUndeclared(StepRule):
    """Reports an input that the script reads and the contract does not declare."""

    code = "TRN150"
    severity = Severity.ERROR
    summary = "the contract does not declare what the script reads"
    why = """
        An input that the contract does not declare has no dependency in the specification and no channel in the
        builder. SageMaker does not deliver it. The script ends with `KeyError` or `FileNotFoundError`, or reads an
        empty folder.
    """
    fix = """
        Declare the input in the contract, or read the declared one.
    """
    reported_when = (
        "the working function looks up a logical name in `input_paths` that no contract of the step has "
        "as an input",
        "a script without logical names reads a channel or a folder below `/opt/ml/processing` that the "
        "contract has as no input and no output",
    )
    not_reported_when = (
        Condition(
            "the inputs of the contract are not stated, or cannot be determined completely",
            suppressed={
                '        "raw_data": "/opt/ml/processing/input/data",\n': (
                    '        "raw_data": "/opt/ml/processing/input/data",\n        **MORE,\n'
                ),
                "from contracts.base import ScriptContract\n": (
                    "from contracts.base import ScriptContract\nfrom contracts.more import MORE\n"
                ),
                'input_paths["data"], "raw.csv"))  # TRN150': 'input_paths["data"], "raw.csv"))',
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
                        'import pandas as pd\n\nprint(pd.read_csv("/opt/ml/processing/input/data/raw.csv"))\n'
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        "    expected_output_paths={},\n"
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                }
            ),
            reported={
                'data/raw.csv"))': 'database/raw.csv"))  # TRN150',
            },
        ),
        Condition(
            "the path is one of SageMaker's own, such as `/opt/ml/input/config` or `/opt/ml/code`",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        'import json\n\nprint(json.load(open("/opt/ml/config/processingjobconfig.json")))\n'
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": "/opt/ml/processing/input/data"},\n'
                        "    expected_output_paths={},\n"
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                },
                options=("--select=TRN150",),
            ),
            reported={
                'config/processingjobconfig.json")))': 'processing/config/job.json")))  # TRN150',
            },
        ),
        Condition(
            "one of two names is the default of the other, as in `input_paths.get('data', "
            "input_paths['old'])`, and one is declared",
            suppressed={'input_paths["data"]': 'input_paths.get("raw_data", input_paths["data"])'},
            reported={"    table = pd": ('    print({}.get("raw_data", "data"))\n    table = pd')},
        ),
        Condition(
            "the script tests for the name before it uses it, and its `__main__` block never passes it",
            suppressed={
                '    table = pd.read_csv(os.path.join(input_paths["data"], "raw.csv"))  # TRN150\n': (
                    '    table = pd.read_csv(os.path.join(input_paths["raw_data"], "raw.csv"))\n'
                    '    if "data" in input_paths:\n'
                    '        print(os.listdir(input_paths["data"]))\n'
                ),
                '{"data": "/opt': '{"raw_data": "/opt',
            },
            reported={"    table = pd": '    print("data" in output_paths)\n    table = pd'},
        ),
        Condition(
            "the script uses no logical names, and its path or a path of the contract is unknown or wrong for "
            "a training job (TRN214)",
            suppressed=Example(
                {
                    "scripts/cleaning.py": (
                        "import pandas as pd\n"
                        "\n"
                        'print(pd.read_csv("/opt/ml/processing/input/other/raw.csv"))\n'
                    ),
                    "contracts/cleaning_contract.py": (
                        "from contracts.base import ScriptContract\n"
                        "from contracts.paths import DATA\n"
                        "\n"
                        "CLEANING_CONTRACT = ScriptContract(\n"
                        '    entry_point="cleaning.py",\n'
                        '    expected_input_paths={"raw_data": DATA},\n'
                        "    expected_output_paths={},\n"
                        "    required_env_vars=[],\n"
                        ")\n"
                    ),
                }
            ),
            reported={
                'other/raw.csv"))': 'other/raw.csv"))  # TRN150',
                'raw_data": DATA': 'raw_data": "/opt/ml/processing/input/data"',
            },
        ),
    )
    missed = (
        "a module that the script imports reads the path: only the reads of the script's own file are "
        "compared by path",
    )
    bad = Example(
        processing(
            script=[
                ('input_paths["raw_data"], "raw.csv"))', 'input_paths["data"], "raw.csv"))  # TRN150'),
                ('input_paths={"raw_data"', 'input_paths={"data"'),
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each undeclared input, at its first use."""
        for found in undeclared(subject, "input"):
            yield self.in_script(subject, found.node, found.detail, found.related)
