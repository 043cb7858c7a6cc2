"""TRN903: hyperparameters are never checked."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.option_checks import unchecked_option
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script


class UncheckedHyperparameters(Rule[Script]):
    """Reports an option for a number that has no type or choices, and whose value is never converted or tested."""

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
        "a hyperparameter option with a number as its default has no `type`, `choices`, `action` or `nargs`, and its "
        "value is never converted or tested",
    )
    not_reported_when = (
        Condition(
            "the value is converted, compared or tested",
            suppressed={"n_estimators=args.trees": "n_estimators=int(args.trees)"},
            reported={"log.info(": "log.info(int(1))\n    log.info("},
        ),
        Condition(
            "the value goes into a function of the script, a name or a collection: it may be checked there",
            suppressed={
                "n_estimators=args.trees)": "n_estimators=checked(args.trees))",
                "def main(args):\n": ("def checked(value):\n    return int(value)\n\n\ndef main(args):\n"),
                "  # TRN903": "",
            },
            reported={
                "def main(args):\n": (
                    'def checked(value):\n    return int(value)\n\n\ndef main(args):\n    checked("trees")\n'
                ),
            },
        ),
        Condition(
            "an option is declared with another library than `argparse`",
            suppressed={
                "import argparse\n": ("import argparse\n\nimport click\n"),
                '"--trees", default=100)  # TRN903': '"--other", type=int, default=1)',
                "def main(args):\n": (
                    "@click.command()\n"
                    '@click.option("--trees", default=100)\n'
                    "def start(trees):\n"
                    "    return RandomForestClassifier(n_estimators=trees)\n"
                    "\n"
                    "\n"
                    "def main(args):\n"
                ),
                "n_estimators=args.trees": "n_estimators=args.other",
            },
            reported={
                "import argparse\n": ("import argparse\n\nimport click\n"),
                "def main(args):\n": ('def main(args):\n    click.echo("trees")\n'),
            },
        ),
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
