"""Start the training of steps/churn_training.py: four mistakes, of which flake8 sees the one that this file shows alone."""

from sagemaker.inputs import TrainingInput
from sagemaker.xgboost import XGBoost

estimator = XGBoost(
    entry_point="churn_training.py",
    source_dir="steps",
    framework_version="1.7-1",
    instance_type="ml.m5.xlagre",  # TRN211
    instance_count=1,
    role="arn:aws:iam::123456789012:role/SageMakerRole",
    hyperparameters={"max_depth": 6, "num-round": 200},
)
estimator.fit({"training": TrainingInput("s3://bucket/churn/", content_type="text/csv")})
