"""TRN421: a tuner whose objective metric has no definition."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS
from flake8_training.rules.rule import Condition, Example
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.metrics import undefined_objectives
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.rules.launch_rule import LauncherFileRule


class ObjectiveUndefined(LauncherFileRule):
    """Reports tuners whose objective metric no metric definition names."""

    code = "TRN421"
    severity = Severity.ERROR
    summary = "no metric definition defines the tuner's objective"
    why = """
        The tuner looks for its objective among its own `metric_definitions`. It ignores those of the estimator. If none
        has the name of the objective, CreateHyperParameterTuningJob refuses the request.
    """
    fix = """
        Add a definition of that name to the tuner's `metric_definitions`, or correct `objective_metric_name`.
    """
    fixable = "uses the only metric with a near name"
    reported_when = (
        "no `Name` in the tuner's `metric_definitions` equals `objective_metric_name`",
        "the tuner has no `metric_definitions`, and the framework's image emits no metrics itself",
    )
    not_reported_when = (
        Condition(
            "the objective, the estimator or one of the names is unknown",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                'objective_metric_name="validation_loss",  # TRN421': "objective_metric_name=options.METRIC,",
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "import options\nfrom sagemaker.pytorch import PyTorch\n"
                ),
                "estimator = PyTorch(": "print(options.METRIC)\nestimator = PyTorch(",
            },
        ),
        Condition(
            "the program assigns an attribute of the tuner afterwards",
            suppressed={
                '"loss: ([0-9.]+)"}],\n)': (
                    '"loss: ([0-9.]+)"}],\n)\ntuner.objective_metric_name = "validation:loss"'
                )
            },
            reported={
                '"loss: ([0-9.]+)"}],\n)': (
                    '"loss: ([0-9.]+)"}],\n)\nestimator.objective_metric_name = "validation:loss"'
                )
            },
        ),
        Condition(
            "the tuner has no definitions, and the estimator is `XGBoost`, `RLEstimator`, a general `Estimator` "
            "or a `ModelTrainer`",
            suppressed={
                "from sagemaker.pytorch import PyTorch\n": "from sagemaker.xgboost import XGBoost\n",
                "PyTorch(": "XGBoost(",
                '    metric_definitions=[{"Name": "validation:loss", "Regex": "loss: ([0-9.]+)"}],\n': "",
            },
            reported={
                "from sagemaker.pytorch import PyTorch\n": (
                    "from sagemaker.pytorch import PyTorch\nfrom sagemaker.xgboost import XGBoost\n"
                ),
                "estimator = PyTorch(": "print(XGBoost)\nestimator = PyTorch(",
            },
        ),
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})

                from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

                tuner = HyperparameterTuner(
                    estimator,
                    objective_metric_name="validation_loss",  # TRN421
                    hyperparameter_ranges={"epochs": ContinuousParameter(1, 4)},
                    metric_definitions=[{"Name": "validation:loss", "Regex": "loss: ([0-9.]+)"}],
                )
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=float)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN421",),
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    source_dir="code",
                    role="arn:aws:iam::123456789012:role/Training",
                    instance_type="ml.m5.xlarge",
                    instance_count=1,
                    framework_version="2.1",
                    py_version="py310",
                    hyperparameters={"batch-size": 32, "epochs": 4},
                )
                estimator.fit(inputs={"train": "s3://bucket/train/"})

                from sagemaker.tuner import ContinuousParameter, HyperparameterTuner

                tuner = HyperparameterTuner(
                    estimator,
                    objective_metric_name="validation:loss",
                    hyperparameter_ranges={"epochs": ContinuousParameter(1, 4)},
                    metric_definitions=[{"Name": "validation:loss", "Regex": "loss: ([0-9.]+)"}],
                )
            """,
            "code/train.py": """
                import argparse
                import os

                parser = argparse.ArgumentParser()
                parser.add_argument("--batch-size", type=int)
                parser.add_argument("--epochs", type=float)
                arguments = parser.parse_args()
                print(arguments, os.listdir(os.environ["SM_CHANNEL_TRAIN"]))
            """,
        },
        options=("--select=TRN421",),
    )

    def problems(self, file: LauncherFile, /) -> Iterable[Problem]:
        """Return the tuners whose objective has no definition."""
        return undefined_objectives(file)
