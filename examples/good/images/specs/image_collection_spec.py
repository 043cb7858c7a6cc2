"""What the collection of the images is in its pipeline."""

from ..contracts.image_collection_contract import IMAGE_COLLECTION_CONTRACT
from ..interface import DependencySpec, OutputSpec, StepSpecification

IMAGE_COLLECTION_SPEC = StepSpecification(
    step_type="ImageCollection",
    script_contract=IMAGE_COLLECTION_CONTRACT,
    dependencies=[
        DependencySpec(logical_name="archive", dependency_type="processing_output", required=False),
    ],
    outputs=[
        OutputSpec(
            logical_name="images",
            output_type="processing_output",
            property_path="properties.ProcessingOutputConfig.Outputs['images'].S3Output.S3Uri",
            data_type="S3Uri",
        ),
        OutputSpec(
            logical_name="classes",
            output_type="processing_output",
            property_path="properties.ProcessingOutputConfig.Outputs['classes'].S3Output.S3Uri",
            data_type="S3Uri",
        ),
    ],
)
