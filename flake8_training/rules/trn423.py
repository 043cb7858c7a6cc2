"""TRN423: an output path that never reaches the estimator."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.output_paths import unused_output_paths
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class UnusedOutputPath(LauncherRule):
    """Reports output locations beside an estimator that nothing uses."""

    code = "TRN423"
    severity = Severity.WARNING
    summary = "the output path is computed and never given to the estimator"
    why = """
        Without `output_path`, SageMaker writes the model to the session's default bucket, under a name with a
        timestamp. A location that the launcher computes beside the estimator and never uses was probably meant for it.
        Later steps look for the model there and find nothing.
    """
    fix = """
        Pass the location as `output_path`, or remove it.
    """
    reported_when = (
        "a name such as `output_path` or `model_uri` holds a location, nothing reads it, and no estimator "
        "of the same function has `output_path`",
        "a function never reads its parameter of such a name, a caller passes a value, and no estimator in "
        "the function has `output_path`",
    )
    not_reported_when = (
        "one estimator of the function has `output_path`, or may get it from `**kwargs`",
        "the value is no S3 location, no `Join`, and not the result of a function that has `output` in its "
        "name",
        "the estimator is a `ModelTrainer`",
        "the module calls `eval`, `exec` or `globals`",
        NOT_IN_TESTS,
    )
    missed = ("a location under another kind of name, such as `destination`",)
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
        """Yield a problem for each location that nothing uses."""
        yield from unused_output_paths(launcher)
