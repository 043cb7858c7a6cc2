"""The jobs that the steps of a pipeline start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.engine.values.values import LibraryObject
from training_alignment.launches.launch import Launch

if TYPE_CHECKING:
    import ast

    from flake8_training.launcher.pipelines import PipelineStep
    from flake8_training.launcher.sdk_objects import Step
    from training_alignment.launches.processing import ProcessingLaunch


def calls_of(step: Step | PipelineStep) -> list[ast.Call]:
    """Return the calls whose results a step takes as its ``step_args``: ``estimator.fit()``, ``processor.run()``."""
    started = step.arguments.get("step_args")
    values = started.expression.values if started is not None else ()
    return [one.site.node for one in values if isinstance(one, LibraryObject) and one.site is not None]


def runs(launch: Launch | ProcessingLaunch, step: Step | PipelineStep) -> bool:
    """Return whether a step starts a job of a launch, itself or by a call that it takes."""
    calls = {id(step.node), *map(id, calls_of(step))}
    jobs = launch.jobs if isinstance(launch, Launch) else (launch.job,)
    return any(id(job.node) in calls for job in jobs)
