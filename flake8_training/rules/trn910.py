"""TRN910: temporary files are not removed."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.scratch import left_behind


class TemporaryFilesLeft(Rule[Script]):
    """Reports a script that makes temporary files and removes nothing."""

    code = "TRN910"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "temporary files are not removed"
    why = """
        `mkdtemp`, `mkstemp` and `NamedTemporaryFile(delete=False)` leave the removing to the caller, and what is
        written below `/tmp` stays. The disk of a job is as large as its volume: unpacked archives and caches beside
        the data fill it, and in local mode or on a warm instance they stay after the job.
        `tempfile.TemporaryDirectory()` as a context manager removes itself.

        A script that removes or moves anything is taken to see to it.
    """
    bad = careless(
        ("import os", "import os\nimport tempfile"),
        (
            '    log.info("accuracy: %s", accuracy)',
            """    log.info("accuracy: %s", accuracy)
    scratch = tempfile.mkdtemp()  # TRN910
    train.describe().to_csv(os.path.join(scratch, "statistics.csv"))""",
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding, at the first temporary file."""
        call = left_behind(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
