"""TRN120: an attribute of the parsed options that no option defines."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.fix import Fix, renamed
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.option_fixes import renamed_option
from flake8_training.script.undefined_options import UndefinedOption, undefined_options
from flake8_training.spelling import closest, did_you_mean, is_odd_spelling, occurrences, only_closest


class UndefinedOptionRead(Rule[Script]):
    """Reports the read of an attribute of ``args`` that the parser never sets."""

    code = "TRN120"
    severity = Severity.ERROR
    summary = "an attribute of the parsed options that no option defines"
    why = """
        The object that `parse_args` returns has one attribute for each option. Any other name ends the script with
        `AttributeError: 'Namespace' object has no attribute 'batch_size'`, often after hours of training: the name may
        be read for the first time when the model is saved.
    """
    fix = """
        Use the name of the option, with `_` in place of `-`, or declare an option of this name.
    """
    fixable = "renames the misspelled read or option"
    reported_when = (
        "the script reads `args.name`, `args` certainly is the result of `argparse`, and no option has this name",
    )
    not_reported_when = (
        Condition(
            "the script may have other options: from a library, from `parents`, from names that are computed",
            suppressed={
                "    args = parser.parse_args()\n": (
                    '    for name in os.environ["OPTIONS"].split():\n'
                    "        parser.add_argument(name)\n"
                    "    args = parser.parse_args()\n"
                )
            },
            reported={
                "    args = parser.parse_args()\n": (
                    '    for name in os.environ["OPTIONS"].split():\n'
                    "        print(name)\n"
                    "    args = parser.parse_args()\n"
                )
            },
        ),
        Condition(
            "the program sets the attribute: `args.name = ...`, `setattr`, `set_defaults`, the `dest` of subparsers",
            suppressed={
                "    args = parser.parse_args()\n": (
                    "    parser.set_defaults(depth=6)\n    args = parser.parse_args()\n"
                )
            },
            reported={
                "    args = parser.parse_args()\n": (
                    "    parser.set_defaults(max_depth=7)\n    args = parser.parse_args()\n"
                )
            },
        ),
        Condition(
            "the program asks for the name with `hasattr`, `getattr` or `in`, or catches the `AttributeError`",
            suppressed={
                '    model = xgb.train({"max_depth": args.depth}': (
                    '    if hasattr(args, "depth"):\n'
                    "        print(args.depth)\n"
                    '    model = xgb.train({"max_depth": args.depth}'
                )
            },
            reported={
                '    model = xgb.train({"max_depth": args.depth}': (
                    '    if hasattr(train, "depth"):\n'
                    '        print("depth" in data)\n'
                    '    model = xgb.train({"max_depth": args.depth}'
                )
            },
        ),
        Condition(
            "the parser or the options are passed to code that is not available, which may add attributes",
            suppressed={
                "import pandas": "import options\nimport pandas",
                "    args = parser.parse_args()\n": (
                    "    options.add(parser)\n    args = parser.parse_args()\n"
                ),
            },
            reported={
                "import pandas": "import options\nimport pandas",
                "    args = parser.parse_args()\n": (
                    '    options.add("parser")\n    args = parser.parse_args()\n'
                ),
            },
        ),
        Condition(
            "the options are filled into an object of the script's own: `parse_args(namespace=...)`",
            suppressed={
                "parser.parse_args()": "parser.parse_args(namespace=Settings())",
                "\nif __name__": "\n\nclass Settings:\n    depth = 6\n\n\nif __name__",
            },
            reported={"\nif __name__": "\n\nclass Settings:\n    depth = 6\n\n\nif __name__"},
        ),
        Condition(
            "a test asks first whether a variable is missing that SageMaker always sets",
            suppressed={
                '    model = xgb.train({"max_depth": args.depth}': (
                    '    folder = os.environ.get("SM_MODEL_DIR")\n'
                    "    if folder is None and args.depth > 3:\n"
                    '        print("not in a job")\n'
                    '    model = xgb.train({"max_depth": 6}'
                ),
                'evals=[(test, "test")])  # TRN120': 'evals=[(test, "test")])',
            },
            reported={
                '    model = xgb.train({"max_depth": args.depth}': (
                    '    folder = os.environ.get("MODEL_DIR")\n'
                    "    if folder is None and args.depth > 3:  # TRN120\n"
                    '        print("SM_MODEL_DIR")\n'
                    '    model = xgb.train({"max_depth": 6}'
                ),
                'evals=[(test, "test")])  # TRN120': 'evals=[(test, "test")])',
            },
        ),
        Condition(
            "another local module reads the name",
            suppressed={
                "import pandas": "import building\nimport pandas",
                "+ building.py": "def show(args):\n    print(args.depth)\n",
                '    model = xgb.train({"max_depth": args.depth}': (
                    '    building.show(args)\n    model = xgb.train({"max_depth": args.depth}'
                ),
                'args.depth}, train, 100, evals=[(test, "test")])  # TRN120': (
                    'args.max_depth}, train, 100, evals=[(test, "test")])'
                ),
            },
            reported={
                "import pandas": "import building\nimport pandas",
                "+ building.py": 'def show(args):\n    print("depth")\n',
                '    model = xgb.train({"max_depth": args.depth}': (
                    '    building.show(args)\n    model = xgb.train({"max_depth": args.depth}'
                ),
            },
        ),
    )
    missed = (
        "options of click, typer, fire, absl and dataclasses",
        "a key of `vars(args)`",
    )
    bad = Example(
        """
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            model = xgb.train({"max_depth": args.depth}, train, 100, evals=[(test, "test")])  # TRN120
            model.save_model(os.path.join(args.model_dir, "model.json"))
    """,
        options=("--select=TRN120",),
    )
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            model = xgb.train({"max_depth": args.max_depth}, train, 100, evals=[(test, "test")])
            model.save_model(os.path.join(args.model_dir, "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding for each name, at its first read."""
        seen: set[str] = set()
        for read in undefined_options(subject.analysis):
            if read.name not in seen:
                seen.add(read.name)
                hint = did_you_mean(read.near)
                detail = f"{read.name}{hint} (reading it is an AttributeError)"
                yield self.finding(subject, read.node, detail, fix=_fix(subject, read))


def _fix(script: Script, undefined: UndefinedOption) -> Fix | None:
    """Return the fix of the spelling that the script writes once: that of the option, or those of the reads."""
    options = script.analysis.options
    near = undefined.near
    if near is None or closest(undefined.name, options.by_dest) != only_closest(
        undefined.name, options.by_dest
    ):
        return None
    source = "".join(script.lines)
    if is_odd_spelling(near, undefined.name, source):
        for option in options.by_dest[near]:
            fix = renamed_option(option, near, undefined.name) if script.owns(option.node) else None
            if fix is not None:
                return fix
    reads = [read for read in undefined_options(script.analysis) if read.name == undefined.name]
    fixes = [renamed(read.node, read.name, near) for read in reads]
    edits = tuple(edit for fix in fixes if fix is not None for edit in fix.edits)
    is_safe = occurrences(near, source) > len(reads)
    return Fix(f"Replace {undefined.name} by {near}", edits, is_safe) if edits else None
