"""TRN405: versions that no image of SageMaker has."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.versions import impossible_versions
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class ImpossibleVersions(LauncherRule):
    """Reports framework versions, and their combinations with a Python version, that no image has."""

    code = "TRN405"
    severity = Severity.ERROR
    summary = "framework_version and py_version are no valid pair"
    why = """
        SageMaker has images for certain versions of a framework, each with one or a few versions of Python. The
        versions of XGBoost and scikit-learn end with `-1`. The estimator accepts any string. The SDK looks up the image
        when the job starts or the pipeline is defined, and raises `ValueError: Unsupported Python version: py38.`
    """
    fix = """
        Use one of the versions that the message names.
    """
    reported_when = (
        "SageMaker has no image of `framework_version`, or of `transformers_version`",
        "the images of the framework's version have other versions of Python than `py_version`",
        "the images of `transformers_version` have another `pytorch_version` or `tensorflow_version`",
        "the default of a field of the step's configuration class sets such a version (commit hook)",
    )
    not_reported_when = (
        "the estimator has `image_uri`, `compiler_config` or `training_recipe`, or runs on Trainium or "
        "Inferentia",
        "the version is newer than the image tables of sagemaker 2.257.7",
        "a version is unknown, or may be one of several values",
        "the class may be one of several",
        "the call passes argument names of SDK v1, such as `train_instance_type`",
        NOT_IN_TESTS,
    )
    missed = ("a version with an `image_uri` that is `None` through a name or a default",)
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
        """Yield a problem for each version that no image has."""
        yield from impossible_versions(launcher)
