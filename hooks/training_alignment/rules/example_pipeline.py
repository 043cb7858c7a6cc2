"""Two aligned steps, where the second reads the first one's output, for the rules' examples."""

from __future__ import annotations

from training_alignment.rules.example_step import CONTRACT, SPECIFICATION, Changes, changed

OPTIONS = ("--select=TRN3",)
"""A configuration for steps without scripts and builders: the examples do not need them."""

PRODUCER_SPECIFICATION = """
    from pipeline.specification import DependencyType, OutputSpec, StepSpecification

    CLEANING_SPEC = StepSpecification(
        step_type="Cleaning",
        node_type="source",
        dependencies=[],
        outputs=[
            OutputSpec(
                logical_name="clean_data",
                aliases=["training_data"],
                output_type=DependencyType.PROCESSING_OUTPUT,
                property_path="properties.ProcessingOutputConfig.Outputs['clean_data'].S3Output.S3Uri",
                data_type="S3Uri",
            ),
        ],
    )
"""

CONSUMER_SPECIFICATION = """
    from pipeline.specification import DependencySpec, DependencyType, OutputSpec, StepSpecification

    CHURN_TRAINING_SPEC = StepSpecification(
        step_type="ChurnTraining",
        node_type="internal",
        dependencies=[
            DependencySpec(
                logical_name="training_data",
                dependency_type=DependencyType.TRAINING_DATA,
                required=True,
                compatible_sources=["Cleaning"],
                data_type="S3Uri",
            ),
        ],
        outputs=[
            OutputSpec(
                logical_name="model_output",
                output_type=DependencyType.MODEL_ARTIFACTS,
                property_path="properties.ModelArtifacts.S3ModelArtifacts",
                data_type="S3Uri",
            ),
        ],
    )
"""

FLOWS = """
    dependencies = {
        "upstream_steps": ["data-preprocessing"],
        "input_artifacts": ["training_data", "validation_data"],
        "required_permissions": ["s3:GetObject", "s3:PutObject"],
        "downstream_consumers": ["model-evaluation"],
    }

    training_pipeline_flow = {
        "data_source": "upstream_step.properties.ProcessingOutputConfig.Outputs['training_data'].S3Output.S3Uri",
        "model_destination": "s3://bucket/models/",
        "evaluation_consumers": ["model-evaluation-step"],
        "hyperparameter_source": "churn_hyperparameters.json",
    }

    model_artifact_flow = {
        "source": "/opt/ml/model",
        "destination": "s3://bucket/models/",
        "consumers": ["model-evaluation-step"],
        "format": "framework_specific",
    }
"""

_PREPROCESSING = """
    DATA_PREPROCESSING_SPEC = {
        "step_name": "data-preprocessing",
        "inputs": {
            "raw_data": "ProcessingInput",
        },
        "outputs": {
            "training_data": "ProcessingOutput",
            "validation_data": "ProcessingOutput",
        },
    }
"""

_EVALUATION = """
    MODEL_EVALUATION_SPEC = {
        "step_name": "model-evaluation",
        "inputs": {
            "model": "model_artifacts",
        },
        "outputs": {
            "report": "ProcessingOutput",
        },
    }
"""


def pipeline(specification: Changes = (), producer: Changes = ()) -> dict[str, str]:
    """Return the specifications of a processing step and a training step, each with its replacements."""
    return {
        "specs/cleaning_spec.py": changed(PRODUCER_SPECIFICATION, producer),
        "specs/churn_training_spec.py": changed(CONSUMER_SPECIFICATION, specification),
    }


def flow(flows: Changes = (), preprocessing: Changes = (), evaluation: Changes = ()) -> dict[str, str]:
    """Return a training step with flow tables between its neighbours, each file with its replacements."""
    return {
        "contracts/churn_training_contract.py": CONTRACT,
        "specs/churn_training_spec.py": SPECIFICATION,
        "specs/churn_training_flow.py": changed(FLOWS, flows),
        "specs/data_preprocessing_spec.py": changed(_PREPROCESSING, preprocessing),
        "specs/model_evaluation_spec.py": changed(_EVALUATION, evaluation),
        "churn_hyperparameters.json": "{}\n",
    }
