"""TRN425: what SDK v3 cannot pass into the container."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.trainer_environment import unpassable
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import LauncherRule


class UnpassableToContainer(LauncherRule):
    """Reports channels and hyperparameters of ModelTrainer that its driver cannot pass on."""

    code = "TRN425"
    severity = Severity.ERROR
    summary = "SDK v3"
    why = """
        `ModelTrainer` starts the script through a driver of its own. It writes every channel and hyperparameter into
        a shell file, as `export SM_CHANNEL_TRAIN='...'`: a channel called `train-data` makes no name of a variable,
        and a single quote in a value ends the text. Either way the job ends before the script begins. The channels
        `code` and `sm_drivers` are the trainer's own, and an entry script is a `.py` or a `.sh`.

        Hyperparameters become options of an `entry_script`. With `SourceCode(command=...)` they do not: the script
        has to read `SM_HPS`, or the command has to name them. That is reported where the script of the command is at
        hand and no file beside it does so.
    """
    bad = Example(
        {
            "launch.py": """
                from sagemaker.core.training.configs import Compute, InputData, SourceCode
                from sagemaker.train import ModelTrainer

                trainer = ModelTrainer(
                    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312",
                    source_code=SourceCode(source_dir="src", entry_script="train.py"),
                    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
                    hyperparameters={"epochs": 3, "label": "customer's choice"},  # TRN425
                )
                trainer.train(
                    input_data_config=[
                        InputData(
                            channel_name="train-data",  # TRN425
                            data_source="s3://churn-data/train",
                        ),
                    ],
                )
            """,
        }
    )
    good = Example(
        {
            "launch.py": """
                from sagemaker.core.training.configs import Compute, InputData, SourceCode
                from sagemaker.train import ModelTrainer

                trainer = ModelTrainer(
                    training_image="763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.8.0-cpu-py312",
                    source_code=SourceCode(source_dir="src", entry_script="train.py"),
                    compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
                    hyperparameters={"epochs": 3, "label": "choice of customer"},
                )
                trainer.train(
                    input_data_config=[
                        InputData(
                            channel_name="train_data",
                            data_source="s3://churn-data/train",
                        ),
                    ],
                )
            """,
        }
    )
    references = ("https://sagemaker.readthedocs.io/en/stable/",)

    def problems(self, launcher: Launcher, /) -> Iterator[Problem]:
        """Yield a problem at each channel or hyperparameter that is lost."""
        yield from unpassable(launcher)
