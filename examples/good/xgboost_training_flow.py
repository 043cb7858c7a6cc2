"""What flows into the training step and out of it."""

dependencies = {
    "upstream_steps": ["data-preprocessing"],
    "input_artifacts": ["training_data", "validation_data"],
    "required_permissions": ["s3:GetObject", "s3:PutObject"],
    "downstream_consumers": ["model-evaluation"],
}

training_pipeline_flow = {
    "data_source": "upstream_step.properties.ProcessingOutputConfig.Outputs['training_data'].S3Output.S3Uri",
    "model_destination": "s3://bucket/models/",
    "evaluation_consumers": ["model-evaluation"],
    "hyperparameter_source": "xgboost_hyperparameters.json",
}

model_artifact_flow = {
    "source": "/opt/ml/model",
    "destination": "s3://bucket/models/",
    "consumers": ["model-evaluation"],
    "format": "framework_specific",
}
