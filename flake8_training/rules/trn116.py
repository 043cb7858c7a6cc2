"""TRN116: a declared option is never used."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.base import Example, Rule
from flake8_training.script import Script
from flake8_training.script.hyperparameter_options import spelling
from flake8_training.script.option_uses import unused_options


class UnusedOption(Rule[Script]):
    """Reports an option whose value changes nothing."""

    code = "TRN116"
    severity = Severity.WARNING
    summary = "a declared option is never used"
    why = """
        A launcher that sets the option gets the same training as without it, and nothing says so: a tuning job searches
        over a hyperparameter that has no effect, a channel's path is declared while the data comes from elsewhere.

        An option counts as used where anything reads it: as an attribute, through `getattr` or `vars(args)`, in another
        module of the script. Where all options together go into something whose code is not at hand (a library, a
        dict, a log), nothing is said. `--model_dir` may be unused in a TensorFlow script, because the TensorFlow
        estimator passes it.
    """
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
        """Yield one finding at each option that nothing reads."""
        for option in unused_options(subject.analysis):
            name = spelling(option) if option.flags else option.name
            yield self.finding(
                subject, option.node, f"nothing reads {name} (as {option.dest}), so it changes nothing"
            )
