"""TRN214: a contract names a path that a training job's container does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.declared_problems import wrong_container_paths
from flake8_training.builder.problem import Problem
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class WrongContainerPath(LauncherRule):
    """Reports container paths in contracts of training scripts that SageMaker neither fills nor keeps."""

    code = "TRN214"
    severity = Severity.ERROR
    summary = "a container path is wrong"
    why = """
        In a training job, input data is mounted below `/opt/ml/input/data` and the configuration below
        `/opt/ml/input/config`; code is in `/opt/ml/code`. Of what the script writes, `/opt/ml/model`,
        `/opt/ml/output/data` and `/opt/ml/checkpoints` are uploaded, and everything else is gone with the container.
        The folders of processing jobs, `/opt/ml/processing/...`, do not exist there, nor those of training jobs in a
        processing job: the commit hook, which knows what a step is, says that too.
    """
    bad = Example(
        {
            "training_contract.py": """
                TRAINING_CONTRACT = {
                    "inputs": {
                        "training_data": {
                            "type": "TrainingInput",
                            "source": "s3://churn-data/training/",
                            "destination": "/opt/ml/processing/input/training",  # TRN214
                        },
                    },
                    "outputs": {
                        "model_artifacts": {
                            "type": "model_artifacts",
                            "source": "/opt/ml/models",  # TRN214
                            "destination": "s3://churn-models/",
                        },
                    },
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"},
                }
            """,
        }
    )
    good = Example(
        {
            "training_contract.py": """
                TRAINING_CONTRACT = {
                    "inputs": {
                        "training_data": {
                            "type": "TrainingInput",
                            "source": "s3://churn-data/training/",
                            "destination": "/opt/ml/input/data/training",
                        },
                    },
                    "outputs": {
                        "model_artifacts": {
                            "type": "model_artifacts",
                            "source": "/opt/ml/model",
                            "destination": "s3://churn-models/",
                        },
                    },
                    "hyperparameters": {"max_depth": 6, "eta": 0.3},
                    "environment_variables": {"FRAMEWORK": "xgboost", "MODEL_TYPE": "classification"},
                }
            """,
        }
    )
    references = ("https://docs.aws.amazon.com/sagemaker/latest/dg/model-train-storage.html",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each path that the container does not have."""
        yield from wrong_container_paths(launcher)
