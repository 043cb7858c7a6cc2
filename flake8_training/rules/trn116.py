"""TRN116: a declared option is never used."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.hyperparameter_options import spelling
from flake8_training.script.option_uses import unused_options


class UnusedOption(Rule[Script]):
    """Reports an option whose value the script never reads."""

    code = "TRN116"
    severity = Severity.WARNING
    summary = "a declared option is never used"
    why = """
        A launcher that sets the option gets the same training as without it, and nothing fails. A tuning job searches
        over a hyperparameter that has no effect, or the path of a channel is declared while the data comes from
        elsewhere.
    """
    fix = """
        Use the option's value, or remove the option and its hyperparameter in the launcher.
    """
    reported_when = (
        "no module of the script reads an `argparse` option: neither as an attribute, nor with `getattr`, "
        "nor as a key of `vars(args)`",
        "the function of a click, typer or fire command never reads the option's parameter",
    )
    not_reported_when = (
        "all options together go to code that is not available: a library, a dict, a logger, an unknown "
        "caller",
        "an attribute of the same name is read from an object of unknown type",
        "the option is hidden from the help, or is `--local_rank` or `--mp_parameters`, which a launcher of "
        "processes passes",
        "the option is `--model_dir`, and the script imports TensorFlow or Keras: the TensorFlow estimator "
        "passes it",
        "the script calls `exec`, `eval` or `globals`",
    )
    missed = ("all options are printed or logged together, `print(args)`: then each of them counts as used",)
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--eta", type=float, default=0.3)  # TRN116
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
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
            parser.add_argument("--eta", type=float, default=0.3)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth, learning_rate=args.eta)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each option that the script never reads."""
        for option in unused_options(subject.analysis):
            name = spelling(option) if option.flags else option.name
            yield self.finding(
                subject, option.node, f"nothing reads {name} (as {option.dest}), so it changes nothing"
            )
