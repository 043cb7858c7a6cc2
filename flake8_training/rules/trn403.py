"""TRN403: an argument that an estimator does not accept."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.requests import unknown_members
from flake8_training.builder.unknown_arguments import unknown_arguments
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class UnknownEstimatorArgument(LauncherRule):
    """Reports arguments that an estimator, a trainer, a part of it, a step or a request does not accept."""

    code = "TRN403"
    severity = Severity.ERROR
    summary = "unknown estimator argument"
    why = """
        The estimators of SDK v2 accept `**kwargs` and drop an argument that they do not know. `metric_definition=[...]`
        records no metric, `checkpoint_s3_url=` saves no checkpoint, and `volume_size_in_gb=500` leaves the disk at 30
        GB. No error appears. The classes of SDK v3 refuse unknown arguments when they are constructed.
    """
    fix = """
        Use the name that the message suggests, or remove the argument.
    """
    reported_when = (
        "an estimator of SDK v2 gets an argument that it does not know",
        "`fit()` gets an argument that it does not know, or `train()` a misspelled one",
        "a class of SDK v3, a tuner or a step gets a misspelled argument, or one that another version of "
        "the SDK has",
        "a training or tuning step gets `step_args` and its estimator or tuner, or a `ModelTrainer` both "
        "`training_image` and `algorithm_name`",
        "a `create_training_job` request has a misspelled member",
    )
    not_reported_when = (
        "the name is one of SDK v1 that v2 still translates, such as `train_instance_type`",
        "a class of SDK v3 gets a name that resembles none of its arguments, because the rule's table may "
        "be older than the SDK",
        "the project's own subclass gets the argument",
        "the class may be one of several",
        NOT_IN_TESTS,
    )
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
        """Yield a problem for each argument or member that is unknown."""
        yield from unknown_arguments(launcher)
        yield from unknown_members(launcher)
