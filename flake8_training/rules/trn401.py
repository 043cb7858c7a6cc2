"""TRN401: a builder class without one of its methods."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.step_builders import missing_methods
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class MissingBuilderMethod(LauncherRule):
    """Reports a builder of training steps that lacks a method."""

    code = "TRN401"
    severity = Severity.ERROR
    summary = "a required builder method is missing"
    why = """
        A class that leaves out an abstract method of its base cannot be instantiated: `TypeError`, when the pipeline
        is put together. A builder of training steps without a base has the four methods that make one up,
        `_create_estimator`, `_prepare_hyperparameters_file`, `_prepare_training_inputs` and `create_step`; where it
        has some of them and lacks another, whatever calls all four fails.

        A class whose base is not at hand, one that is derived from, and one with methods of other names is not
        judged.
    """
    bad = Example(
        {
            "builder_training_step.py": """
                import json

                from sagemaker.inputs import TrainingInput
                from sagemaker.workflow.steps import TrainingStep
                from sagemaker.xgboost import XGBoost


                class XGBoostTrainingStepBuilder:  # TRN401
                    def __init__(self, role, training_data_uri):
                        self.role = role
                        self.training_data_uri = training_data_uri
                        self.hyperparameters = {"max_depth": 6, "eta": 0.3}

                    def _create_estimator(self):
                        return XGBoost(
                            entry_point="train.py",
                            framework_version="1.7-1",
                            instance_type="ml.m5.xlarge",
                            instance_count=1,
                            role=self.role,
                            hyperparameters=self.hyperparameters,
                        )

                    def _prepare_hyperparameters_file(self):
                        path = "/tmp/hyperparameters.json"
                        with open(path, "w") as stream:
                            json.dump(self.hyperparameters, stream)
                        return path

                    def create_step(self):
                        return TrainingStep(
                            name="Train",
                            estimator=self._create_estimator(),
                            inputs={"train": TrainingInput(self.training_data_uri, content_type="text/csv")},
                        )
            """,
        }
    )
    good = Example(
        {
            "builder_training_step.py": """
                import json

                from sagemaker.inputs import TrainingInput
                from sagemaker.workflow.steps import TrainingStep
                from sagemaker.xgboost import XGBoost


                class XGBoostTrainingStepBuilder:
                    def __init__(self, role, training_data_uri):
                        self.role = role
                        self.training_data_uri = training_data_uri
                        self.hyperparameters = {"max_depth": 6, "eta": 0.3}

                    def _create_estimator(self):
                        return XGBoost(
                            entry_point="train.py",
                            framework_version="1.7-1",
                            instance_type="ml.m5.xlarge",
                            instance_count=1,
                            role=self.role,
                            hyperparameters=self.hyperparameters,
                        )

                    def _prepare_hyperparameters_file(self):
                        path = "/tmp/hyperparameters.json"
                        with open(path, "w") as stream:
                            json.dump(self.hyperparameters, stream)
                        return path

                    def _prepare_training_inputs(self):
                        return {"train": TrainingInput(self.training_data_uri, content_type="text/csv")}

                    def create_step(self):
                        return TrainingStep(
                            name="Train",
                            estimator=self._create_estimator(),
                            inputs=self._prepare_training_inputs(),
                        )
            """,
        }
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each class that lacks a method."""
        yield from missing_methods(launcher)
