"""Arguments that a class does not accept.

SDK v2's estimators pass unknown keywords on until ``EstimatorBase`` drops them (sagemaker 2.257.7). Its other classes
and methods raise TypeError, and the classes of v3 reject them at construction (``extra="forbid"``). A training step
accepts one of two arguments, not both (``workflow/steps.py``); so does the trainer of v3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.made import Construction, Estimator
from flake8_training.builder.problem import Problem, at_argument, of_one_class
from flake8_training.builder.slips import meant_argument
from flake8_training.sagemaker.signatures import signature

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

_PARTS_OF_TRAINER = frozenset(
    "SourceCode Compute InputData StoppingCondition CheckpointConfig Networking OutputDataConfig MetricDefinition "
    "TensorBoardOutputConfig RetryStrategy Torchrun MPI SMP".split()
)
_ALWAYS_SO: dict[str, object] = {"script_mode": True}
"""Arguments that SDK v1 needed and v2 always implies (``cli/compatibility/v2/modifiers/deprecated_params.py``)."""
_EITHER = {
    ("TrainingStep", "v2"): (("step_args", "estimator"),),
    ("TuningStep", "v2"): (("step_args", "tuner"),),
    ("ModelTrainer", "v3"): (("training_image", "algorithm_name"),),
}


def unknown_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers and their parts do not accept."""
    for estimator in of_one_class(launcher):
        if estimator.local is None:
            yield from _unknown(estimator)
            yield from _unknown_to_start(launcher, estimator)
    for sdk_object in (*launcher.of(*_PARTS_OF_TRAINER), *launcher.tuners, *launcher.steps):
        if sdk_object.local is None and sdk_object.is_of_one_class:
            yield from _unknown(sdk_object)
    for sdk_object in (*launcher.steps, *of_one_class(launcher)):
        yield from _either(sdk_object)


def _unknown_to_start(launcher: Launcher, estimator: Estimator) -> Iterator[Problem]:
    """Yield the arguments that ``fit`` or ``train`` does not accept."""
    for job in estimator.jobs:
        taken = signature(f"{estimator.class_name}.{job.method}") if job.tuner is None else None
        if job.method == "step" or taken is None or taken.accepts_any:
            continue
        for keyword in job.node.keywords:
            if keyword.arg is None or keyword.arg in taken.known:
                continue
            intended = meant_argument(keyword.arg, taken.known)
            if intended is not None or taken.sdk == "v2":
                hint = f", did you mean {intended}?" if intended else ""
                yield Problem(keyword, f"{job.method}() has no {keyword.arg}{hint}", job.node)


def _either(sdk_object: Construction) -> Iterator[Problem]:
    """Yield an argument that excludes another argument of the same call."""
    for pair in _EITHER.get((sdk_object.name, sdk_object.sdk), ()):
        arguments = [
            argument for name in pair if (argument := sdk_object.get(name)) is not None and argument.certain
        ]
        not_none = all(one.given.values and None not in one.given.constants for one in arguments)
        if len(arguments) == 2 and not_none and sdk_object.local is None:
            yield at_argument(
                sdk_object, arguments[1], f"{sdk_object.name} takes {pair[0]} or {pair[1]}, not both"
            )


def _unknown(sdk_object: Construction) -> Iterator[Problem]:
    taken = sdk_object.signature
    if taken is None:
        return
    for argument in sdk_object.arguments:
        if argument.name in taken.known or argument.name in taken.renamed:
            continue
        if argument.name in _ALWAYS_SO and argument.constant == _ALWAYS_SO[argument.name]:
            continue
        intended = meant_argument(argument.name, taken.known)
        if intended is not None:
            intended = taken.renamed.get(intended, intended)
            again = ", which is given as well" if intended in sdk_object.arguments else ""
            yield at_argument(
                sdk_object,
                argument,
                f"{sdk_object.name} has no {argument.name}, did you mean {intended}{again}?",
            )
        elif taken.sdk == "v2" and taken.accepts_any:
            # SDK v2 gets no new arguments; v3 does, and its table ages. A class that raises by itself needs
            # no report.
            yield at_argument(
                sdk_object, argument, f"{sdk_object.name} has no {argument.name}; it has no effect"
            )
