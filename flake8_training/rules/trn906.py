"""TRN906: missing or damaged input data is not handled."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.inputs import unprepared_read


class MissingDataNotHandled(Rule[Script]):
    """Reports the first read of a channel in a script that is prepared for no missing or damaged data."""

    code = "TRN906"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "missing or damaged input data is not handled"
    why = """
        A channel with the wrong prefix is an empty folder, and a file that an earlier step wrote badly is read all
        the same. Without a test or a handler the job ends in the library's traceback, or trains on less than was
        meant.

        A look whether the file is there, a `try` around the read, an assertion, a test of what was read, dropping
        or filling what is missing: any of it counts.
    """
    bad = careless(
        ("    if not os.path.exists(path):", ""),
        ('        raise FileNotFoundError(f"no data.csv in {folder}")', ""),
        ("return pd.read_csv(path)", "return pd.read_csv(path)  # TRN906"),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding, at the first read of a channel."""
        call = unprepared_read(subject.analysis)
        if call is not None and subject.owns(call.node):
            yield self.finding(subject, call.node)
