"""TRN901: a SageMaker path is hard-coded instead of read from its environment variable."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.hard_coded import hard_coded_paths


class HardCodedPath(Rule[Script]):
    """Reports the first literal of each path that a variable of SageMaker's holds."""

    code = "TRN901"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "a SageMaker path is hard-coded instead of read from its environment variable"
    why = """
        `SM_MODEL_DIR`, `SM_OUTPUT_DATA_DIR` and `SM_CHANNEL_<NAME>` hold the folders of the job. A script that reads
        them runs on a laptop and in a test as well, with other folders; one with `/opt/ml/model` in it runs in the
        container only.

        The default of an option, a parameter or `os.environ.get` can be overridden, so it is not hard-coded. Nothing is
        said of a script that has neither options nor variables: an image of one's own may have no variables at all.
    """
    bad = careless(
        (
            'path = os.path.join(args.model_dir, "model.joblib")',
            'path = "/opt/ml/model/model.joblib"  # TRN901',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield a finding for each variable that is passed over."""
        for found in hard_coded_paths(subject.analysis):
            yield self.finding(subject, found.node, f"{found.variable} holds {found.value}")
