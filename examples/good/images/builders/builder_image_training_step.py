"""Build the pipeline step that runs image_training.py."""

from sagemaker.inputs import TrainingInput
from sagemaker.pytorch import PyTorch
from sagemaker.workflow.steps import TrainingStep

from ..configs.config_image_training_step import ImageTrainingConfig
from ..interface import StepBuilder
from ..specs.image_training_spec import IMAGE_TRAINING_SPEC


class ImageTrainingStepBuilder(StepBuilder):
    """Makes the estimator, its inputs and the step from a configuration."""

    def __init__(self, config: ImageTrainingConfig):
        super().__init__(config, spec=IMAGE_TRAINING_SPEC)

    def validate_configuration(self):
        required_attrs = ["training_entry_point", "training_instance_type", "label_field"]
        for name in required_attrs:
            if getattr(self.config, name) in (None, ""):
                raise ValueError(f"{name} is missing")

    def _get_environment_variables(self):
        return self.config.get_environment_variables()

    def _create_estimator(self, output_path):
        return PyTorch(
            entry_point=self.config.training_entry_point,
            source_dir="examples/good/images/scripts",
            framework_version=self.config.framework_version,
            py_version=self.config.py_version,
            role=self.config.role,
            instance_type=self.config.training_instance_type,
            instance_count=self.config.training_instance_count,
            volume_size=self.config.training_volume_size,
            output_path=output_path,
            hyperparameters={"learning-rate": 0.001, "epochs": 10, "batch-size": 64},
            environment=self._get_environment_variables(),
            metric_definitions=[{"Name": "train:loss", "Regex": r"loss ([0-9.]+)"}],
        )

    def _get_inputs(self, images):
        return {
            "images": TrainingInput(s3_data=images),
            "classes": TrainingInput(s3_data=self.config.classes_uri),
        }

    def create_step(self, images, output_path):
        return TrainingStep(
            name="ImageTraining",
            estimator=self._create_estimator(output_path),
            inputs=self._get_inputs(images),
        )
