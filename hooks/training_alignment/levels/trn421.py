"""TRN421: Tuners whose objective metric nothing defines."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from training_alignment.launchers.launcher_file import LauncherFile
from training_alignment.launchers.metrics import undefined_objectives
from training_alignment.launchers.problem import Problem
from training_alignment.levels.launch_rule import LauncherFileRule


class ObjectiveUndefined(LauncherFileRule):
    """Reports tuners whose objective metric nothing defines."""

    code = "TRN421"
    severity = Severity.ERROR
    summary = "the tuner's objective metric is defined by no metric definition"
    why = """
        The tuner looks for its objective among the metrics that its own `metric_definitions` find in the log;
        those of the estimator are not asked. Without one of that name, CreateHyperParameterTuningJob refuses
        the request.
    """
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
        """Return them."""
        return undefined_objectives(file)
