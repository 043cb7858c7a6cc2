"""TRN910: temporary files are not removed."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.scratch import left_behind


class TemporaryFilesLeft(Rule[Script]):
    """Reports a script that creates temporary files and removes nothing."""

    code = "TRN910"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "temporary files are not removed"
    why = """
        `mkdtemp`, `mkstemp` and `NamedTemporaryFile(delete=False)` leave the removal to the caller, and files below
        `/tmp` stay. The disk of a job is as large as its volume: unpacked archives and caches beside the data fill it.
        In local mode and on a warm instance they stay after the job.
    """
    fix = """
        Use `tempfile.TemporaryDirectory()` as a context manager, or remove the files.
    """
    reported_when = (
        "the script calls `mkdtemp`, `mkstemp` or `NamedTemporaryFile(delete=False)`, and removes nothing",
        "the script writes a file below `/tmp` or `/var/tmp`, and removes nothing",
    )
    not_reported_when = (
        "any call is named `remove`, `unlink`, `rmtree`, `cleanup`, `move`, `rename` or the like, whatever "
        "it removes",
        "the script starts a program, which may remove the files",
    )
    missed = ("`replace` of a string counts as moving a file",)
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
        """Yield one finding at the first temporary file."""
        call = left_behind(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
