"""Arguments that a class does not take.

SDK v2's estimators hand unknown keywords on until ``EstimatorBase`` drops them (sagemaker 2.257.7); its other classes
and methods raise TypeError, and the classes of v3 refuse them when they are made (``extra="forbid"``). A training step
takes either of two arguments, not both (``workflow/steps.py``), and so does the trainer of v3.
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
"""What SDK v1 had to be told and v2 always does (``cli/compatibility/v2/modifiers/deprecated_params.py``)."""
_EITHER = {
    ("TrainingStep", "v2"): (("step_args", "estimator"),),
    ("TuningStep", "v2"): (("step_args", "tuner"),),
    ("ModelTrainer", "v3"): (("training_image", "algorithm_name"),),
}


def unknown_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers and their parts do not take."""
    for estimator in of_one_class(launcher):
        if estimator.local is None:
            yield from _unknown(estimator)
            yield from _unknown_to_start(launcher, estimator)
    for made in (*launcher.of(*_PARTS_OF_TRAINER), *launcher.tuners, *launcher.steps):
        if made.local is None and made.is_of_one_class:
            yield from _unknown(made)
    for made in (*launcher.steps, *of_one_class(launcher)):
        yield from _either(made)


def _unknown_to_start(launcher: Launcher, estimator: Estimator) -> Iterator[Problem]:
    """Yield what ``fit`` or ``train`` does not take."""
    for job in estimator.jobs:
        taken = signature(f"{estimator.class_name}.{job.method}") if job.tuner is None else None
        if job.method == "step" or taken is None or taken.accepts_any:
            continue
        for keyword in job.node.keywords:
            if keyword.arg is None or keyword.arg in taken.known:
                continue
            meant = meant_argument(keyword.arg, taken.known)
            if meant is not None or taken.sdk == "v2":
                hint = f", did you mean {meant}?" if meant else ""
                yield Problem(keyword, f"{job.method}() has no {keyword.arg}{hint}", job.node)


def _either(made: Construction) -> Iterator[Problem]:
    """Yield the argument that is given beside another that says the same."""
    for pair in _EITHER.get((made.name, made.sdk), ()):
        given = [argument for name in pair if (argument := made.get(name)) is not None and argument.certain]
        told = all(one.given.values and None not in one.given.constants for one in given)
        if len(given) == 2 and told and made.local is None:
            yield at_argument(made, given[1], f"{made.name} takes {pair[0]} or {pair[1]}, not both")


def _unknown(made: Construction) -> Iterator[Problem]:
    taken = made.signature
    if taken is None:
        return
    for argument in made.arguments:
        if argument.name in taken.known or argument.name in taken.renamed:
            continue
        if argument.name in _ALWAYS_SO and argument.constant == _ALWAYS_SO[argument.name]:
            continue
        meant = meant_argument(argument.name, taken.known)
        if meant is not None:
            meant = taken.renamed.get(meant, meant)
            again = ", which is given as well" if meant in made.arguments else ""
            yield at_argument(
                made, argument, f"{made.name} has no {argument.name}, did you mean {meant}{again}?"
            )
        elif taken.sdk == "v2" and taken.accepts_any:
            # SDK v2 gets no new arguments any more; v3 does, and its table ages. What raises by itself says so.
            yield at_argument(made, argument, f"{made.name} has no {argument.name}; it has no effect")
