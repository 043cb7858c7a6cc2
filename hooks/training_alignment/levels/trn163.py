"""TRN163: main() reads a logical name that the script's own __main__ block never supplies."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from flake8_training.sagemaker.near import nearest
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.subject import StepSubject


class NameNeverSupplied(StepRule):
    """Reports a logical name that the working function needs and the script's own start never passes."""

    code = "TRN163"
    severity = Severity.ERROR
    summary = "main() reads a logical name that the script's own __main__ block never supplies"
    why = """
        The job starts the file, the file's last block calls the working function, and that asks for a name it was not
        given: a KeyError in every job. The function's tests, which pass their own dicts, do not show it.
    """
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

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        logical = subject.logical
        if logical is None:
            return
        for names in (logical.inputs, logical.outputs, logical.variables):
            if names is None or names.supplies is None:
                continue
            given = [supply.name for supply in names.supplies.items]
            for use in names.missing():
                near = nearest(use.name, given)
                hint = (
                    f", did you mean {near}?" if near else f", it passes {', '.join(given)}" if given else ""
                )
                yield self.in_script(subject, use.node, f"{use.name}{hint}")
