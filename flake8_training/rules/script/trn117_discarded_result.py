"""TRN117: the result of training is discarded."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Finding, Severity
from flake8_training.rules.rule import Condition, Example, Rule
from flake8_training.script import Script
from flake8_training.script.discarded_results import discarded_trainings


class DiscardedTraining(Rule[Script]):
    """Reports a training whose result, the only trained model, is dropped."""

    code = "TRN117"
    severity = Severity.WARNING
    summary = "the result of training is discarded"
    why = """
        `xgboost.train`, `lightgbm.train` and `catboost.train` return the model and keep no copy. Without an assignment
        the trained model is lost. If the script saves an object afterwards, it is another one, untrained.
    """
    fix = """
        Assign the result: `model = xgboost.train(...)`.
    """
    reported_when = (
        "the result of `xgboost.train`, `lightgbm.train`, `catboost.train`, a Spark estimator's `fit` or a "
        "GluonTS estimator's `train` is dropped",
        "such a result has a name that the script never reads, and the script may save some model",
        "a statement builds and fits an estimator of scikit-learn, XGBoost, LightGBM or CatBoost at once: "
        "`SVC().fit(X, y)`",
        "a function of the script trains a model, saves nothing and returns the model, and a call drops its "
        "result",
    )
    not_reported_when = (
        Condition(
            "the call trains the object that it is called on: `model.fit(...)`, `trainer.train()`",
            suppressed={
                '    xgb.train(params, train, evals=[(test, "test")])  # TRN117\n': (
                    "    classifier = xgb.XGBClassifier()\n"
                    '    classifier.fit(data[:800].drop(columns="y"), data[:800]["y"])\n'
                    "    model = classifier\n"
                )
            },
            reported={
                '    xgb.train(params, train, evals=[(test, "test")])  # TRN117\n': (
                    '    xgb.train(params, train, evals=[(test, "test")])  # TRN117\n'
                    "    classifier = xgb.XGBClassifier()\n"
                    '    classifier.fit(data[:800].drop(columns="y"), data[:800]["y"])\n'
                    "    model = classifier\n"
                )
            },
        ),
        Condition(
            "the training gets `callbacks`, `evals_result`, `custom_metric`, `snapshot_file` or `**kwargs`: the "
            "model may leave through these",
            suppressed={
                'evals=[(test, "test")])  # TRN117': (
                    'evals=[(test, "test")], '
                    'callbacks=[xgb.callback.TrainingCheckPoint(os.environ["SM_MODEL_DIR"])])'
                )
            },
            reported={
                '    xgb.train(params, train, evals=[(test, "test")])  # TRN117\n': (
                    '    callbacks = [xgb.callback.TrainingCheckPoint(os.environ["SM_MODEL_DIR"])]\n'
                    "    print(callbacks)\n"
                    '    xgb.train(params, train, evals=[(test, "test")])  # TRN117\n'
                )
            },
        ),
        Condition(
            "the estimator of the statement is built from other objects, which it may train in place",
            suppressed=Example(
                "import os\n"
                "\n"
                "import joblib\n"
                "import pandas as pd\n"
                "from sklearn.linear_model import Ridge\n"
                "from sklearn.pipeline import Pipeline\n"
                "\n"
                'data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))\n'
                "model = Ridge()\n"
                'Pipeline([("model", model)]).fit(data[["a"]], data["y"])\n'
                'joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n'
            ),
            reported=Example(
                "import os\n"
                "\n"
                "import joblib\n"
                "import pandas as pd\n"
                "from sklearn.linear_model import Ridge\n"
                "\n"
                'data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))\n'
                "model = Ridge()\n"
                'Ridge(alpha=2.0).fit(data[["a"]], data["y"])  # TRN117\n'
                'joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))\n'
            ),
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
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": args.max_depth}
            model = xgb.Booster(params, [train])
            xgb.train(params, train, evals=[(test, "test")])  # TRN117
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
            args = parser.parse_args()

            data = pd.read_csv(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"))
            train = xgb.DMatrix(data[:800].drop(columns="y"), data[:800]["y"])
            test = xgb.DMatrix(data[800:].drop(columns="y"), data[800:]["y"])
            params = {"max_depth": args.max_depth}
            model = xgb.train(params, train, evals=[(test, "test")])
            model.save_model(os.path.join(os.environ["SM_MODEL_DIR"], "model.json"))
    """)

    def check(self, subject: Script, /) -> Iterator[Finding]:
        """Yield one finding at each training whose result is dropped."""
        for one in discarded_trainings(subject.analysis, subject.model_saving):
            what = "trains a model and returns it" if one.function else "returns the trained model"
            yield self.finding(subject, one.node, f"{one.name}() {what}, and nothing keeps the result")
