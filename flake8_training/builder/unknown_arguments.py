"""Arguments that a class does not take.

SDK v2's estimators hand unknown keywords on until ``EstimatorBase`` drops them (sagemaker 2.257.7); the classes of v3
refuse them when they are made (``extra="forbid"``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.made import Construction
from flake8_training.builder.problem import Problem, at_argument, of_one_class
from flake8_training.builder.slips import meant_argument

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

_PARTS_OF_TRAINER = frozenset(
    "SourceCode Compute InputData StoppingCondition CheckpointConfig Networking OutputDataConfig MetricDefinition "
    "TensorBoardOutputConfig RetryStrategy Torchrun MPI SMP".split()
)
_ALWAYS_SO: dict[str, object] = {"script_mode": True}
"""What SDK v1 had to be told and v2 always does (``cli/compatibility/v2/modifiers/deprecated_params.py``)."""


def unknown_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers and their parts do not take."""
    for estimator in of_one_class(launcher):
        if estimator.local is None:
            yield from _unknown(estimator)
    for made in (*launcher.of(*_PARTS_OF_TRAINER), *launcher.tuners, *launcher.steps):
        if made.local is None and made.is_of_one_class:
            yield from _unknown(made)


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
