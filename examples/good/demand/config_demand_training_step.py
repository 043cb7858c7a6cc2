"""The settings of the training of the demand."""

from pydantic import BaseModel


class DemandTrainingConfig(BaseModel):
    """What differs from one run of the pipeline to the next."""

    role: str
    label_field: str
    min_rows: int = 100
    job_type: str = "first"
    framework_version: str = "1.2-1"
    training_instance_type: str = "ml.m5.xlarge"
    training_instance_count: int = 1

    def get_environment_variables(self):
        """Return what the container's environment has to hold."""
        return {"LABEL_FIELD": self.label_field, "MIN_ROWS": str(self.min_rows)}
