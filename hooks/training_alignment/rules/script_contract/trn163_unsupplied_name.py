"""TRN163: main() reads a logical name that the script's own __main__ block never supplies."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from flake8_training.spelling import closest, did_you_mean
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


class NameNeverSupplied(StepRule):
    """Reports a logical name that the working function needs and the script's own call never passes."""

    code = "TRN163"
    severity = Severity.ERROR
    summary = "main() reads a logical name that the __main__ block never passes"
    why = """
        The job runs the file as `__main__`. Its last block calls the working function without a name that the function
        looks up: every job ends with `KeyError`. Tests of the function pass their own dicts and do not show it.
    """
    fix = """
        Pass the name in the `__main__` block, or look up the name that it passes.
    """
    reported_when = (
        "the function looks up a name of `input_paths`, `output_paths` or `environ_vars` that has to be "
        "there, and no call in the script passes it",
    )
    not_reported_when = (
        Condition(
            "nothing in the script calls the function",
            suppressed={"    main(\n": "    dict(\n"},
            reported={"    main(\n": '    print(\n        "main",\n    )\n    main(\n'},
        ),
        Condition(
            "the keys of a passed dict cannot be determined completely, or `environ_vars` is the whole "
            "environment",
            suppressed={
                '"/opt/ml/processing/output"},': '"/opt/ml/processing/output", **tables.PATHS},',
                "import pandas": "import tables\nimport pandas",
            },
            reported={
                "    main(\n": "    print(tables.PATHS)\n    main(\n",
                "import pandas": "import tables\nimport pandas",
            },
        ),
        Condition(
            "the function reads the name with `get`, or tests whether it is there",
            suppressed={
                'output_paths["clean_data"]': 'output_paths.get("clean_data", "/opt/ml/processing/output")'
            },
            reported={"    table = pd": '    print({}.get("clean_data"))\n    table = pd'},
        ),
    )
    bad = Example(
        processing(
            script=[
                (
                    'output_paths["clean_data"], name), index=False)',
                    'output_paths["clean_data"], name), index=False)  # TRN163',
                ),
                ('output_paths={"clean_data"', 'output_paths={"cleaned_data"'),
            ]
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each name that is never passed, at its first required use."""
        logical = subject.logical
        if logical is None:
            return
        for names in (logical.inputs, logical.outputs, logical.variables):
            if names is None or names.supplies is None:
                continue
            passed = [supply.name for supply in names.supplies.items]
            for use in names.missing():
                near = closest(use.name, passed)
                hint = did_you_mean(near) if near else f", it passes {', '.join(passed)}" if passed else ""
                yield self.in_script(subject, use.node, f"{use.name}{hint}")
