"""TRN402: an estimator without an argument that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.missing_arguments import missing_arguments
from flake8_training.builder.problem import Problem
from flake8_training.builder.requests import missing_members
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class MissingEstimatorArgument(LauncherRule):
    """Reports estimators, trainers, tuners and training steps that lack an argument."""

    code = "TRN402"
    severity = Severity.ERROR
    summary = "a required estimator argument is missing"
    why = """
        Without an entry point, an instance type and count, or the framework's version (or an image), an estimator
        raises when it is made, or its job is refused by the service. That is noticed only where the SDK is installed
        and credentials are at hand; in a builder class, only when its step is built. A raw `create_training_job`
        request has required members as well. An estimator whose `fit()` gives the arguments of a step needs a
        `PipelineSession`: with any other session the job is started at once.

        An argument may come from `**kwargs`: where these cannot be followed, nothing is said. The role has a rule of
        its own, TRN416.
    """
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(  # TRN402
                    entry_point="train.py",
                    framework_version="2.1",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = (
        "https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each call that lacks an argument."""
        yield from missing_arguments(launcher)
        yield from missing_members(launcher)
