"""Arguments that a class does not take.

SDK v2's estimators hand unknown keywords on until ``EstimatorBase`` drops them (sagemaker 2.257.7); the classes of v3
refuse them when they are made (``extra="forbid"``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.made import Construction
from flake8_training.builder.problem import Problem, at_argument, of_one_class
from flake8_training.sagemaker.near import nearest

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

# The arguments of other libraries and of SDK v1, with what they are called now.
_MEANT = {
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
_PARTS_OF_TRAINER = frozenset(
    {"SourceCode", "Compute", "InputData", "StoppingCondition", "CheckpointConfig", "Networking"}
)


def unknown_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers and their parts do not take."""
    for estimator in of_one_class(launcher):
        if estimator.local is None:
            yield from _unknown(estimator)
    for made in launcher.of(*_PARTS_OF_TRAINER):
        yield from _unknown(made)


def _unknown(made: Construction) -> Iterator[Problem]:
    taken = made.signature
    if taken is None:
        return
    for argument in made.arguments:
        if argument.name in taken.known or argument.name in taken.renamed:
            continue
        meant = _meant(argument.name, taken.known)
        if meant is not None:
            meant = taken.renamed.get(meant, meant)
            again = ", which is given as well" if meant in made.arguments else ""
            yield at_argument(
                made, argument, f"{made.name} has no {argument.name}, did you mean {meant}{again}?"
            )
        elif taken.sdk == "v2":
            # SDK v2 gets no new arguments any more; v3 does, and its table ages.
            yield at_argument(made, argument, f"{made.name} has no {argument.name}; it has no effect")


def _meant(name: str, known: frozenset[str]) -> str | None:
    found = _MEANT.get(name)
    if found in known:
        return found
    return nearest(name, sorted(known))
