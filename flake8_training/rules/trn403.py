"""TRN403: an argument that an estimator does not take."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.requests import unknown_members
from flake8_training.builder.unknown_arguments import unknown_arguments
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class UnknownEstimatorArgument(LauncherRule):
    """Reports keywords that an estimator, a trainer or one of its configurations does not take."""

    code = "TRN403"
    severity = Severity.ERROR
    summary = "unknown estimator argument"
    why = """
        The estimators of SDK v2 take `**kwargs` and hand them on until nobody looks at them: a misspelt argument is
        dropped without a word. `metric_definition=[...]` records no metric, `checkpoint_s3_url=` saves no checkpoint,
        and `volume_size_in_gb=500` leaves the disk at 30 GB. SDK v3 refuses them, when the object is made.

        Names of SDK v1 that v2 still translates (`train_instance_type`) are not reported.
    """
    bad = Example(
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
                    volume_size_in_gb=500,  # TRN403
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
                    volume_size=500,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = (
        "https://github.com/aws/sagemaker-python-sdk/issues/2275",
        "https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each argument that is not taken."""
        yield from unknown_arguments(launcher)
        yield from unknown_members(launcher)
