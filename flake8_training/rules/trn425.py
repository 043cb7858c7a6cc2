"""TRN425: values that SDK v3 cannot pass into the container."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.builder import Launcher
from flake8_training.builder.problem import Problem
from flake8_training.builder.trainer_environment import unpassable
from flake8_training.finding import Severity
from flake8_training.rules.base import Example
from flake8_training.rules.launching import NOT_IN_TESTS, LauncherRule


class UnpassableToContainer(LauncherRule):
    """Reports channels, hyperparameters and scripts of a ``ModelTrainer`` that its driver cannot pass on."""

    code = "TRN425"
    severity = Severity.ERROR
    summary = "SDK v3"
    why = """
        `ModelTrainer` starts the script through its own driver. The driver writes every channel and hyperparameter into
        a shell file, as `export SM_CHANNEL_TRAIN='...'`. A channel `train-data` yields no name of a variable, and a
        single quote in a value ends the string. Either way the job ends before the script starts. The trainer itself
        uses the channels `code` and `sm_drivers`.

        Hyperparameters become options of an `entry_script`, but not of a `SourceCode(command=...)`. There the script
        has to read `SM_HPS`, or the command has to name the options.
    """
    fix = """
        Rename the channel or hyperparameter, avoid the quote, or read `SM_HPS` in the script.
    """
    reported_when = (
        "the name of a channel is no name of a shell variable, or is `code` or `sm_drivers`",
        "the name of a hyperparameter, with `_` for `-`, is no name of a shell variable",
        "the value of a hyperparameter contains a single quote",
        "`entry_script` ends with neither `.py` nor `.sh`",
        "`command` passes no hyperparameter, its script is in the repository, and no file of `source_dir` "
        "names `SM_HPS` or another source of them",
    )
    not_reported_when = (
        "the trainer has no `source_code`, because then no driver runs",
        "the name or value is unknown",
        "`source_dir` is an S3 location, is outside the project, or has more than 400 files (lost "
        "hyperparameters only)",
        NOT_IN_TESTS,
    )
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
        """Yield a problem for each value that the driver cannot pass on."""
        yield from unpassable(launcher)
