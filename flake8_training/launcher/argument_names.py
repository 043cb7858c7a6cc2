"""The intended argument of a name that a class does not accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.spelling import closest

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import SdkObject

# Arguments of other libraries and of SDK v1, with their present names. A name that is not listed is compared
# by its spelling.
_PRESENT_NAMES = {
    "distributions": "distribution",
    "image_name": "image_uri",
    "image": "image_uri",
    "train_image": "image_uri",
    "volume_size_in_gb": "volume_size",
    "max_runtime_in_seconds": "max_run",
    "max_run_in_seconds": "max_run",
    "max_runtime": "max_run",
    "max_wait_time_in_seconds": "max_wait",
    "env": "environment",
    "environment_variables": "environment",
    "hyper_parameters": "hyperparameters",
    "hyperparams": "hyperparameters",
    "metrics_definitions": "metric_definitions",
    "checkpoint_s3_path": "checkpoint_s3_uri",
    "s3_output_path": "output_path",
    "output": "output_path",
    "output_dir": "output_path",
    "job_name": "base_job_name",
    "use_spot": "use_spot_instances",
    "spot_instances": "use_spot_instances",
    "security_groups": "security_group_ids",
    "subnet_ids": "subnets",
    "session": "sagemaker_session",
    "role_arn": "role",
    "entrypoint": "entry_point",
    "entry_script": "entry_point",
    "script": "entry_point",
    "source_code": "source_dir",
    "instance": "instance_type",
    "training_image": "image_uri",
    "tensorboard_config": "tensorboard_output_config",
}
# Arguments of SDK v2, with the arguments of v3's classes that replace them.
_IN_V3 = {
    "entry_point": ("entry_script", "source_code"),
    "source_dir": ("source_code",),
    "instance_type": ("compute",),
    "instance_count": ("compute",),
    "volume_size": ("volume_size_in_gb", "compute"),
    "use_spot_instances": ("enable_managed_spot_training", "compute"),
    "max_run": ("max_runtime_in_seconds", "stopping_condition"),
    "max_wait": ("max_wait_time_in_seconds", "stopping_condition"),
    "image_uri": ("training_image",),
    "framework_version": ("training_image",),
    "py_version": ("training_image",),
    "output_path": ("s3_output_path", "output_data_config"),
    "checkpoint_s3_uri": ("s3_uri", "checkpoint_config"),
    "checkpoint_local_path": ("local_path", "checkpoint_config"),
    "input_mode": ("training_input_mode",),
    "s3_data": ("data_source",),
    "inputs": ("input_data_config",),
    "estimator": ("model_trainer", "step_args"),
    "tuner": ("step_args",),
    "processor": ("step_args",),
    "transformer": ("step_args",),
    "source": ("s3_input", "s3_output"),
    "destination": ("s3_input", "s3_output"),
}


def meant_argument(name: str, known: frozenset[str]) -> str | None:
    """Return the argument of ``known`` that a name replaces or misspells, or None."""
    for found in (_PRESENT_NAMES.get(name), *_IN_V3.get(name, ())):
        if found in known:
            return found
    return closest(name, sorted(known))


def intended_arguments(sdk_object: SdkObject) -> frozenset[str]:
    """Return the known arguments of a class that its unknown arguments replace or misspell."""
    known = sdk_object.signature.known if sdk_object.signature else frozenset()
    intended = {meant_argument(name, known) for name in sdk_object.arguments.names if name not in known}
    return frozenset(name for name in intended if name is not None)
