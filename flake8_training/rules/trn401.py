"""TRN401: a builder class without one of its methods."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.step_builders import missing_methods
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class MissingBuilderMethod(LauncherRule):
    """Reports a builder of training steps that lacks a method."""

    code = "TRN401"
    severity = Severity.ERROR
    summary = "a required builder method is missing"
    why = """
        Python refuses to construct an object of a class that lacks an abstract method of its base: `TypeError: Can't
        instantiate abstract class`. A call of a missing method raises `AttributeError`. Both happen when the pipeline
        is put together.

        A builder of training steps consists of `_create_estimator`, `_prepare_hyperparameters_file`,
        `_prepare_training_inputs` and `create_step`. Code that calls all four fails if one is missing.
    """
    fix = """
        Define the missing method, or correct its name.
    """
    reported_when = (
        "a builder does not define an abstract method of a base class in the repository",
        "a class without a base has at least three of the four methods, or one that prepares and one that "
        "builds, and lacks another",
        "a method of a builder calls `self.name()`, and neither the class nor a base defines that name",
        "the step's `required_methods` lists a method that the builder does not have (commit hook)",
    )
    not_reported_when = (
        "a base class is outside the repository and is not `object`, `ABC` or `Generic`",
        "the file never mentions SageMaker (flake8)",
        "the class is abstract itself, or another class of the program derives from it",
        "the class defines `__getattr__`, or some code assigns an attribute of that name (calls of missing "
        "methods only)",
        NOT_IN_TESTS,
    )
    missed = ("a call of a missing method in a module that calls `eval`, `exec` or `globals`",)
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
        """Yield a problem for each class that lacks a method, and each call of one."""
        yield from missing_methods(launcher)
