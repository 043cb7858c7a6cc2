"""TRN904: hyperparameters are never logged."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.engine.syntax.parents import stands_in
from flake8_training.finding import Finding, Severity
from flake8_training.rules.advice.example import careful, careless
from flake8_training.rules.advice.reporting import hyperparameters_are_reported
from flake8_training.rules.rule import Condition, Rule
from flake8_training.script import Script
from flake8_training.script.verdict import State


class HyperparametersNeverLogged(Rule[Script]):
    """Reports a script that loads hyperparameters and never prints, logs or writes one of them."""

    code = "TRN904"
    severity = Severity.ADVICE
    seen_by = "TRN9"
    summary = "hyperparameters are never logged"
    why = """
        Jobs are compared by their logs. SageMaker shows only the hyperparameters that the launcher passed; without a
        line in the log, the defaults that the script used are unknown.
    """
    fix = """
        Log the options at the start: `logging.info("hyperparameters: %s", vars(args))`.
    """
    reported_when = (
        "the script loads hyperparameters, and no print, log call or written data file contains one of them",
    )
    not_reported_when = (
        Condition(
            "the script imports an experiment tracker (MLflow, Weights & Biases, Comet), TensorBoard, "
            "loguru or structlog, which may report them",
            suppressed={
                "import joblib\n": "import joblib\nimport mlflow\n",
                "def main(args):\n": "def main(args):\n    mlflow.autolog()\n",
            },
            reported={"import joblib\n": "import joblib\nimport mlflow\n"},
        ),
        Condition(
            "a trainer of Hugging Face trains: it reports its arguments",
            suppressed={
                "model = RandomForestClassifier(n_estimators=args.trees)": (
                    'model = Trainer(args=TrainingArguments("out", num_train_epochs=args.trees))'
                ),
                'model.fit(train.drop(columns="y"), train["y"])': "model.train()",
                "import pandas as pd\n": (
                    "import pandas as pd\nfrom transformers import Trainer, TrainingArguments\n"
                ),
                'model.score(validation.drop(columns="y"), validation["y"])': "model.evaluate(validation)",
                "joblib.dump(model, path)": "model.save_model(args.model_dir)",
                'joblib.load(path).predict(validation[:1].drop(columns="y"))': "print(path)",
                "  # TRN904": "",
            },
            reported={
                "import pandas as pd\n": ("import pandas as pd\nfrom transformers import Trainer\n"),
                "def main(args):\n": ("def main(args):\n    print(Trainer)\n"),
            },
        ),
        Condition(
            "a method such as `log_params`, `log_hyperparams` or `save_hyperparameters` is called",
            suppressed={"def main(args):\n": ("def main(args):\n    args.tracker.log_params(vars(args))\n")},
            reported={"def main(args):\n": 'def main(args):\n    print("log_params")\n'},
        ),
        Condition(
            "a library or program that the script calls may train, and so report, out of sight",
            suppressed={
                "import joblib\n": "import joblib\nimport trainers\n",
                "    accuracy = ": "    trainers.train(model)\n    accuracy = ",
            },
            reported={
                "import joblib\n": "import joblib\nimport trainers\n",
                "    accuracy = ": '    trainers.announce("training")\n    accuracy = ',
            },
        ),
    )
    bad = careless(
        ('    log.info("hyperparameters: %s", vars(args))', ""),
        (
            'parser.add_argument("--trees", type=int, default=100)',
            'parser.add_argument("--trees", type=int, default=100)  # TRN904',
        ),
    )
    good = careful()

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding where the first hyperparameter is loaded."""
        verdict = subject.hyperparameters
        if verdict.state is State.PRESENT and not hyperparameters_are_reported(subject.analysis):
            nodes = [node for node in verdict.evidence if stands_in(subject.tree, node)]
            yield self.finding(subject, nodes[0] if nodes else subject.entry)
