"""What xgboost_training.py needs and gives."""

XGBOOST_TRAINING_CONTRACT = {
    "entry_point": "xgboost_training.py",
    "inputs": {
        "training_data": {
            "type": "TrainingInput",
            "source": "s3://bucket/training/",
            "destination": "/opt/ml/input/data/training",
        },
        "validation_data": {
            "type": "TrainingInput",
            "source": "s3://bucket/validation/",
            "destination": "/opt/ml/input/data/validation",
        },
    },
    "outputs": {
        "model_artifacts": {
            "type": "model_artifacts",
            "source": "/opt/ml/model",
            "destination": "s3://bucket/models/",
        },
    },
    "hyperparameters": {
        "max_depth": 6,
        "eta": 0.3,
        "objective": "binary:logistic",
        "num_round": 100,
    },
    "environment_variables": {
        "FRAMEWORK": "xgboost",
        "MODEL_TYPE": "classification",
    },
}
