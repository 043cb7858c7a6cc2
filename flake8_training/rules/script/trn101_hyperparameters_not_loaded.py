"""TRN101: hyperparameters are never loaded from SageMaker."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State

_OF_PATHS = """
    import argparse
    import os

    import joblib
    import pandas as pd
    from sklearn.linear_model import Ridge

    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"]){}
        args = parser.parse_args()

        data = pd.read_csv(os.path.join(args.train, "train.csv"))
        model = Ridge().fit(data[:800].drop(columns="y"), data[:800]["y"])
        print("score:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
        joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""
_LAUNCHER = """
    from sagemaker.sklearn import SKLearn

    SKLearn(
        entry_point="train.py",
        role="arn:aws:iam::123456789012:role/Training",
        instance_type="ml.m5.xlarge",
        instance_count=1,
        framework_version="1.2-1",
        py_version="py3",
        hyperparameters={},
    ).fit({{"train": "s3://churn-data/train"}})
"""
_FIX = "use argparse, or read /opt/ml/input/config/hyperparameters.json"


class HyperparametersNeverLoaded(Rule[Script]):
    """Reports a training script that loads no hyperparameter from SageMaker."""

    code = "TRN101"
    severity = Severity.ERROR
    summary = "hyperparameters are never loaded from SageMaker"
    why = """
        A launcher's `hyperparameters={"max_depth": 6}` reach the script as command-line options, in
        `/opt/ml/input/config/hyperparameters.json` and in the variables `SM_HPS` and `SM_HP_*`. A script that reads
        none of them trains with the values in its source. A tuning job then repeats the same training, and nothing
        fails.
    """
    fix = """
        Declare the hyperparameters as `argparse` options, or read `/opt/ml/input/config/hyperparameters.json`.
    """
    warning_when = ("every launcher of the script is known, and none passes hyperparameters",)
    reported_when = (
        "the script declares no option, and reads neither `hyperparameters.json` nor `SM_HPS`, `SM_HP_*`, "
        "`SM_TRAINING_ENV` or `SM_USER_ARGS`",
        "it reads none of these, and declares only options that hold a path or a fact of the cluster: "
        "`--model-dir`, `--train`, `--hosts`, `--num-gpus`",
    )
    not_reported_when = (
        Condition(
            "one option may hold a hyperparameter, whether the script uses it or not (TRN116 reports an unused "
            "one)",
            suppressed={
                "    args = parser.parse_args()\n": (
                    '    parser.add_argument("--depth", type=int, default=6)\n'
                    "    args = parser.parse_args()\n"
                )
            },
            reported={
                "    args = parser.parse_args()\n": (
                    '    parser.add_argument("--data-dir", default="depth")\n    args = parser.parse_args()\n'
                )
            },
        ),
        Condition(
            "a launcher passes a hyperparameter that an option of the script takes, even one that holds a path",
            suppressed=Example(
                {
                    "train.py": _OF_PATHS.format(""),
                    "launch.py": _LAUNCHER.format('{"train": "/opt/ml/input/data/train"}'),
                },
                options=("--all",),
            ),
            reported=Example(
                {"train.py": _OF_PATHS.format("  # TRN101"), "launch.py": _LAUNCHER.format("{}")},
                options=("--all",),
            ),
        ),
        Condition(
            "the script reads `sys.argv` itself, or some of the parser's options are unknown",
            suppressed={
                "import os\n": "import os\nimport sys\n",
                "    args = parser.parse_args()\n": (
                    "    args = parser.parse_args()\n    depth = int(sys.argv[1])\n"
                ),
            },
            reported={
                "import os\n": "import os\nimport sys\n",
                "    args = parser.parse_args()\n": (
                    "    args = parser.parse_args()\n    print(sys.version)\n"
                ),
            },
        ),
        Condition(
            "the script loads a settings file that the launcher may provide: in a channel, or at a path that an "
            "option holds",
            suppressed={
                "import os\n": "import json\nimport os\n",
                "    args = parser.parse_args()\n": (
                    "    args = parser.parse_args()\n"
                    '    settings = json.load(open(os.path.join(args.train, "settings.json")))\n'
                ),
            },
            reported={
                "import os\n": "import json\nimport os\n",
                "    args = parser.parse_args()\n": (
                    '    args = parser.parse_args()\n    settings = json.loads("{}")\n'
                ),
            },
        ),
        Condition(
            "a library or program that the script calls may load them out of sight",
            suppressed={
                "import pandas": "import experiments\nimport pandas",
                "max_depth=6": "**experiments.load_parameters()",
            },
            reported={
                "import pandas": "import experiments\nimport pandas",
                "max_depth=6": "max_depth=6, tree_method=experiments.METHOD",
            },
        ),
        Condition(
            "the file is not recognised as a training script, and neither `--training-scripts` nor a step names "
            "it",
            suppressed={
                'os.environ["SM_MODEL_DIR"]': '"models"',
                'os.environ["SM_CHANNEL_TRAIN"]': '"data"',
            },
            reported={"    data = pd": '    print("models", "data")\n    data = pd'},
        ),
    )
    missed = (
        "a call of an unknown library that receives an object of the script, or whose result reaches the "
        "training, hides the fault",
    )
    bad = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])  # TRN101
            parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=6)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(args.model_dir, "model.json"))
    """)
    good = Example("""
        import argparse
        import os

        import pandas as pd
        import xgboost as xgb

        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--max-depth", type=int, default=6)
            parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
            parser.add_argument("--train", default=os.environ["SM_CHANNEL_TRAIN"])
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(args.train, "train.csv"))
            model = xgb.XGBClassifier(max_depth=args.max_depth)
            model.fit(data[:800].drop(columns="y"), data[:800]["y"])
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            model.save_model(os.path.join(args.model_dir, "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding if the script certainly loads no hyperparameter."""
        verdict = subject.hyperparameters
        if verdict.state is State.ABSENT:
            yield self.finding(subject, subject.place_for(verdict), verdict.detail or _FIX)
