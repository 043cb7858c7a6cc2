"""TRN211: instances that SageMaker cannot start a job on."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.distribution import misplaced
from flake8_training.builder.instance_configuration import impossible_instances
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class ImpossibleInstances(LauncherRule):
    """Reports instance types, counts, volumes and run times that cannot be right."""

    code = "TRN211"
    severity = Severity.ERROR
    summary = "the instance configuration cannot be right"
    why = """
        SageMaker refuses a job with an instance type that does not exist, with no instances, or with a run time above
        28 days; the SDK checks none of it. In a pipeline that is noticed only when the step's turn has come, after
        the steps before it have been paid for.

        Types are compared with those that the API lists for training jobs. A family that the list does not know may
        be newer than it, and is not reported. `local` and `local_gpu` are those of local mode. A distributed training
        has to fit its instances as well: `smdistributed.dataparallel` runs on four types only, `torch_distributed` on
        those with a GPU and on Trainium. scikit-learn has images for CPUs only.
    """
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
        """Yield a problem at each value that cannot be right."""
        yield from impossible_instances(launcher)
        yield from misplaced(launcher)
