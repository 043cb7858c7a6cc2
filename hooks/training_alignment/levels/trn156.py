"""TRN156: a contract argument is not accepted by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example
from training_alignment.levels.arguments import unaccepted
from training_alignment.levels.base import StepRule
from training_alignment.levels.example_files import processing
from training_alignment.levels.subject import StepSubject


class ArgumentNotAccepted(StepRule):
    """Reports a command-line argument of the contract that the script's parser does not know."""

    code = "TRN156"
    severity = Severity.ERROR
    summary = "a contract argument is not accepted by the script"
    why = """
        The job passes `--job-type training`. A parser without that option ends the job with exit code 2 and
        "unrecognized arguments"; one that only parses what it knows goes on with its default. `-` and `_` are
        different letters to argparse: `--job-type` is not `--job_type`.

        What the builder or the configuration of a processing step puts into its list of arguments
        (`_get_job_arguments`) is passed as well.
    """
    bad = Example(
        processing(
            contract=[('"job-type": "training",', '"job_type": "training",  # TRN156')],
            script=[('--job-type", required=True', '--job-type"')],
        )
    )
    good = Example(processing())

    def check(self, subject: StepSubject, /) -> Iterator[Finding]:
        """Yield the findings in one step."""
        for argument in unaccepted(subject):
            yield self.at(subject, argument.place, argument.detail)
