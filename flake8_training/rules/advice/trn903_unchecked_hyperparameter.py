"""TRN903: hyperparameters are never checked."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.option_checks import unchecked_option
from flake8_training.rules.rule import Rule
from flake8_training.script import Script


class UncheckedHyperparameters(Rule[Script]):
    """Reports a script that declares no type or choices for its options and never converts or tests their values."""

    code = "TRN903"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "hyperparameters are never checked"
    why = """
        A launcher passes every value as a string. Without `type=` a number stays a string: `"10" * 2` is `"1010"`.
        Without `choices=`, a comparison or an assertion, a wrong value in the launcher is noticed only after the job
        has run.
    """
    fix = """
        Set `type=` and, for a fixed set of values, `choices=`.
    """
    reported_when = (
        "no hyperparameter option has `type`, `choices`, `action` or `nargs`, no value is converted or "
        "tested, and one option has a number as its default",
    )
    not_reported_when = (
        "one option has a `type` or `choices`, or one value is converted, compared or tested",
        "one value goes into a function of the script, a name or a collection: it may be checked there",
        "an option is declared with another library than `argparse`",
    )
    bad = careless(
        (
            'parser.add_argument("--trees", type=int, default=100)',
            'parser.add_argument("--trees", default=100)  # TRN903',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first option whose default is a number."""
        option = unchecked_option(subject.analysis)
        if option is not None:
            yield self.finding(subject, option.node, f"--{option.name} arrives as text; give it a type")
