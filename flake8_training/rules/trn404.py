"""TRN404: a value that CreateTrainingJob refuses."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.limits import broken_limits
from flake8_training.builder.problem import Problem
from flake8_training.builder.requests import broken_members
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class BrokenLimit(LauncherRule):
    """Reports values of estimators, tuners and requests that break a limit of the service."""

    code = "TRN404"
    severity = Severity.ERROR
    summary = "an argument value breaks a CreateTrainingJob limit"
    why = """
        The service checks names, counts, lengths and enumerations; the SDK does not. A hyperparameter of more than
        2,500 characters, an environment variable called `MY-VAR` or with a number for a value, an `input_mode` of
        `Fastfile`, an underscore in `base_job_name` or an output path that is no S3 URI is refused when the job is
        created, and in a pipeline that is when the step's turn has come.

        Limits are those of the service's own model, compared as a whole. Values that are computed are not judged
        beyond what is known of them. `base_job_name` does not matter inside a pipeline.
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

                    input_mode="Fastfile",  # TRN404
                    environment={"LOG-LEVEL": "debug"},  # TRN404
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

                    input_mode="FastFile",
                    environment={"LOG_LEVEL": "debug"},
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each value that breaks a limit."""
        yield from broken_limits(launcher)
        yield from broken_members(launcher)
