"""What image_training.py needs and gives."""

from ..interface import TrainingScriptContract

IMAGE_TRAINING_CONTRACT = TrainingScriptContract(
    entry_point="image_training.py",
    expected_input_paths={
        "images": "/opt/ml/input/data/images",
        "classes": "/opt/ml/input/data/classes",
    },
    expected_output_paths={
        "model": "/opt/ml/model",
        "report": "/opt/ml/output/data",
    },
    expected_arguments={
        "learning-rate": "0.001",
        "epochs": "10",
        "batch-size": "64",
    },
    required_env_vars=["LABEL_FIELD"],
    optional_env_vars={"DEVICE": "cpu"},
    framework_requirements={"torch": "==2.1.0", "numpy": ">=1.24"},
)
