"""TRN402: an estimator without an argument that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.missing_arguments import missing_arguments
from flake8_training.builder.problem import Problem
from flake8_training.builder.requests import missing_members
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class MissingEstimatorArgument(LauncherRule):
    """Reports estimators, trainers, tuners, steps and requests that lack an argument."""

    code = "TRN402"
    severity = Severity.ERROR
    summary = "a required estimator argument is missing"
    why = """
        Without an entry point, an instance type and count, or a framework version (or an image), the estimator raises
        when it is constructed, or the service refuses its job. An example: `ValueError: framework_version or py_version
        was None, yet image_uri was also None.` In a builder class this happens only when the step is built.

        If the `fit()` of an estimator returns the arguments of a step, the estimator needs a `PipelineSession`. With
        any other session the job starts at once.
    """
    fix = """
        Pass the missing argument.
    """
    reported_when = (
        "an estimator has no `instance_type` or `instance_count`, and no `instance_groups` (`SKLearn` needs "
        "no count)",
        "a framework estimator has no `entry_point`, or the general `Estimator` has no `image_uri`",
        "a framework estimator has neither `image_uri` nor its versions; `XGBoost` and `HuggingFace` need "
        "one version even with an image",
        "a `ModelTrainer` has neither `training_image` nor `algorithm_name`, or a `SourceCode` with "
        "`entry_script` has no `source_dir`",
        "a tuner lacks a required argument, or a training or tuning step lacks `name`, or both `step_args` "
        "and its estimator or tuner",
        "`step_args` of a step is the `fit()` of an estimator without a `PipelineSession`",
        "a `create_training_job` request lacks a required member",
        "the step's `required_config` lists a parameter that the builder does not have (commit hook)",
    )
    not_reported_when = (
        "the argument may come from `**kwargs` that cannot be resolved, or the program assigns the "
        "attribute afterwards",
        "the argument is present under a misspelled or old name, because TRN403 reports that name",
        "the role is missing, because TRN416 reports that",
        "the class may be one of several, or is `JumpStartEstimator`, or gets a `training_recipe`",
        "the call passes argument names of SDK v1, such as `train_instance_type`",
        NOT_IN_TESTS,
    )
    missed = ("an argument that is `None` through a name or a default instead of a literal `None`",)
    bad = Example(
        {
            "launch.py": """
                import sagemaker
                from sagemaker.pytorch import PyTorch

                estimator = PyTorch(  # TRN402
                    entry_point="train.py",
                    framework_version="2.1",
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
    references = (
        "https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
    )

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem for each call or request that lacks an argument."""
        yield from missing_arguments(launcher)
        yield from missing_members(launcher)
