"""Managed spot training that loses its work, or that the service rejects.

Source: CreateTrainingJob's documentation (spot training requires MaxWaitTimeInSeconds, not below MaxRuntimeInSeconds);
defaults of sagemaker 2.257.7 (``max_run`` 86400) and sagemaker-train 1.27.0 (3600).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.given import Argument
from flake8_training.builder.made import Construction, Estimator
from flake8_training.builder.problem import Problem, at_argument, at_value, current, is_left_out

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

_DEFAULT_RUN_V2 = 24 * 60 * 60
_DEFAULT_RUN_V3 = 60 * 60


def careless_spot_training(launcher: Launcher) -> Iterator[Problem]:
    """Yield spot training without a checkpoint, and waiting times below the run time."""
    for estimator in current(launcher):
        yield from _of_trainer(estimator) if estimator.is_trainer else _of_estimator(estimator)


def _of_estimator(estimator: Estimator) -> Iterator[Problem]:
    if not _is_on(estimator.get("use_spot_instances")):
        return
    spot = estimator.get("use_spot_instances")
    assert spot is not None
    # Most of SageMaker's built-in algorithms save no checkpoints.
    has_script = estimator.is_framework or not is_left_out(estimator, "entry_point")
    if has_script and is_left_out(estimator, "checkpoint_s3_uri"):
        detail = "without checkpoint_s3_uri an interrupted job begins again"
        yield at_argument(estimator, spot, detail)
    if is_left_out(estimator, "max_wait"):
        yield at_argument(
            estimator, spot, "max_wait is missing, which spot training needs, at least as long as max_run"
        )
    yield from _waits(estimator, "max_wait", estimator, "max_run", _DEFAULT_RUN_V2)


def _of_trainer(trainer: Estimator) -> Iterator[Problem]:
    compute = trainer.part("compute")
    spot = compute.get("enable_managed_spot_training") if compute else None
    if compute is None or spot is None or not _is_on(spot):
        return
    if is_left_out(trainer, "checkpoint_config") and not any(
        trainer.launcher.methods(trainer, "with_checkpoint_config")
    ):
        yield at_argument(compute, spot, "without checkpoint_config an interrupted job begins again")
    stopping = trainer.part("stopping_condition")
    if stopping is not None:
        names = ("max_wait_time_in_seconds", "max_runtime_in_seconds")
        yield from _waits(stopping, names[0], stopping, names[1], _DEFAULT_RUN_V3)


def _waits(
    waiting: Construction, wait: str, running: Construction, run: str, default: int
) -> Iterator[Problem]:
    argument, limit = waiting.get(wait), running.get(run)
    if argument is None or wait in waiting.overridden or run in running.overridden:
        return
    longest = _numbers(limit) if limit is not None else [default] if is_left_out(running, run) else []
    waits = _numbers(argument)
    if waits and longest and 1 <= max(waits) < min(longest):
        value = max(waits)
        shown = f"{run} {min(longest)}" + ("" if limit is not None else ", the default")
        yield at_value(waiting, argument.given, value, f"{wait} {value} is below {shown}")


def _numbers(argument: Argument) -> list[int | float]:
    """Return the numbers that an argument can be, without None; empty if it can be anything else."""
    found: list[int | float] = []
    for value in argument.given.constants:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append(value)
        elif value is not None:
            return []
    return found if len(argument.given.constants) == len(argument.given.values) else []


def _is_on(argument: Argument | None) -> bool:
    return argument is not None and argument.given.constants == (True,) and argument.given.is_known
