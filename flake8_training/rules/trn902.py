"""TRN902: an optional hyperparameter has no default."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.settings import unset_options


class OptionWithoutDefault(Rule[Script]):
    """Reports options that are None unless a launcher gives them, and that the script never asks for it."""

    code = "TRN902"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "an optional hyperparameter has no default"
    why = """
        An option that is neither `required` nor has a `default` is `None` when the launcher leaves it out, and `None`
        goes where a number is expected: an error in the middle of the job, or a library's own default that the script
        does not show.

        `default=None` is a decision and is left alone, and so is an option that the script compares or tests.
    """
    bad = careless(
        (
            'parser.add_argument("--trees", type=int, default=100)',
            'parser.add_argument("--trees", type=int)  # TRN902',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield a finding at each such option."""
        for option in unset_options(subject.analysis):
            yield self.finding(subject, option.node, f"--{option.name} is None where it is left out")
