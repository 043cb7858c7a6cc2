"""TRN212: a specification does not say where the code is."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.declared_problems import missing_code_locations
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class NoCodeLocation(LauncherRule):
    """Reports a specification without a code location."""

    code = "TRN212"
    severity = Severity.ERROR
    summary = "no code location"
    why = """
        The training job fetches the script from `code_location`. A specification that names none leaves it to the
        session's default bucket, where the code of every project ends up side by side, and where the role of a job in
        production often may not read.

        `source_dir`, `entry_point` or `image_uri` in the specification say where the code is as well.
    """
    bad = Example(
        {
            "training_spec.py": """
                TRAINING_SPEC = {  # TRN212
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
                    "job_type": "training",
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
    references = ("https://sagemaker.readthedocs.io/en/v2.257.1/api/training/estimators.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each specification without a code location."""
        yield from missing_code_locations(launcher)
