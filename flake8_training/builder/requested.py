"""A raw ``create_training_job`` request read as what it stands for: an estimator with one job.

What is asked for by name is what the toolkit in the image takes it for. Source: sagemaker-training 5.1.4 ``params.py``
and ``environment.py`` (``sagemaker_program`` among the hyperparameters, or ``SAGEMAKER_PROGRAM`` in the environment,
names the script), CreateTrainingJob of botocore.
"""

from __future__ import annotations

import ast
from functools import cached_property

from flake8_training.builder.given import UNTOLD, Arguments, Given
from flake8_training.builder.made import Channel, Channels, Estimator, Job, MetricDefinitions, Request
from flake8_training.builder.settings import definitions

_PROGRAM = ("sagemaker_program", "SAGEMAKER_PROGRAM")
_FOLDER = ("sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY")
_COMMANDS = ("ContainerEntrypoint", "ContainerArguments")


class Requested(Estimator):
    """The job of a request, as an estimator has it."""

    members: Arguments = UNTOLD

    def _below(self, *path: str) -> Arguments | None:
        """The members at a path; None where it cannot be told whether they are given."""
        found = self.members
        for name in path:
            given = found.only(name)
            if given is None or not given.certain:
                return Arguments() if found.lacks(name) else None
            found = self.launcher.reader.entries(given.given)
        return found

    def _named(self, names: tuple[str, str]) -> Given | None:
        for name, below in zip(names, ("HyperParameters", "Environment"), strict=True):
            found = (self._below(below) or UNTOLD).only(name)
            if found is not None:
                return found.given
        return None

    @cached_property
    def has_command(self) -> bool:
        """Whether the image is, or may be, started by a command of its own: then the toolkit does not run."""
        algorithm = self._below("AlgorithmSpecification")
        return algorithm is None or not algorithm.lacks(*_COMMANDS)

    @property
    def command(self) -> tuple[Given, ...]:
        """The parts of the command that the image is started by, where one is given."""
        algorithm = self._below("AlgorithmSpecification") or Arguments()
        found = (algorithm.only(name) for name in _COMMANDS)
        return tuple(one.given for one in found if one is not None and one.certain)

    @property
    def image(self) -> Given | None:
        """The image that is run."""
        algorithm = self._below("AlgorithmSpecification")
        found = algorithm.only("TrainingImage") if algorithm is not None else None
        return found.given if found is not None and found.certain else None

    @cached_property
    def entry_point(self) -> Given | None:
        """The script that the toolkit starts."""
        return None if self.has_command else self._named(_PROGRAM)

    @cached_property
    def source_dir(self) -> Given | None:
        """The archive of the code, in S3."""
        return self._named(_FOLDER)

    @cached_property
    def hyperparameters(self) -> Arguments:
        """The hyperparameters, those of SageMaker too."""
        found = self._below("HyperParameters")
        return UNTOLD if found is None else found

    @cached_property
    def environment(self) -> Arguments:
        """The environment variables."""
        found = self._below("Environment")
        return UNTOLD if found is None else found

    @cached_property
    def metric_definitions(self) -> MetricDefinitions:
        """What is read out of the job's log."""
        algorithm = self._below("AlgorithmSpecification")
        given = algorithm.only("MetricDefinitions") if algorithm is not None else None
        if algorithm is None or given is None:
            return MetricDefinitions((), algorithm is None or algorithm.open_ended)
        return definitions(self.launcher, [given.given], open_ended=not given.certain)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The one job that is asked for."""
        return (Job(self, self.node, "request", self._channels()),)

    @property
    def inputs_at(self) -> ast.AST:
        """Where the channels are given, or the request."""
        given = self.members.only("InputDataConfig")
        return given.at if given is not None else self.node

    def _channels(self) -> Channels:
        given = self.members.only("InputDataConfig")
        if given is None:
            return Channels((), not self.members.lacks("InputDataConfig"))
        values = given.given.values
        elements = self.launcher.elements(values[0]) if len(values) == 1 and given.certain else None
        found: list[Channel] = []
        for element in elements or ():
            name = self.launcher.reader.entries(element).only("ChannelName")
            if name is None or name.text is None or not name.certain:
                return Channels(tuple(found), open_ended=True)
            found.append(Channel(name.text, name.node, element, "inputs"))
        return Channels(tuple(found), elements is None)


def requested(request: Request) -> Requested:
    """Return the job of a request as an estimator has it."""
    return Requested(
        request.launcher,
        "create_training_job",
        request.node,
        request.scope,
        None,
        Arguments(open_ended=True),
        None,
        request.members,
    )


def program(estimator: Estimator) -> Given | None:
    """The script that an estimator names among its hyperparameters, where it has no entry point."""
    found = estimator.hyperparameters.only(_PROGRAM[0])
    return found.given if found is not None else None
