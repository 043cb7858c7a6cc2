"""TRN211: instances that SageMaker cannot start a job on."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.distribution import misplaced
from flake8_training.builder.instance_configuration import impossible_instances
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class ImpossibleInstances(LauncherRule):
    """Reports instance types, counts, volumes and run times that the service refuses."""

    code = "TRN211"
    severity = Severity.ERROR
    summary = "the instance configuration cannot be right"
    why = """
        SageMaker refuses a job whose instance type does not exist, whose instance count is 0, or whose run time exceeds
        28 days. The SDK checks none of these. In a pipeline the refusal comes when the step starts, after the earlier
        steps have run.

        A distributed training needs fitting instances as well. The SDK refuses `torch_distributed` on a CPU.
        `smdistributed.dataparallel` ends the job on every instance type that it does not support.
    """
    fix = """
        Write an instance type for training jobs, a count of at least 1, a volume of 1 to 16,384 GB and a run time of at
        most 28 days.
    """
    reported_when = (
        "an instance type does not exist, or exists only for another kind of job, such as processing",
        "an instance count is below 1, a volume is below 1 GB or above 16,384 GB, or a run time is below 1 "
        "second or above 28 days",
        "a count, volume or run time is a string of digits, or no whole number",
        "`smdistributed.dataparallel` is enabled on an instance type other than `ml.p3.16xlarge`, "
        "`ml.p3dn.24xlarge`, `ml.p4d.24xlarge` and `ml.p4de.24xlarge`",
        "`torch_distributed` is enabled without `image_uri`, and the instance type has no GPU and is no "
        "Trainium",
        "the framework has images for CPUs only, such as scikit-learn, and the instance type has a GPU or "
        "another accelerator",
        "such a value is the default of a parameter, an option, an environment variable, or of the step's "
        "configuration class (commit hook)",
    )
    not_reported_when = (
        "the family of the instance type is unknown, because it may be newer than the rule's table",
        "the instance type is `local` or `local_gpu`",
        "the value is unknown or a placeholder, such as `<instance type>`",
        "the call passes argument names of SDK v1, such as `train_instance_type`",
        "the program assigns the attribute after it constructs the estimator",
        NOT_IN_TESTS,
    )
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.xgboost import XGBoost

                INSTANCE = "ml.m5.xlagre"  # TRN211

                estimator = XGBoost(
                    entry_point="train.py",
                    framework_version="1.7-1",
                    role=sagemaker.get_execution_role(),
                    instance_type=INSTANCE,
                    instance_count=0,  # TRN211
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.xgboost import XGBoost

                INSTANCE = "ml.m5.xlarge"

                estimator = XGBoost(
                    entry_point="train.py",
                    framework_version="1.7-1",
                    role=sagemaker.get_execution_role(),
                    instance_type=INSTANCE,
                    instance_count=1,
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each value that the service or the library refuses."""
        yield from impossible_instances(launcher)
        yield from misplaced(launcher)
