"""Look for good hyperparameters of xgboost_churn.py."""

from sagemaker.tuner import ContinuousParameter, HyperparameterTuner
from sagemaker.xgboost import XGBoost

estimator = XGBoost(
    entry_point="xgboost_churn.py",
    source_dir="examples/good",
    framework_version="1.7-1",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    role="arn:aws:iam::123456789012:role/SageMakerRole",
    hyperparameters={"max-depth": 6, "num-round": 200},
)
tuner = HyperparameterTuner(
    estimator,
    objective_metric_name="validation:auc",
    hyperparameter_ranges={"eta": ContinuousParameter(0.01, 0.5)},
    metric_definitions=[{"Name": "validation:auc", "Regex": '"validation-auc": ([0-9.]+)'}],
)
tuner.fit({"train": "s3://bucket/churn/train/", "validation": "s3://bucket/churn/validation/"})
