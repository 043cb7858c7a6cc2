"""Checks of jobs that run SageMaker's own algorithms, which have no script."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.finding import Severity
from flake8_training.launcher.algorithms import algorithm
from flake8_training.sagemaker.algorithms import CHANNEL, missing_hyperparameters
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch


def missing_algorithm_channels(launch: Launch) -> Iterator[Problem]:
    """Yield the jobs that lack the channel on which their algorithm trains."""
    name = algorithm(launch.estimator)
    if name is None:
        return
    for job in launch.jobs:
        if job.channels.open_ended or CHANNEL in job.channels.names:
            continue
        present = ", ".join(job.channels.names) or "no channels"
        if any(channel.origin == "default" for channel in job.channels.entries):
            present = "an input without a name, which is the channel 'training'"
        yield Problem(
            launch.report_node(launch.inputs_of(job)),
            f"{name} trains on {CHANNEL}, and the job has {present}",
        )


def missing_algorithm_hyperparameters(launch: Launch) -> Iterator[Problem]:
    """Yield the jobs that lack a hyperparameter without which their algorithm fails."""
    estimator = launch.estimator
    name = algorithm(estimator)
    if name is None or not launch.jobs or not all(one.certain for one in estimator.hyperparameters):
        return
    if any(
        tuner.ranges.open_ended or "hyperparameter_ranges_dict" in tuner.arguments for tuner in launch.tuners
    ):
        return
    tuned = {entry.name for tuner in launch.tuners for entry in tuner.ranges}
    for missing in missing_hyperparameters(name, {*estimator.hyperparameters.names, *tuned}):
        argument = estimator.get("hyperparameters")
        node = argument.at if argument is not None else estimator.node
        detail = f"{name} ends with an error without {missing}"
        yield Problem(launch.report_node(node), detail, severity=Severity.ERROR)
