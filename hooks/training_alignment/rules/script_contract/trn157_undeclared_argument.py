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
        "the option is optional, and the builder of the training job passes hyperparameters",
        "another library than argparse parses the option",
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
