"""TRN157: a required script argument is not in the contract."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.record import replace
from flake8_training.rules.base import Example
from training_alignment.levels.arguments import not_passed
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.subject import StepSubject


class ArgumentNotInContract(StepRule):
    """Reports an option that the script requires and its contract does not pass."""

    code = "TRN157"
    severity = Severity.ERROR
    summary = "a required script argument is not in the contract"
    why = """
        The parser ends the script with exit code 2 where a required option is not given, and what is given is what
        the contract says: its arguments, and in a training job its hyperparameters.

        An option that is not required is a warning, where the contract states its arguments: it has its default in
        every job, whatever the configuration says. Flags, and options whose default comes from the container, are
        not meant. A required option that the step's builder or configuration class passes is a warning too: the job
        runs, and the contract does not say how.
    """
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

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for option in not_passed(subject):
            found = self.in_script(subject, option.node, option.detail)
            yield found if option.required else replace(found, severity=Severity.WARNING)
