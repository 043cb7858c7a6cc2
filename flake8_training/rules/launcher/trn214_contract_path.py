"""TRN214: a contract's path that a training job's container does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher import Launcher
from flake8_training.rules.launcher.declared_problems import wrong_container_paths
from flake8_training.rules.launcher.launcher_rule import NOT_IN_TESTS, LauncherRule
from flake8_training.rules.launcher.problem import Problem
from flake8_training.rules.rule import Condition, Example

_EVALUATION = """
    CONTRACT = {
        "%sputs": {
            "model": {
                "type": "model_artifacts",
                "source": "/opt/ml/processing/model",%s
                "destination": "/opt/ml/processing/model",
            },
        },
    }
"""


class WrongContainerPath(LauncherRule):
    """Reports container paths in the contracts of training scripts that SageMaker neither fills nor keeps."""

    code = "TRN214"
    severity = Severity.ERROR
    summary = "a container path is wrong"
    why = """
        In a training job, SageMaker puts the input data below `/opt/ml/input/data`, the configuration below
        `/opt/ml/input/config` and the code into `/opt/ml/code`. It uploads `/opt/ml/model`, `/opt/ml/output/data` and
        `/opt/ml/checkpoints`. A script that reads another folder finds nothing there, and files that it writes
        elsewhere are lost with the container. `/opt/ml/processing` exists in processing jobs only.
    """
    fix = """
        Write the folder of the channel for an input, and one of the three uploaded folders for an output.
    """
    reported_when = (
        "an input path of a training script's contract is outside `/opt/ml/input` and `/opt/ml/code`",
        "an output path of a training script's contract is outside `/opt/ml/model`, `/opt/ml/output/data` "
        "and `/opt/ml/checkpoints`",
        "a path within these folders has a misspelled folder",
        "the contract of a processing step names a folder of training jobs, such as `/opt/ml/model` (commit "
        "hook)",
        "a port of a training step's contract has no path, and the other ports of its side have one, or for a "
        "single port all of the other side (commit hook)",
    )
    not_reported_when = (
        Condition(
            "a dict shows no training script: it has no key `hyperparameters`, no port of type `TrainingInput` "
            "and no output of type `model_artifacts`; a model that is an input as well, or that stands beside a "
            "port of another kind of job, shows none either; another artefact may show it too (commit hook)",
            suppressed=Example({"contract.py": _EVALUATION % ("in", "")}),
            reported=Example({"contract.py": _EVALUATION % ("out", "  # TRN214")}),
        ),
        Condition(
            "a call constructs the contract, and its class is not `TrainingScriptContract` (flake8)",
            suppressed=Example(
                {
                    "training_contract.py": (
                        "from pipeline.contract import ScriptContract\n"
                        "\n"
                        "TRAINING_CONTRACT = ScriptContract(\n"
                        '    entry_point="train.py",\n'
                        '    expected_input_paths={"data": "/opt/ml/processing/input/training"},\n'
                        '    expected_output_paths={"model": "/opt/ml/models"},\n'
                        ")\n"
                    )
                }
            ),
            reported={
                "import ScriptContract": "import TrainingScriptContract",
                "ScriptContract(": "TrainingScriptContract(",
                (
                    '    expected_input_paths={"data": "/opt/ml/processing/input/training"},\n'
                    '    expected_output_paths={"model": "/opt/ml/models"},\n'
                ): (
                    "    expected_input_paths={\n"
                    '        "data": "/opt/ml/processing/input/training",  # TRN214\n'
                    "    },\n"
                    "    expected_output_paths={\n"
                    '        "model": "/opt/ml/models",  # TRN214\n'
                    "    },\n"
                ),
            },
        ),
        Condition(
            "the path is empty or unknown",
            suppressed={
                "TRAINING_CONTRACT = {\n": ("from pipeline.more import MORE\n\nTRAINING_CONTRACT = {\n"),
                '"/opt/ml/processing/input/training",  # TRN214': "MORE,",
                '"/opt/ml/models",  # TRN214': '"",',
            },
            reported={
                "TRAINING_CONTRACT = {\n": ("from pipeline.more import MORE\n\nTRAINING_CONTRACT = {\n")
            },
        ),
        NOT_IN_TESTS,
    )
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
        """Yield a problem for each path that the container does not have."""
        yield from wrong_container_paths(launcher)
