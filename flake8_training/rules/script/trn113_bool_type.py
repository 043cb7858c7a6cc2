"""TRN113: a hyperparameter option uses type=bool."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.values.option import Option
from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix, rewritten
from flake8_training.ledger import note_question
from flake8_training.rules.precedence import option_cause
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.hyperparameter_options import (
    hyperparameter_options,
    spelling,
    takes_any_text_as_true,
)
from flake8_training.script.option_fixes import TRUTH


class BoolOption(Rule[Script]):
    """Reports an option with ``type=bool``, which is true for every string that is not empty."""

    code = "TRN113"
    severity = Severity.ERROR
    summary = "a hyperparameter option uses type=bool"
    why = """
        SageMaker passes every hyperparameter as a string: `hyperparameters={"augment": False}` starts the script with
        `--augment False` (SDK v3: `--augment false`). argparse calls the type with that string, and `bool("False")` is
        `True`, as it is for every string that is not empty. The option cannot be switched off, and nothing fails.
    """
    fix = """
        Use a type that reads the string: `type=lambda string: string.lower() == "true"`.
    """
    fixable = "replaces `bool` by a parser of truth values"
    warning_when = ("a launcher of the script is known, and none passes a value that may mean false",)
    reported_when = (
        "an `argparse` option of the entry point has `type=bool`, or a function as its type that only calls "
        "`bool`",
    )
    not_reported_when = (
        Condition(
            "the option's type reads the string, such as `strtobool` or a lambda that compares it",
            suppressed={
                'parser.add_argument("--exact", type=bool, default=True)  # TRN113': (
                    'parser.add_argument("--exact", type=lambda value: value == "True", default=True)'
                )
            },
            reported={
                'parser.add_argument("--exact", type=bool, default=True)  # TRN113': (
                    'parser.add_argument("--exact", type=lambda value: bool(value), default=True)  # TRN113'
                )
            },
        ),
        Condition(
            "the library reads the string itself: click, typer, absl and dataclass parsers",
            suppressed=Example(
                (
                    "import os\n"
                    "\n"
                    "import click\n"
                    "\n"
                    "\n"
                    "@click.command()\n"
                    '@click.option("--exact", type=bool, default=True)\n'
                    "def main(exact):\n"
                    '    print(exact, os.environ["SM_MODEL_DIR"])\n'
                    "\n"
                    "\n"
                    "main()\n"
                ),
                options=("--training-scripts=train.py",),
            ),
            reported=Example(
                (
                    "import argparse\n"
                    "import os\n"
                    "\n"
                    "import click\n"
                    "\n"
                    "parser = argparse.ArgumentParser()\n"
                    'parser.add_argument("--exact", type=bool, default=True)  # TRN113\n'
                    "click.echo(parser.parse_args().exact)\n"
                    'print(os.environ["SM_MODEL_DIR"])\n'
                ),
                options=("--training-scripts=train.py",),
            ),
        ),
        Condition(
            "the option is hidden with `help=argparse.SUPPRESS`, or holds a fact of the job, such as "
            "`SM_NUM_GPUS`: no launcher passes it",
            suppressed={
                'parser.add_argument("--exact", type=bool, default=True)  # TRN113': (
                    'parser.add_argument("--exact", type=bool, default=True, help=argparse.SUPPRESS)'
                )
            },
            reported={
                'parser.add_argument("--exact", type=bool, default=True)  # TRN113': (
                    'parser.add_argument("--exact", type=bool, default=True, help="not '
                    'argparse.SUPPRESS")  # TRN113'
                )
            },
        ),
        Condition(
            "every call of `parse_args` gets a literal list, or the parser requires a positional argument: then "
            "it does not parse the job's command line",
            suppressed={"parser.parse_args()": 'parser.parse_args(["--exact", "1"])'},
            reported={
                "    args = parser.parse_args()": (
                    '    print(["--exact", "1"])\n    args = parser.parse_args()'
                )
            },
        ),
    )
    missed = ("the option has no type, and the script tests its string: `if args.augment`",)
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--exact", type=bool, default=True)  # TRN113
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, tree_method="exact" if args.exact else "hist")
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--exact", type=lambda text: text.lower() == "true", default=True)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, tree_method="exact" if args.exact else "hist")
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each type that turns every string into true."""
        for option in hyperparameter_options(subject.analysis):
            note_question()
            if takes_any_text_as_true(subject.analysis, option):
                yield self.finding(
                    subject,
                    option.type or option.node,
                    f"'{spelling(option)} False' sets True; use type=lambda text: text.lower() == 'true'",
                    cause=option_cause(option.flags),
                    fix=_fix(option),
                )


def _fix(option: Option) -> Fix | None:
    """Return the fix that replaces the type; none for a type that is no name, such as a function of the script."""
    if option.source != "argparse" or not isinstance(option.type, ast.Name) or option.type.id != "bool":
        return None
    return rewritten(option.type, TRUTH, "Replace bool by a parser of truth values")
