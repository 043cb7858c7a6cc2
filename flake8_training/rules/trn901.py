"""TRN901: a SageMaker path is hard-coded instead of read from its environment variable."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.hard_coded import hard_coded_paths


class HardCodedPath(Rule[Script]):
    """Reports the first literal of each path that a variable of SageMaker holds."""

    code = "TRN901"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "a SageMaker path is hard-coded instead of read from its environment variable"
    why = """
        `SM_MODEL_DIR`, `SM_OUTPUT_DATA_DIR` and `SM_CHANNEL_<NAME>` hold the folders of the job. A script that reads
        them also runs on a laptop and in a test, with other folders. A script that contains `/opt/ml/model` runs only
        in the container.
    """
    fix = """
        Read the variable that the message names, directly or as the default of an option.
    """
    reported_when = (
        "code that runs uses a literal path in the model directory, the output data directory or a channel; "
        "the first literal for each variable",
    )
    not_reported_when = (
        "the literal is the default of an option, a parameter or `os.environ.get`: it can be overridden",
        "the literal is only compared, printed, logged, or never used, or is in a branch that tests for the "
        "variable",
        "the script has no options and reads no `SM_` variable: its container may set none",
    )
    missed = ("another module than the entry point contains the literal",)
    bad = careless(
        (
            'path = os.path.join(args.model_dir, "model.joblib")',
            'path = "/opt/ml/model/model.joblib"  # TRN901',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding for each variable whose path is a literal."""
        for found in hard_coded_paths(subject.analysis):
            yield self.finding(subject, found.node, f"{found.variable} holds {found.value}")
