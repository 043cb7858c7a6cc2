"""TRN156: a contract argument is not accepted by the script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.script_arguments import unaccepted
from training_alignment.comparisons.step_subject import StepUnderCheck
from training_alignment.rules.example_step import processing
from training_alignment.rules.step_rule import StepRule


def _training(flag: str, marker: str = "") -> Example:
    """Return a training step with a job argument."""
    return Example(
        {
            "churn.step.yaml": f"""
                step_type: ChurnTraining
                registry: {{sagemaker_step_type: Training}}
                contract:
                  entry_point: churn_training.py
                  outputs:
                    model_output:
                      path: /opt/ml/model
                  job_arguments:
                    - flag: "{flag}"{marker}
                spec:
                  outputs:
                    model_output:
                      type: model_artifacts
            """,
            "scripts/churn_training.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--num-rounds", type=int, default=100)
                print(parser.parse_args(), os.environ["SM_MODEL_DIR"])
            """,
        },
        options=("--select=TRN156",),
    )


class ArgumentNotAccepted(StepRule):
    """Reports a command-line argument of the contract that the script's parser does not accept."""

    code = "TRN156"
    severity = Severity.ERROR
    summary = "a contract argument is not accepted by the script"
    why = """
        The job starts the script with `--job-type training`. If the parser has no such option, argparse exits with code
        2 and "unrecognized arguments: --job-type training". With `parse_known_args` the script ignores the argument and
        uses its default. argparse distinguishes `-` from `_`: `--job-type` is not `--job_type`.
    """
    fix = """
        Use the same spelling in the contract and in `add_argument`.
    """
    reported_when = (
        "an argument in `expected_arguments` of the contract is no option of the script",
        "an argument in `job_arguments` of a processing step is no option of the script",
        "an argument in `job_arguments` of a training step is a misspelling of an option of the script",
        "a method of a processing step's builder or configuration, such as `_get_job_arguments`, lists an "
        "argument that is no option",
    )
    not_reported_when = (
        Condition(
            "the argument is the unique beginning of an option, which argparse accepts",
            suppressed={'"job_type": "training",  # TRN156': '"job-t": "training",'},
            reported={'"job_type": "training",  # TRN156': '"ob-type": "training",  # TRN156'},
        ),
        Condition(
            "the script uses `sys.argv` itself",
            suppressed={
                "import os\n": "import os\nimport sys\n",
                "    table = pd": ('    print(sys.argv[sys.argv.index("--job_type") + 1])\n    table = pd'),
            },
            reported={
                "import os\n": "import os\nimport sys\n",
                "    table = pd": "    print(sys.argv[0])\n    table = pd",
            },
        ),
        Condition(
            "the options of the script cannot be determined completely, as with hydra or docopt",
            suppressed={
                "import pandas": "import options\nimport pandas",
                "    main(\n": "    options.add(parser)\n    main(\n",
            },
            reported={
                "import pandas": "import options\nimport pandas",
                "    main(\n": '    options.add("parser")\n    main(\n',
            },
        ),
        Condition(
            "a training step has other `job_arguments` than the script's options: a training job passes none "
            "of them",
            suppressed=_training("--region"),
            reported=_training("--num-round", "  # TRN156"),
        ),
    )
    bad = Example(
        processing(
            contract=[('"job-type": "training",', '"job_type": "training",  # TRN156')],
            script=[('--job-type", required=True', '--job-type"')],
        )
    )
    good = Example(processing())

    def check(self, subject: StepUnderCheck, /) -> Iterator[Finding]:
        """Yield one finding for each argument that the script does not accept."""
        for argument in unaccepted(subject):
            yield self.at(subject, argument.place, argument.detail)
