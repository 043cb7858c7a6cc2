"""TRN902: an optional hyperparameter has no default."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.option_checks import unset_options
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script


class OptionWithoutDefault(Rule[Script]):
    """Reports options that are None unless a launcher passes them, and that the script never tests."""

    code = "TRN902"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "an optional hyperparameter has no default"
    why = """
        If the launcher leaves out an option that is neither `required` nor has a `default`, its value is `None`. The
        script then passes `None` where a number is expected: the job fails in the middle, or a library uses its own
        default, which the script does not show.
    """
    fix = """
        Set `default=` or `required=True`. `default=None` shows that `None` is intended.
    """
    reported_when = (
        "an `argparse` option has neither `default` nor `required`, and the script reads it without a test",
    )
    not_reported_when = (
        Condition(
            "the option has `default=None`, an `action` or `nargs`",
            suppressed={
                '    parser.add_argument("--trees", type=int)  # TRN902\n': (
                    '    parser.add_argument("--trees", type=int, default=None)\n'
                )
            },
            reported={
                '    parser.add_argument("--trees", type=int)  # TRN902\n': (
                    '    parser.add_argument("--trees", type=int, help="default=None")  # TRN902\n'
                )
            },
        ),
        Condition(
            "the script compares the value or uses it as a truth value",
            suppressed={
                "    model = Ran": ("    if args.trees:\n        print(args.trees)\n    model = Ran")
            },
            reported={"    model = Ran": ("    if args.train:\n        print(args.trees)\n    model = Ran")},
        ),
        Condition(
            "the option holds a path or a fact of the cluster, or is hidden from the help",
            suppressed={
                '    parser.add_argument("--trees", type=int)  # TRN902\n': (
                    '    parser.add_argument("--trees", type=int, default=100)\n'
                    '    parser.add_argument("--data-dir")\n'
                ),
                "def main(args):\n": "def main(args):\n    print(args.data_dir)\n",
            },
            reported={"def main(args):\n": 'def main(args):\n    print("data_dir")\n'},
        ),
        Condition(
            "the script calls `set_defaults`, sets `argument_default`, or assigns an attribute of the option's "
            "name",
            suppressed={
                "    main(parser.parse_args())\n": (
                    "    parser.set_defaults(trees=100)\n    main(parser.parse_args())\n"
                )
            },
            reported={
                "    main(parser.parse_args())\n": (
                    '    parser.set_defaults(train="trees")\n    main(parser.parse_args())\n'
                )
            },
        ),
        Condition(
            "the script never reads the option: TRN116 reports that",
            suppressed={"RandomForestClassifier(n_estimators=args.trees)": "RandomForestClassifier()"},
            reported={"    model = Ran": '    print("args.trees")\n    model = Ran'},
        ),
    )
    bad = careless(
        (
            'parser.add_argument("--trees", type=int, default=100)',
            'parser.add_argument("--trees", type=int)  # TRN902',
        )
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each optional hyperparameter without a default."""
        for option in unset_options(subject.analysis):
            yield self.finding(subject, option.node, f"--{option.name} is None where it is left out")
