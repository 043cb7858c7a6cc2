"""TRN103: no model is trained."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.frameworks import may_train
from flake8_training.script.verdict import State


class NothingTrained(Rule[Script]):
    """Reports a script that trains nothing although it is named as a training script."""

    code = "TRN103"
    severity = Severity.ERROR
    summary = "no model is trained"
    why = """
        The script is the entry point of a training job, and no code that it runs trains a model. The job succeeds, and
        its artifact holds no trained model.
    """
    fix = """
        Call the training function, or the model's `fit`, in the code that runs when the script starts.
    """
    warning_when = ("the script does something, and imports no library that trains: a job of another kind",)
    reported_when = (
        "`--training-scripts` or a step names the script, and no code that runs calls `fit`, `train`, an "
        "optimizer's step or another training call",
        "the script defines a training function, and no code that runs calls it",
        "a launcher, a contract or a builder certainly starts the script, and it trains nothing: it is empty, "
        "nothing calls `main()`, or it fits only a preprocessing step that is not what it saves",
    )
    not_reported_when = (
        Condition(
            "nothing names or certainly starts the script: a file that trains nothing is not recognised as one. An "
            "image of the project, or a script that reads a model, may do another work",
            suppressed=Example(
                "import os\n"
                "\n"
                "import joblib\n"
                "from sklearn.linear_model import Ridge\n"
                "\n"
                "model = Ridge()\n"
                'joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n'
            ),
            reported=Example(
                (
                    "import os\n"
                    "\n"
                    "import joblib\n"
                    "from sklearn.linear_model import Ridge\n"
                    "\n"
                    "model = Ridge()  # TRN103\n"
                    'joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n'
                ),
                options=("--training-scripts=train.py",),
            ),
        ),
        Condition(
            "a library or program that the script calls may train out of sight",
            suppressed={
                "import joblib\n": "import joblib\nimport trainers\n",
                '    print("accuracy:"': ('    trainers.train(model, data)\n    print("accuracy:"'),
            },
            reported={
                "import joblib\n": "import joblib\nimport trainers\n",
                '    print("accuracy:"': ('    print(trainers.title("training"))\n    print("accuracy:"'),
            },
        ),
        Condition(
            "a method is called on an object that an unknown library returned",
            suppressed={
                "import joblib\n": "import joblib\nimport trainers\n",
                '    print("accuracy:"': (
                    '    job = trainers.create(data)\n    job.train()\n    print("accuracy:"'
                ),
            },
            reported={
                "import joblib\n": "import joblib\nimport trainers\n",
                '    print("accuracy:"': '    data.pipe(print)\n    print("accuracy:"',
            },
        ),
        Condition(
            "the script saves an object of its own class, and a method that runs changes that object: it may be "
            "trained without a library",
            suppressed=Example(
                (
                    "import os\n"
                    "import pickle\n"
                    "\n"
                    "import pandas as pd\n"
                    "\n"
                    "\n"
                    "class Means:\n"
                    "    def __init__(self):\n"
                    "        self.of = {}\n"
                    "\n"
                    "    def learn(self, data):\n"
                    '        self.of["y"] = data["y"].mean()\n'
                    "\n"
                    "\n"
                    "model = Means()\n"
                    'model.learn(pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv")))\n'
                    'with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pkl"), "wb") as file:\n'
                    "    pickle.dump(model, file)\n"
                ),
                options=("--training-scripts=train.py",),
            ),
            reported={
                "class Means:\n": "class Means:  # TRN103\n",
                "    def learn(self, data):\n": "    def show(self, data):\n",
                '        self.of["y"] = data["y"].mean()\n': '        print(self.of, data["y"].mean())\n',
                "model.learn(": "model.show(",
            },
        ),
        Condition(
            "`--training-scripts` names a file that does nothing when it starts: other code may call its functions",
            suppressed={'if __name__ == "__main__":  # TRN103': "def main():"},
            reported={
                'if __name__ == "__main__":  # TRN103': "def main():",
                "def train(data": "def train(data",
                'os.environ["SM_MODEL_DIR"], "model.joblib"))\n': (
                    'os.environ["SM_MODEL_DIR"], "model.joblib"))\n\n\nmain()\n'
                ),
                "def train(data, trees):": "def train(data, trees):  # TRN103",
            },
        ),
    )
    missed = ("a script that fits and saves only a preprocessing step, which may be all that the job is for",)
    bad = Example(
        """
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier


        def train(data, trees):
            return RandomForestClassifier(n_estimators=trees).fit(data.drop(columns="y"), data["y"])


        if __name__ == "__main__":  # TRN103
            parser = argparse.ArgumentParser()
            parser.add_argument("--trees", type=int, default=100)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = RandomForestClassifier(n_estimators=args.trees)
            print("accuracy:", model.score(data.drop(columns="y"), data["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
        """,
        options=("--training-scripts=train.py",),
    )
    good = Example(
        """
        import argparse
        import os

        import joblib
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier


        def train(data, trees):
            return RandomForestClassifier(n_estimators=trees).fit(data.drop(columns="y"), data["y"])


        if __name__ == "__main__":
            parser = argparse.ArgumentParser()
            parser.add_argument("--trees", type=int, default=100)
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            model = train(data[:800], args.trees)
            print("accuracy:", model.score(data[800:].drop(columns="y"), data[800:]["y"]))
            joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
        """,
        options=("--training-scripts=train.py",),
    )

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding if no code that runs trains a model."""
        if subject.training.state is State.ABSENT:
            severity = None if may_train(subject.analysis) else Severity.WARNING
            detail = subject.training.detail or "no code that runs calls fit() or trains in another way"
            yield self.finding(subject, subject.entry, detail, severity=severity)
