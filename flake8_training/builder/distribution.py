"""Instance types that do not support the distribution or the framework's image.

Source: sagemaker 2.257.7 ``image_uris.py: _validate_arg`` (processors), ``fw_utils.py``
(``SM_DATAPARALLEL_SUPPORTED_INSTANCE_TYPES``, ``validate_torch_distributed_distribution``, ``_is_gpu_instance``). The
SDK raises for ``torch_distributed`` on a CPU when the estimator is constructed. SageMaker's data parallel library ends
the job on an instance type that it does not support.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.given import Arguments, Given
from flake8_training.builder.made import Estimator
from flake8_training.builder.problem import Problem, at_value, current, is_left_out
from flake8_training.sagemaker.frameworks import processors
from flake8_training.sagemaker.instances import accelerator, instance_types

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

_DATA_PARALLEL = ("ml.p3.16xlarge", "ml.p3dn.24xlarge", "ml.p4d.24xlarge", "ml.p4de.24xlarge")


def misplaced(launcher: Launcher) -> Iterator[Problem]:
    """Yield the instance types that do not support an estimator's distribution or image."""
    for estimator in current(launcher):
        instance, argument = estimator.get("instance_type"), estimator.get("distribution")
        if instance is None or estimator.overridden & {"instance_type", "distribution"}:
            continue
        distribution = launcher.reader.entries(argument.given) if argument is not None else Arguments()
        for value in instance.given.constants:
            if not isinstance(value, str) or value not in instance_types():
                continue
            reason = _judged(estimator, value, distribution) or _without_image(estimator, value)
            if reason:
                yield at_value(estimator, instance.given, value, f"{value} {reason}")


def _without_image(estimator: Estimator, instance: str) -> str:
    """Return why the framework has no image for an instance type, or "": all of its images are for CPUs."""
    if estimator.framework is None or not is_left_out(estimator, "image_uri"):
        return ""
    if processors(estimator.framework) != {"cpu"} or accelerator(instance) == "cpu":
        return ""
    return f"has a GPU or an accelerator, and {estimator.name} has images for CPUs only"


def _judged(estimator: Estimator, instance: str, distribution: Arguments) -> str:
    reader = estimator.launcher.reader
    smdistributed = distribution.only("smdistributed")
    if smdistributed is not None and smdistributed.certain:
        found = reader.entries(smdistributed.given).only("dataparallel")
        if found is not None and found.certain and _is_enabled(estimator, found.given):
            if instance not in _DATA_PARALLEL:
                return f"is none that smdistributed.dataparallel runs on ({', '.join(_DATA_PARALLEL)})"
    torch = distribution.only("torch_distributed")
    if torch is not None and torch.certain and _is_enabled(estimator, torch.given):
        if is_left_out(estimator, "image_uri") and accelerator(instance) == "cpu":
            return "has no GPU and is no Trainium, which torch_distributed asks for"
    return ""


def _is_enabled(estimator: Estimator, expression: Given) -> bool:
    enabled = estimator.launcher.reader.entries(expression).only("enabled")
    return enabled is not None and enabled.certain and enabled.constant is True
