"""The settings of a job by the names of SDK v2: its instances, its limit of time and where its output goes.

Each way of starting a job has them in its own place: arguments of an estimator, parts of a ``ModelTrainer``, members of
a request.
"""

from __future__ import annotations

from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator, below
from flake8_training.named_tuple import NamedTuple


class _Places(NamedTuple):
    """The places of a setting: the part of a trainer with its argument, and the path of members in a request."""

    of_trainer: tuple[str, str]
    of_request: tuple[str, str]


_PLACES = {
    "instance_type": _Places(("compute", "instance_type"), ("ResourceConfig", "InstanceType")),
    "instance_count": _Places(("compute", "instance_count"), ("ResourceConfig", "InstanceCount")),
    "volume_size": _Places(("compute", "volume_size_in_gb"), ("ResourceConfig", "VolumeSizeInGB")),
    "max_run": _Places(
        ("stopping_condition", "max_runtime_in_seconds"), ("StoppingCondition", "MaxRuntimeInSeconds")
    ),
    "output_path": _Places(("output_data_config", "s3_output_path"), ("OutputDataConfig", "S3OutputPath")),
}
SETTINGS = tuple(_PLACES)
"""The names of the settings, in the order in which they are shown."""
_OF_SDK_V1 = "train_"


def settings_of(estimator: Estimator) -> dict[str, LocatedExpression]:
    """Return the settings that an estimator or a request passes."""
    found = {name: _setting(estimator, name, places) for name, places in _PLACES.items()}
    return {name: one for name, one in found.items() if one is not None}


def _setting(estimator: Estimator, name: str, places: _Places) -> LocatedExpression | None:
    if isinstance(estimator, RequestedEstimator):
        argument = below(estimator.launcher, estimator.members, *places.of_request)
    elif estimator.is_trainer:
        part = estimator.part(places.of_trainer[0])
        argument = part.get(places.of_trainer[1]) if part is not None else None
    else:
        argument = estimator.get(name) or estimator.get(f"{_OF_SDK_V1}{name}")
    return argument.expression if argument is not None else None
