"""TRN416: an estimator without a role that a job can take."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.roles import wrong_roles
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class WrongRole(LauncherRule):
    """Reports estimators without a role, and roles that are neither an ARN nor a name."""

    code = "TRN416"
    severity = Severity.ERROR
    summary = "the role is missing or no role ARN"
    why = """
        A training job runs under an IAM role. The SDK takes a name and looks the role up, or an ARN as it is; the ARN
        of a user or of a policy, or one whose account has not twelve digits, is refused when the job is created. SDK
        v2 raises where there is none and the SDK's configuration file does not give one.

        A role that is filled in elsewhere (`self.role`, a parameter) is not judged, and neither is a placeholder such
        as `arn:aws:iam::ACCOUNT:role/name`.
    """
    bad = Example(
        {
            "launch.py": """
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role="arn:aws:iam::123456789012:user/trainer",  # TRN416
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
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(
                    entry_point="train.py",
                    framework_version="2.1",
                    py_version="py310",
                    role="arn:aws:iam::123456789012:role/trainer",
                    instance_type="ml.g5.xlarge",
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each missing or wrong role."""
        yield from wrong_roles(launcher)
