"""The settings of the training of the images."""

from pydantic import BaseModel


class ImageTrainingConfig(BaseModel):
    """What differs from one run of the pipeline to the next."""

    role: str
    classes_uri: str
    label_field: str
    device: str = "cpu"
    training_entry_point: str = "image_training.py"
    training_instance_type: str = "ml.g4dn.xlarge"
    training_instance_count: int = 1
    training_volume_size: int = 50
    framework_version: str = "2.1.0"
    py_version: str = "py310"

    def get_environment_variables(self):
        """Return what the container's environment has to hold."""
        return {"LABEL_FIELD": self.label_field, "DEVICE": self.device}
