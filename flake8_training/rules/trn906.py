"""TRN906: missing or damaged input data is not handled."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.inputs import unprepared_read


class MissingDataNotHandled(Rule[Script]):
    """Reports the first read of a channel in a script that never handles missing or damaged data."""

    code = "TRN906"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "missing or damaged input data is not handled"
    why = """
        A channel with the wrong S3 prefix is an empty folder, and a file that an earlier step wrote badly is still
        read. Without a test or a handler, the job ends with the library's traceback, or trains on less data than
        intended.
    """
    fix = """
        Test that the file exists and raise an error that names it, or handle the errors of the read.
    """
    reported_when = (
        "the script reads a channel, and no code tests for, handles or cleans missing or damaged data",
    )
    not_reported_when = (
        "the read of a channel, or a call that leads to it, is in a `try` with a handler",
        "the script calls `exists`, `isfile`, `dropna`, `fillna`, `isna` or the like, or passes `errors=` "
        "or `on_bad_lines=`",
        "the script has an `assert` or raises an exception",
        "a condition depends on what was read from a channel",
        "the readers of SageMaker's XGBoost container read the data: they check it",
    )
    bad = careless(
        ("    if not os.path.exists(path):", ""),
        ('        raise FileNotFoundError(f"no data.csv in {folder}")', ""),
        ("return pd.read_csv(path)", "return pd.read_csv(path)  # TRN906"),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first read of a channel."""
        call = unprepared_read(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
