"""TRN118: a hyperparameter option uses type=list or type=dict."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.ledger import note_question
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.hyperparameter_options import container_type, hyperparameter_options, spelling


class ContainerOption(Rule[Script]):
    """Reports an option whose type splits the string into characters, or fails."""

    code = "TRN118"
    severity = Severity.ERROR
    summary = "a hyperparameter option uses type=list or type=dict"
    why = """
        SageMaker passes every hyperparameter as one string: `hyperparameters={"layers": [64, 32]}` starts the script
        with `--layers "[64, 32]"`. argparse calls the type with that string: `list("[64, 32]")` is a list of eight
        characters. `dict("{...}")` fails, and the job ends at its start with exit code 2.
    """
    fix = """
        Use a type that reads the string: `type=ast.literal_eval` for Python's notation, which SDK v2 sends,
        `type=json.loads` for JSON, which SDK v3 sends. For a string such as `"64,32"`, split it in a function.
    """
    reported_when = (
        "an `argparse` or click option of the entry point has the type `list`, `tuple`, `set`, `frozenset` "
        "or `dict`, or its form in `typing`",
    )
    not_reported_when = (
        Condition(
            "the option is hidden from the help, or holds a fact of the job, such as `SM_HOSTS`: no launcher passes it",
            suppressed={"default=[64, 32])  # TRN118": "default=[64, 32], help=argparse.SUPPRESS)"},
            reported={
                "default=[64, 32])  # TRN118": 'default=[64, 32], help="no argparse.SUPPRESS")  # TRN118'
            },
        ),
        Condition(
            "every call of `parse_args` gets a literal list, or the parser requires a positional argument: then "
            "it does not parse the job's command line",
            suppressed={"parser.parse_args()": 'parser.parse_args(["--layers", "12"])'},
            reported={
                "    args = parser.parse_args()": (
                    '    print(["--layers", "12"])\n    args = parser.parse_args()'
                )
            },
        ),
    )
    missed = (
        "the default is a string that holds a fact of the job: argparse splits it too, `type=list, "
        'default=os.environ["SM_HOSTS"]`',
    )
    bad = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.neural_network import MLPClassifier

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--layers", type=list, default=[64, 32])  # TRN118
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = MLPClassifier(hidden_layer_sizes=args.layers)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    good = Example("""
        import argparse
        import ast
        import os

        import joblib
        import pandas as pd
        from sklearn.neural_network import MLPClassifier

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--layers", type=ast.literal_eval, default=[64, 32])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = MLPClassifier(hidden_layer_sizes=args.layers)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each type that cannot read the string."""
        for option in hyperparameter_options(subject.analysis):
            note_question()
            written = container_type(subject.analysis, option)
            if written:
                fails = "dict" in written.lower()
                outcome = "fails for every string" if fails else "yields the characters of the string"
                remedy = "json.loads"
                yield self.finding(
                    subject,
                    option.type or option.node,
                    f"{spelling(option)} {outcome}; use type={remedy}",
                )
