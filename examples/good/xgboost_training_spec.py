"""What the training step is in its pipeline, and what flows into it and out of it."""

XGBOOST_TRAINING_SPEC = {
    "step_name": "xgboost-training",
    "estimator_config": {
        "instance_type": "ml.m5.xlarge",
        "instance_count": 1,
        "volume_size_in_gb": 30,
        "max_run": 3600,
    },
    "inputs": {
        "training_data": "TrainingInput",
        "validation_data": "TrainingInput",
    },
    "outputs": {
        "model_artifacts": "model_artifacts",
    },
    "hyperparameters": {
        "max_depth": 6,
        "eta": 0.3,
        "objective": "binary:logistic",
    },
    "code_location": "s3://bucket/code/",
}
