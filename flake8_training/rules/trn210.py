"""TRN210: the estimator of a specification is not configured in full."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.declared_problems import incomplete_settings
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class IncompleteEstimatorConfiguration(LauncherRule):
    """Reports a specification whose ``estimator_config`` lacks a setting."""

    code = "TRN210"
    severity = Severity.ERROR
    summary = "the estimator configuration is incomplete"
    why = """
        A specification's `estimator_config` is what the builder makes the estimator from. What it leaves out is not
        an error there: the SDK's defaults step in (30 GB of disk, 24 hours of run time), or the job is refused when
        the pipeline already runs. `instance_type`, `instance_count`, `volume_size_in_gb` and `max_run` are stated in
        the specification, so that who reads it knows what a run costs.

        A table that takes settings from somewhere else (`**DEFAULTS` that cannot be followed) is not judged.
    """
    bad = Example(
        {
            "training_spec.py": """
                TRAINING_SPEC = {
                    "step_name": "churn-training",
                    "estimator_config": {  # TRN210
                        "instance_type": "ml.m5.xlarge",
                        "instance_count": 1,
                        "volume_size_in_gb": 30,
                    },
                    "inputs": ["TrainingInput"],
                    "outputs": ["model_artifacts"],
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "code_location": "s3://churn-code/training/",
                }
            """,
        }
    )
    good = Example(
        {
            "training_spec.py": """
                TRAINING_SPEC = {
                    "step_name": "churn-training",
                    "estimator_config": {
                        "instance_type": "ml.m5.xlarge",
                        "instance_count": 1,
                        "volume_size_in_gb": 30,
                        "max_run": 3600,
                    },
                    "inputs": ["TrainingInput"],
                    "outputs": ["model_artifacts"],
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "code_location": "s3://churn-code/training/",
                }
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each configuration that lacks a setting."""
        yield from incomplete_settings(launcher)
