"""TRN903: hyperparameters are never checked."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Rule
from flake8_training.rules.practice import careful, careless
from flake8_training.script import Script
from flake8_training.script.practice.settings import unchecked_option


class UncheckedHyperparameters(Rule[Script]):
    """Reports a script whose options have no type and no choices, and whose values it never converts or tests."""

    code = "TRN903"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "hyperparameters are never checked"
    why = """
        What a launcher gives arrives as text. Without `type=` (and `choices=`, a comparison, an assertion) a number is
        used as the text that it is, `"10" * 2` is `"1010"`, and a slip of the pen in the launcher is not noticed before
        the job has done its work.

        Said only where no hyperparameter of the script is checked in any way, and one of them has a number as default.
    """
    bad = careless(
        (
            'parser.add_argument("--trees", type=int, default=100)',
            'parser.add_argument("--trees", default=100)  # TRN903',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding, at the first option that is meant to be a number."""
        option = unchecked_option(subject.analysis)
        if option is not None:
            yield self.finding(subject, option.node, f"--{option.name} arrives as text; give it a type")
