"""Start pytorch_training.py on spot instances, whose work is kept when they are taken away."""

from sagemaker.pytorch import PyTorch

estimator = PyTorch(
    entry_point="pytorch_training.py",
    source_dir="examples/good",
    framework_version="2.1",
    py_version="py310",
    instance_type="ml.g4dn.xlarge",
    instance_count=1,
    role="arn:aws:iam::123456789012:role/SageMakerRole",
    use_spot_instances=True,
    max_run=3600,
    max_wait=7200,
    checkpoint_s3_uri="s3://bucket/checkpoints/",
    hyperparameters={"learning-rate": 0.01, "epochs": 5},
)
estimator.fit({"training": "s3://bucket/images/train/", "validation": "s3://bucket/images/validation/"})
