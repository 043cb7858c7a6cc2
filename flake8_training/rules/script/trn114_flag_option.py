"""TRN114: a hyperparameter option is a flag."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.inputs.options import Option
from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix, rewritten
from flake8_training.ledger import note_question
from flake8_training.rules.precedence import option_cause
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.hyperparameter_options import (
    flag_action,
    hyperparameter_options,
    refuses_leftovers,
    spelling,
)
from flake8_training.script.option_fixes import TRUTH


def _reading(path: str, marker: str = "") -> Example:
    return Example(f"""
        import argparse
        import json
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--exact", action="store_true"){marker}
            args = parser.parse_args()
            with open("{path}") as file:
                depth = int(json.load(file)["max_depth"])

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=depth, tree_method="exact" if args.exact else "hist")
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)


class FlagOption(Rule[Script]):
    """Reports a hyperparameter option that takes no value."""

    code = "TRN114"
    severity = Severity.ERROR
    summary = "a hyperparameter option is a flag"
    why = """
        SageMaker cannot pass an option without a value: `hyperparameters={"augment": True}` starts the script with
        `--augment True`. A flag takes no value. With `parse_args()` the job ends at its start with exit code 2 and
        "unrecognized arguments: True". `parse_known_args()` drops the value, so that `--augment False` switches the
        flag on.
    """
    fix = """
        Use a type that reads the string: `type=lambda string: string.lower() == "true", default=False`. If the option
        also has `nargs="?", const=True`, it still works as a flag on the command line.
    """
    fixable = "lets an option with `store_true` take a value"
    warning_when = (
        "every launcher of the script is known, and none passes the flag with a value",
        "the parser ignores unknown words, and no launcher passes the flag with a value that means false",
    )
    reported_when = (
        "an `argparse` option of the entry point has one of the actions `store_true`, `store_false`, "
        "`store_const`, `append_const`, `count` or `BooleanOptionalAction`",
        "a click option has `is_flag=True` or a name for off (`--augment/--no-augment`), a typer option is "
        "a `bool`, or absl defines the flag with `DEFINE_bool`",
    )
    not_reported_when = (
        Condition(
            "the action is unknown, or a class of the project",
            suppressed={
                (
                    'parser.add_argument("--exact", action="store_true")  # TRN114'
                ): 'parser.add_argument("--exact", action=Exact, nargs=0)',
                "\nif __name__": (
                    "\n"
                    "\n"
                    "class Exact(argparse.Action):\n"
                    "    def __call__(self, parser, namespace, values, option_string=None):\n"
                    "        setattr(namespace, self.dest, True)\n"
                    "\n"
                    "\n"
                    "if __name__"
                ),
            },
            reported={
                "\nif __name__": (
                    "\n"
                    "\n"
                    "class Exact(argparse.Action):\n"
                    "    def __call__(self, parser, namespace, values, option_string=None):\n"
                    "        setattr(namespace, self.dest, True)\n"
                    "\n"
                    "\n"
                    "if __name__"
                )
            },
        ),
        Condition(
            "the option is hidden from the help, or holds a fact of the job, such as `SM_NUM_GPUS`: no launcher "
            "passes it",
            suppressed={
                'parser.add_argument("--exact", action="store_true")  # TRN114': (
                    'parser.add_argument("--exact", action="store_true", help=argparse.SUPPRESS)'
                )
            },
            reported={
                'parser.add_argument("--exact", action="store_true")  # TRN114': (
                    'parser.add_argument("--exact", action="store_true", help="not argparse.SUPPRESS")  # '
                    "TRN114"
                )
            },
        ),
        Condition(
            "the script reads `/opt/ml/input/config/hyperparameters.json` itself, as in an image without the "
            "training toolkit, which passes no options",
            suppressed=_reading("/opt/ml/input/config/hyperparameters.json"),
            reported=_reading("hyperparameters.json", "  # TRN114"),
        ),
        Condition(
            "every call of `parse_args` gets a literal list, or the parser requires a positional argument: then "
            "it does not parse the job's command line",
            suppressed={"parser.parse_args()": 'parser.parse_args(["--exact"])'},
            reported={
                "    args = parser.parse_args()": ('    print(["--exact"])\n    args = parser.parse_args()')
            },
        ),
    )
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--exact", action="store_true")  # TRN114
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


        def truth(text):
            return text.lower() == "true"


        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--exact", type=truth, nargs="?", const=True, default=False)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, tree_method="exact" if args.exact else "hist")
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each option whose action takes no value."""
        for option in hyperparameter_options(subject.analysis):
            note_question()
            action = flag_action(subject.analysis, option)
            if action:
                here = option.action if hasattr(option.action, "lineno") else option.node
                detail = _detail(subject, option, action)
                yield self.finding(
                    subject,
                    here or option.node,
                    detail,
                    cause=option_cause(option.flags),
                    fix=_fix(option, action),
                )


def _fix(option: Option, action: str) -> Fix | None:
    """Return the fix that lets the option take a value, and still be passed without one."""
    call = option.node
    if option.source != "argparse" or action != "store_true" or not isinstance(call, ast.Call):
        return None
    keywords = {keyword.arg: keyword for keyword in call.keywords}
    written = keywords.get("action")
    if None in keywords or written is None or not isinstance(written.value, ast.Constant):
        return None
    if keywords.keys() & {"type", "nargs", "const", "choices", "metavar"}:
        return None
    default = "" if "default" in keywords else ", default=False"
    source = f'type={TRUTH}, nargs="?", const=True{default}'
    return rewritten(written, source, "Let the option take a value")


def _detail(script: Script, option: Option, action: str) -> str:
    name = spelling(option)
    set_on = f"'{name} False' switches it on"
    fix = "use type=lambda text: text.lower() == 'true'"
    refuses = refuses_leftovers(script.analysis) if option.source == "argparse" else option.source != "absl"
    if refuses is False:
        return f"{set_on}; {fix}"
    outcome = "exit code 2" if refuses else f"exit code 2, or {set_on}"
    return f"'{name} True' fails ({outcome}); {fix}"
