"""TRN415: spot training that loses its work, or is refused."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.spot import careless_spot_training
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class CarelessSpotTraining(LauncherRule):
    """Reports managed spot training without a checkpoint, or with a wait that cannot be."""

    code = "TRN415"
    severity = Severity.WARNING
    summary = "spot training without a checkpoint, or max_wait below max_run"
    why = """
        Spot instances are taken away when they are wanted elsewhere. Without `checkpoint_s3_uri` the job then begins
        again from nothing, and a long training may never end. `max_wait` is the time for waiting and running
        together: it is needed for spot training, and the service refuses one below `max_run` (86,400 seconds where it
        is not given, 3,600 in SDK v3).
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

                    use_spot_instances=True,  # TRN415
                    max_run=7200,
                    max_wait=3600,  # TRN415
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

                    use_spot_instances=True,
                    max_run=3600,
                    max_wait=7200,
                    checkpoint_s3_uri="s3://churn-checkpoints/",
                )
                estimator.fit({"train": "s3://churn-data/train"})
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each spot training that is careless."""
        yield from careless_spot_training(launcher)
