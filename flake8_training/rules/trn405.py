"""TRN405: versions that no image of SageMaker has."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.versions import impossible_versions
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class ImpossibleVersions(LauncherRule):
    """Reports framework versions, and pairs with a Python version, for which there is no image."""

    code = "TRN405"
    severity = Severity.ERROR
    summary = "framework_version and py_version are no valid pair"
    why = """
        SageMaker's images exist for certain versions of a framework, each with one or a few versions of Python; the
        versions of XGBoost and scikit-learn end with `-1`. The estimator takes any text. The image is looked up when
        the job is started, or the pipeline defined, and only then is the pair refused.

        Not judged: estimators with an `image_uri`, with a compiler or on Trainium, and versions newer than the
        tables.
    """
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py38",  # TRN405
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
    references = ("https://github.com/aws/deep-learning-containers/blob/master/available_images.md",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each version that no image has."""
        yield from impossible_versions(launcher)
