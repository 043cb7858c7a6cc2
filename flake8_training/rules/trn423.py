"""TRN423: an output path that is computed for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.output_paths import unused_output_paths
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class UnusedOutputPath(LauncherRule):
    """Reports output locations that are computed beside an estimator and never used."""

    code = "TRN423"
    severity = Severity.WARNING
    summary = "the output path is computed and never given to the estimator"
    why = """
        Without `output_path` the model goes into the session's default bucket, under a name with a timestamp. A
        location that is computed right beside the estimator and never used was meant for it: the steps that look for
        the model there find nothing.

        Said only of a name that nothing reads, where every estimator made in the same function has no `output_path`.
    """
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                bucket = sagemaker.Session().default_bucket()
                output_path = f"s3://{bucket}/churn/models"  # TRN423

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
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                bucket = sagemaker.Session().default_bucket()
                output_path = f"s3://{bucket}/churn/models"

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                    output_path=output_path,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each location that nothing uses."""
        yield from unused_output_paths(launcher)
