"""TRN412: an input that the job cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.inputs import wrong_inputs
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class WrongInput(LauncherRule):
    """Reports inputs whose location, mode, distribution or content type cannot be right."""

    code = "TRN412"
    severity = Severity.ERROR
    summary = "a TrainingInput is wrong"
    why = """
        `TrainingInput` checks nothing. A location that is no S3 URI (a bare bucket, a folder of this machine),
        `input_mode="Fastfile"` or `distribution="Sharded"` is refused by the service when the job is created. A
        misspelt `content_type` is not even refused: the algorithm reads the files as something else, or fails after
        the start.

        A text given to `fit` instead of a `TrainingInput` has to begin with `s3://`, or with `file://` in local mode.
    """
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.inputs import TrainingInput

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                train = TrainingInput(
                    "churn-data/train",  # TRN412
                    distribution="Sharded",  # TRN412
                )
                estimator.fit({"train": train})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch
                from sagemaker.inputs import TrainingInput

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role=sagemaker.get_execution_role(),
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                train = TrainingInput(
                    "s3://churn-data/train",
                    distribution="ShardedByS3Key",
                )
                estimator.fit({"train": train})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each input that cannot be right."""
        yield from wrong_inputs(launcher)
