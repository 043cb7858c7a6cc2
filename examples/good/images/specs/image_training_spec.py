"""What the training of the images is in its pipeline."""

from ..contracts.image_training_contract import IMAGE_TRAINING_CONTRACT
from ..interface import DependencySpec, OutputSpec, StepSpecification

IMAGE_TRAINING_SPEC = StepSpecification(
    step_type="ImageTraining",
    script_contract=IMAGE_TRAINING_CONTRACT,
    dependencies=[
        DependencySpec(
            logical_name="images",
            dependency_type="training_data",
            required=True,
            compatible_sources=["ImageCollection"],
            data_type="S3Uri",
        ),
        DependencySpec(
            logical_name="classes",
            dependency_type="processing_output",
            required=True,
            compatible_sources=["ImageCollection"],
            data_type="S3Uri",
        ),
    ],
    outputs=[
        OutputSpec(
            logical_name="model",
            output_type="model_artifacts",
            property_path="properties.ModelArtifacts.S3ModelArtifacts",
            aliases=["image_model"],
            data_type="S3Uri",
        ),
        OutputSpec(
            logical_name="report",
            output_type="processing_output",
            property_path="properties.OutputDataConfig.S3OutputPath",
            data_type="S3Uri",
        ),
    ],
)
