"""The settings of the training step."""

from dataclasses import dataclass, field


@dataclass
class XGBoostTrainingConfig:
    """What differs from one run of the pipeline to the next."""

    role: str
    training_data_uri: str
    validation_data_uri: str
    build_dir: str = "build"
    instance_type: str = "ml.m5.xlarge"
    hyperparameters: dict = field(default_factory=dict)
