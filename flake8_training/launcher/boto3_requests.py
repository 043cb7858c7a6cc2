"""A raw ``create_training_job`` request as an estimator with one job.

The toolkit in the image defines the meaning of the request's names. Source: sagemaker-training 5.1.4 ``params.py`` and
``environment.py`` (``sagemaker_program`` among the hyperparameters, or ``SAGEMAKER_PROGRAM`` in the environment, names
the script), CreateTrainingJob of botocore.
"""

from __future__ import annotations

import ast
from functools import cached_property

from flake8_training.launcher.job_settings import definitions
from flake8_training.launcher.located_expressions import UNTOLD, Arguments, LocatedExpression
from flake8_training.launcher.sdk_objects import Channel, Channels, Estimator, Job, MetricDefinitions, Request

_PROGRAM = ("sagemaker_program", "SAGEMAKER_PROGRAM")
_FOLDER = ("sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY")
_COMMANDS = ("ContainerEntrypoint", "ContainerArguments")


class RequestedEstimator(Estimator):
    """The job of a request, as an estimator."""

    members: Arguments = UNTOLD

    def _below(self, *path: str) -> Arguments | None:
        """Return the members at a path; None if it is unknown whether they are passed."""
        found = self.members
        for name in path:
            argument = found.only(name)
            if argument is None or not argument.certain:
                return Arguments() if found.lacks(name) else None
            found = self.launcher.reader.entries(argument.given)
        return found

    def _named(self, names: tuple[str, str]) -> LocatedExpression | None:
        for name, below in zip(names, ("HyperParameters", "Environment"), strict=True):
            found = (self._below(below) or UNTOLD).only(name)
            if found is not None:
                return found.given
        return None

    @cached_property
    def has_command(self) -> bool:
        """Whether the request may set the container's command: then the toolkit does not run."""
        algorithm = self._below("AlgorithmSpecification")
        return algorithm is None or not algorithm.lacks(*_COMMANDS)

    @property
    def command(self) -> tuple[LocatedExpression, ...]:
        """The parts of the container's command that are certain."""
        algorithm = self._below("AlgorithmSpecification") or Arguments()
        found = (algorithm.only(name) for name in _COMMANDS)
        return tuple(one.given for one in found if one is not None and one.certain)

    @property
    def image(self) -> LocatedExpression | None:
        """The training image, or None if it is not certain."""
        algorithm = self._below("AlgorithmSpecification")
        found = algorithm.only("TrainingImage") if algorithm is not None else None
        return found.given if found is not None and found.certain else None

    @cached_property
    def entry_point(self) -> LocatedExpression | None:
        """The script that the toolkit starts."""
        return None if self.has_command else self._named(_PROGRAM)

    @cached_property
    def source_dir(self) -> LocatedExpression | None:
        """The S3 location of the source archive."""
        return self._named(_FOLDER)

    @cached_property
    def hyperparameters(self) -> Arguments:
        """The hyperparameters, including those that SageMaker defines."""
        found = self._below("HyperParameters")
        return UNTOLD if found is None else found

    @cached_property
    def environment(self) -> Arguments:
        """The environment variables."""
        found = self._below("Environment")
        return UNTOLD if found is None else found

    @cached_property
    def metric_definitions(self) -> MetricDefinitions:
        """The metrics that SageMaker reads from the job's log."""
        algorithm = self._below("AlgorithmSpecification")
        argument = algorithm.only("MetricDefinitions") if algorithm is not None else None
        if algorithm is None or argument is None:
            return MetricDefinitions((), algorithm is None or algorithm.open_ended)
        return definitions(self.launcher, [argument.given], open_ended=not argument.certain)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The one job of the request."""
        return (Job(self, self.node, "request", self._channels()),)

    @property
    def inputs_at(self) -> ast.AST:
        """The node of the channels, or of the request if it has none."""
        argument = self.members.only("InputDataConfig")
        return argument.at if argument is not None else self.node

    def _channels(self) -> Channels:
        argument = self.members.only("InputDataConfig")
        if argument is None:
            return Channels((), not self.members.lacks("InputDataConfig"))
        values = argument.given.values
        elements = self.launcher.elements(values[0]) if len(values) == 1 and argument.certain else None
        found: list[Channel] = []
        for element in elements or ():
            name = self.launcher.reader.entries(element).only("ChannelName")
            if name is None or name.text is None or not name.certain:
                return Channels(tuple(found), open_ended=True)
            found.append(Channel(name.text, name.node, element, "inputs"))
        return Channels(tuple(found), elements is None)


def requested(request: Request) -> RequestedEstimator:
    """Return the job of a request as an estimator."""
    return RequestedEstimator(
        request.launcher,
        "create_training_job",
        request.node,
        request.scope,
        None,
        Arguments(open_ended=True),
        None,
        request.members,
    )


def program(estimator: Estimator) -> LocatedExpression | None:
    """Return the script that an estimator names among its hyperparameters, or None."""
    found = estimator.hyperparameters.only(_PROGRAM[0])
    return found.given if found is not None else None
