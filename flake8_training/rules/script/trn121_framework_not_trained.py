"""TRN121: the script imports its framework but trains with none of its training calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.untrained_models import untrained


class FrameworkNeverTrains(Rule[Script]):
    """Reports a model or an optimizer that is never trained, in a script that trains or fits something else.

    TRN103 reports a script that fits nothing at all, so that one mistake has one finding.
    """

    code = "TRN121"
    severity = Severity.ERROR
    summary = "the script trains nothing with its framework"
    why = """
        The script builds a model of its framework, and none of the framework's training calls runs: the call was
        forgotten, or lost in a change. A baseline or a preprocessing step that the script does train hides this. The
        job succeeds, and the model that the script was written for is missing or untrained.
    """
    fix = """
        Call the framework's training: `model.fit(...)`, `trainer.train()`, `optimizer.step()`.
    """
    reported_when = (
        "the script builds a model of XGBoost, LightGBM or CatBoost, trains something else, and never "
        "trains with that library",
        "a compiled Keras model, a PyTorch optimizer, a `Trainer` of transformers, trl, Lightning or MXNet "
        "is built, and only another framework trains",
        "an `xgboost.DMatrix` with labels is built and used in no training, and only objects of unknown "
        "type are fitted",
        "the launcher's estimator is of a framework that the script imports and calls nothing of, and "
        "scikit-learn alone trains",
    )
    not_reported_when = (
        Condition(
            "the script fits nothing at all: TRN103 reports that",
            suppressed={
                (
                    '    baseline = LogisticRegression().fit(train.drop(columns="y"), train["y"])\n'
                    '    print("baseline:", baseline.score(test.drop(columns="y"), test["y"]))\n'
                ): ""
            },
            reported={
                'baseline = LogisticRegression().fit(train.drop(columns="y"), train["y"])': (
                    'baseline = LogisticRegression()\n    baseline.fit(train.drop(columns="y"), train["y"])'
                )
            },
        ),
        Condition(
            "the framework is only imported, or a network has no optimizer: it may compute features",
            suppressed={
                (
                    "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n"
                ): "    print(xgb.__version__)\n    model = baseline\n"
            },
            reported={
                "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n": (
                    "    print(xgb.__version__)\n"
                    "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n"
                )
            },
        ),
        Condition(
            "the object goes into a training, a load, or a call of unknown code",
            suppressed={
                "import joblib\n": "import joblib\nimport trainers\n",
                "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n": (
                    "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n"
                    "    trainers.train(model, train)\n"
                ),
            },
            reported={
                "import joblib\n": "import joblib\nimport trainers\n",
                "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n": (
                    "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n"
                    '    trainers.announce("model")\n'
                ),
            },
        ),
        Condition(
            "a `Trainer` evaluates or predicts",
            suppressed=Example(
                "import os\n"
                "\n"
                "from datasets import load_from_disk\n"
                "from sklearn.linear_model import Ridge\n"
                "from transformers import AutoModel, Trainer, TrainingArguments\n"
                "\n"
                "Ridge().fit([[1]], [1])\n"
                'trainer = Trainer(model=AutoModel.from_pretrained("bert"), args=TrainingArguments("out"))\n'
                'trainer.evaluate(load_from_disk(os.environ["SM_CHANNEL_TRAIN"]))\n'
                'trainer.save_model(os.environ["SM_MODEL_DIR"])\n'
            ),
            reported={
                'TrainingArguments("out"))': 'TrainingArguments("out"))  # TRN121',
                "trainer.evaluate(": 'print("evaluate", ',
            },
        ),
        Condition(
            "a library or program that the script calls may train out of sight",
            suppressed={
                "import joblib\n": "import joblib\nimport subprocess\n",
                "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n": (
                    "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n"
                    '    subprocess.run(["python", "train_other.py"])\n'
                ),
            },
            reported={
                "import joblib\n": "import joblib\nimport subprocess\n",
                "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n": (
                    "    model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121\n"
                    '    subprocess.run(["ls", "-l"])\n'
                ),
            },
        ),
    )
    missed = (
        "no launcher is available, and the script imports the framework, never builds its model, and trains with "
        "another library",
    )
    bad = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        import xgboost as xgb
        from sklearn.linear_model import LogisticRegression

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            baseline = LogisticRegression().fit(train.drop(columns="y"), train["y"])
            print("baseline:", baseline.score(test.drop(columns="y"), test["y"]))
            model = xgb.XGBClassifier(max_depth=args.max_depth)  # TRN121
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)
    good = Example("""
        import argparse
        import os

        import joblib
        import pandas as pd
        import xgboost as xgb
        from sklearn.linear_model import LogisticRegression

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            args = parser.parse_args()

            train = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            test = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TEST"], "test.csv"))
            baseline = LogisticRegression().fit(train.drop(columns="y"), train["y"])
            print("baseline:", baseline.score(test.drop(columns="y"), test["y"]))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(train.drop(columns="y"), train["y"])
            print("accuracy:", model.score(test.drop(columns="y"), test["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at the first object that is never trained."""
        for found in untrained(subject.analysis):
            if subject.owns(found.call.node):
                other = found.instead.names[0]
                called = ast.unparse(found.instead.node.func) if other.startswith("?") else other
                detail = f"{_last(found.name)} is never trained, only {_last(called)}() runs"
                yield self.finding(subject, found.call.node, detail)
                return


def _last(name: str) -> str:
    """Return a dotted name from its class on: ``LogisticRegression().fit`` of ``sklearn.linear_model``."""
    parts = name.split(".")
    first = next((n for n, part in enumerate(parts) if part[:1].isupper()), len(parts) - 1)
    return ".".join(parts[first:])
