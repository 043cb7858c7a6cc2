"""TRN416: an estimator without a role, or with a value that is no role."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.roles import wrong_roles
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class WrongRole(LauncherRule):
    """Reports estimators without a role, and roles that are neither an ARN of a role nor a name."""

    code = "TRN416"
    severity = Severity.ERROR
    summary = "the role is missing or no role ARN"
    why = """
        A training job runs under an IAM role. The SDK looks up a name, and passes an ARN unchanged. The service refuses
        the ARN of a user or policy, and one whose account has not twelve digits, when the job is created. If neither
        the launcher nor the SDK's configuration file sets a role, SDK v2 raises `ValueError: An AWS IAM role is
        required to create an estimator.`
    """
    fix = """
        Pass the ARN of a role: `arn:aws:iam::<12 digits>:role/<name>`.
    """
    reported_when = (
        "an estimator of SDK v2 has no `role`",
        "the role is the ARN of something else, or its account has not twelve digits",
        "the role is empty, or a string that is neither a name nor an ARN",
        "a `create_training_job` request has no `RoleArn`, or a role's name for it",
    )
    not_reported_when = (
        "the role is unknown, such as `self.role` or a parameter",
        "the role is a placeholder, such as `<your role>` or `arn:aws:iam::ACCOUNT:role/name`",
        "the SDK's configuration file may set the role: the file names it or is a test, or none of its "
        "several estimators has a role (missing roles only)",
        "the class is `ModelTrainer` or a JumpStart estimator, which find a role themselves (missing roles "
        "only)",
        "the job may run in local mode, which accepts any string that is no ARN",
        "the argument may come from `**kwargs` that cannot be resolved, or the program assigns the "
        "attribute afterwards",
        NOT_IN_TESTS,
    )
    missed = (
        "a missing role in a file with `sagemaker.config` in a comment, or with a function called `test_...`",
        "an argument that is `None` through a name or a default instead of a literal `None`",
    )
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
        """Yield a problem for each missing or wrong role."""
        yield from wrong_roles(launcher)
