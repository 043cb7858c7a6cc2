"""TRN415: spot training that loses its work, or that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.spot import careless_spot_training
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class CarelessSpotTraining(LauncherRule):
    """Reports managed spot training without a checkpoint, or with a wrong maximal wait."""

    code = "TRN415"
    severity = Severity.WARNING
    summary = "spot training without a checkpoint, or max_wait below max_run"
    why = """
        SageMaker takes a spot instance away when others need it. Without `checkpoint_s3_uri` the job then starts again
        from nothing, and a long training may never end.

        `max_wait` limits the time for waiting and running together. Spot training needs it, and the service refuses a
        value below `max_run`, whose default is 86,400 seconds (SDK v3: 3,600).
    """
    fix = """
        Pass `checkpoint_s3_uri`, and a `max_wait` of at least `max_run`.
    """
    reported_when = (
        "an estimator with a script has `use_spot_instances=True` and no `checkpoint_s3_uri`",
        "an estimator has `use_spot_instances=True` and no `max_wait`",
        "spot training is on, and `max_wait` is below `max_run` or its default",
        "a `ModelTrainer` has `enable_managed_spot_training=True`, and neither `checkpoint_config` nor a "
        "call of `with_checkpoint_config`",
    )
    not_reported_when = (
        "spot training may be off, because the value is not `True` in every case",
        "the estimator runs an image without an entry point, such as an algorithm of SageMaker (checkpoints "
        "only)",
        "the argument may come from `**kwargs` that cannot be resolved, or the program assigns the "
        "attribute afterwards",
        "the call passes argument names of SDK v1, such as `train_instance_type`",
        NOT_IN_TESTS,
    )
    missed = (
        "`max_wait` without spot training, which the service refuses as well",
        "an argument that is `None` through a name or a default instead of a literal `None`",
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
        """Yield a problem for each spot training without a checkpoint or with a wrong wait."""
        yield from careless_spot_training(launcher)
