"""Start xgboost_churn.py with the hyperparameters that have proved good."""

from sagemaker.inputs import TrainingInput
from sagemaker.xgboost import XGBoost

estimator = XGBoost(
    entry_point="xgboost_churn.py",
    source_dir="examples/good",
    framework_version="1.7-1",
    py_version="py3",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    volume_size=30,
    role="arn:aws:iam::123456789012:role/SageMakerRole",
    output_path="s3://bucket/models/",
    hyperparameters={"max-depth": 6, "num-round": 200},
    metric_definitions=[{"Name": "validation:auc", "Regex": '"validation-auc": ([0-9.]+)'}],
)
estimator.fit(
    {
        "train": TrainingInput("s3://bucket/churn/train/", content_type="text/csv"),
        "validation": TrainingInput("s3://bucket/churn/validation/", content_type="text/csv"),
    }
)
