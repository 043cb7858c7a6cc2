"""A raw ``create_training_job`` or ``create_hyper_parameter_tuning_job`` request as estimators with one job each.

The toolkit in the image defines the meaning of the request's names. Source: sagemaker-training 5.1.4 ``params.py`` and
``environment.py`` (``sagemaker_program`` among the hyperparameters, or ``SAGEMAKER_PROGRAM`` in the environment, names
the script), CreateTrainingJob of botocore.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property

from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import LibraryObject, Reference
from flake8_training.launcher import shapes, signs
from flake8_training.launcher.job_settings import definitions
from flake8_training.launcher.located_expressions import UNTOLD, Argument, Arguments, LocatedExpression
from flake8_training.launcher.sdk_objects import (
    Channel,
    Channels,
    Estimator,
    Job,
    LauncherInterface,
    MetricDefinitions,
    Request,
    below,
)
from flake8_training.record import replace

_PROGRAM = ("sagemaker_program", "SAGEMAKER_PROGRAM")
_FOLDER = ("sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY")
TRAINING, TUNING = signs.TRAINING, signs.TUNING
_SHAPES = {
    TRAINING: "CreateTrainingJobRequest",
    TUNING: "CreateHyperParameterTuningJobRequest",
    signs.PROCESSING: "CreateProcessingJobRequest",
}
_NAMES = {
    TRAINING: "TrainingJobName",
    TUNING: "HyperParameterTuningJobName",
    signs.PROCESSING: "ProcessingJobName",
}
_IN_CONFIG = {TRAINING: "Training", TUNING: "Tuning"}
_RANGES = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")
_ROLE = "RoleArn"
_COMMANDS = ("ContainerEntrypoint", "ContainerArguments")


class RequestedEstimator(Estimator):
    """The job of a request, as an estimator."""

    members: Arguments = UNTOLD
    tuned: Arguments = Arguments()
    """The hyperparameters that a tuning request varies; their values are unknown."""

    def _below(self, *path: str) -> Arguments | None:
        """Return the members at a path; None if it is unknown whether they are passed."""
        found = self.members
        for name in path:
            argument = found.only(name)
            if argument is None or not argument.certain:
                return Arguments() if found.lacks(name) else None
            found = self.launcher.reader.entries(argument.expression)
        return found

    def _named(self, names: tuple[str, str]) -> LocatedExpression | None:
        for name, table in zip(names, (self.hyperparameters, self.environment), strict=True):
            found = table.only(name)
            if found is not None:
                return found.expression
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
        return tuple(one.expression for one in found if one is not None and one.certain)

    @property
    def image(self) -> LocatedExpression | None:
        """The training image, or None if it is not certain."""
        algorithm = self._below("AlgorithmSpecification")
        found = algorithm.only("TrainingImage") if algorithm is not None else None
        return shapes.image_in(found.expression) if found is not None and found.certain else None

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
        name = "StaticHyperParameters" if self.class_name == TUNING else "HyperParameters"
        found = self._below(name)
        if found is None:
            return UNTOLD
        return Arguments((*found.entries, *self.tuned), found.open_ended or self.tuned.open_ended)

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
        return definitions(self.launcher, [argument.expression], open_ended=not argument.certain)

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
        values = argument.expression.values
        elements = self.launcher.elements(values[0]) if len(values) == 1 and argument.certain else None
        found: list[Channel] = []
        for element in elements or ():
            name = self.launcher.reader.entries(element).only("ChannelName")
            if name is None or name.text is None or not name.certain:
                return Channels(tuple(found), open_ended=True)
            found.append(Channel(name.text, name.node, element, "inputs"))
        return Channels(tuple(found), elements is None)


def requests(launcher: LauncherInterface) -> Iterator[Request]:
    """Yield the raw requests of a file: calls of botocore's methods, and Airflow's operators with a ``config``."""
    names = launcher.module.calls_by_name
    for operation in (TRAINING, TUNING):
        yield from _of_method(launcher, operation)
    for operator, operation in signs.OPERATORS.items():
        for site in names.get(operator, ()):
            config = launcher.reader.call(site.node, site.scope, None, None).get("config")
            if config is not None and not _is_configured(config):
                found = launcher.reader.entries(config.expression)
                # Airflow's configuration may hold more than the request; then the request is an entry.
                inner = found.only(_IN_CONFIG[operation])
                members = launcher.reader.entries(inner.expression) if inner is not None else found
                yield _request(launcher, site, operation, members)

    yield from _of_objects(launcher)
    if launcher.mentions(*signs.RESOURCES):
        yield from _of_tasks(launcher, signs.RESOURCES)


def processing_requests(launcher: LauncherInterface) -> Iterator[Request]:
    """Yield the raw requests of a file that start processing jobs: calls of botocore's method, and tasks."""
    yield from _of_method(launcher, signs.PROCESSING)
    if launcher.mentions(*signs.PROCESSING_RESOURCES):
        yield from _of_tasks(launcher, signs.PROCESSING_RESOURCES)


def _of_method(launcher: LauncherInterface, operation: str) -> Iterator[Request]:
    """Yield the requests that a method of botocore gets, by its name and the name of the job."""
    for site in launcher.module.calls_by_name.get(operation, ()):
        if isinstance(site.node.func, ast.Attribute) and any(
            keyword.arg in (None, _NAMES[operation]) for keyword in site.node.keywords
        ):
            arguments = launcher.reader.call(site.node, site.scope, None, None)
            yield _request(launcher, site, operation, arguments)


def _is_configured(config: Argument) -> bool:
    """Return whether the SDK builds a configuration of an estimator, which is a job of its own."""
    return any(
        isinstance(one, LibraryObject) and one.name.removesuffix("()") in signs.CONFIGURING
        for one in config.values
    )


def _of_objects(launcher: LauncherInterface) -> Iterator[Request]:
    """Yield the requests of sagemaker-core's ``TrainingJob.create`` and of the CDK's task."""
    names = launcher.module.calls_by_name
    for name, is_known in (("create", shapes.is_core_job), (signs.TASK_OF_CDK, shapes.is_cdk_task)):
        for site in names.get(name, ()):
            called = launcher.evaluator.values(site.node.func, site.scope)
            if any(isinstance(value, Reference) and is_known(value.name) for value in called):
                arguments = launcher.reader.arguments(site.node, site.scope, None, ("scope", "id"))
                members = shapes.members(arguments)
                if name == signs.TASK_OF_CDK:
                    # The CDK adds what its task lacks, a role too, and checks the values itself.
                    role = Argument(
                        _ROLE, site.node, launcher.reader.expression(site.node, site.scope), encoding="other"
                    )
                    members = replace(members, entries=(*members.entries, role))
                    yield replace(_request(launcher, site, TRAINING, members), shape="")
                else:
                    yield _request(launcher, site, TRAINING, members)


def _of_tasks(launcher: LauncherInterface, resources: Mapping[str, str]) -> Iterator[Request]:
    """Yield the requests of tasks of a state machine that the program holds as dicts, by the ends of resources."""
    for node, scope in launcher.module.of_kind.get(ast.Dict, ()):
        if not isinstance(node, ast.Dict) or not any(_is_resource(key) for key in node.keys):
            continue
        task = launcher.reader.entries(launcher.reader.expression(node, scope))
        resource, parameters = task.only("Resource"), task.only("Parameters") or task.only("Arguments")
        text = (resource.text if resource is not None else None) or ""
        operation = next((one for end, one in resources.items() if end in text), None)
        if operation is not None and resource is not None and parameters is not None:
            call = ast.copy_location(ast.Call(resource.node, [], []), resource.node)
            members = launcher.reader.entries(parameters.expression)
            yield _request(launcher, CallSite(call, scope, guarded=False), operation, members)


def _is_resource(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "Resource"


def _request(launcher: LauncherInterface, site: CallSite, operation: str, members: Arguments) -> Request:
    """Return a request; it defines no training job if it starts a processing job."""
    jobs: tuple[Arguments, ...] = (members,) if operation == TRAINING else ()
    if operation == TUNING:
        jobs = tuple(_definitions(launcher, members))
    return Request(launcher, site.node, site.scope, members, operation, _SHAPES[operation], jobs)


def _definitions(launcher: LauncherInterface, members: Arguments) -> Iterator[Arguments]:
    one, several = members.only("TrainingJobDefinition"), members.only("TrainingJobDefinitions")
    if one is not None:
        yield launcher.reader.entries(one.expression)
    for value in several.expression.values if several is not None else ():
        for element in launcher.elements(value) or ():
            yield launcher.reader.entries(element)


def _tuned(request: Request, job: Arguments) -> Arguments:
    """Return the hyperparameters that the ranges of a tuning request vary."""
    if request.operation == TRAINING:
        return Arguments()
    launcher, found = request.launcher, Arguments()
    is_open = False
    for members, path in (
        (request.members, ("HyperParameterTuningJobConfig", "ParameterRanges")),
        (job, ("HyperParameterRanges",)),
    ):
        ranges = below(launcher, members, *path)
        is_open = is_open or (ranges is None and not members.lacks(path[0]) and len(path) == 1)
        entries = launcher.reader.entries(ranges.expression) if ranges is not None else Arguments()
        is_open = is_open or entries.open_ended
        for kind in _RANGES:
            argument = entries.only(kind)
            for value in argument.expression.values if argument is not None else ():
                elements = launcher.elements(value)
                is_open = is_open or elements is None
                for element in elements or ():
                    name = launcher.reader.entries(element).only("Name")
                    is_open = is_open or name is None or name.text is None
                    if name is not None and name.text is not None:
                        entry = Argument(name.text, name.node, name.expression, encoding="other")
                        found = Arguments((*found.entries, entry))
    return Arguments(found.entries, is_open)


def requested(request: Request) -> Iterator[RequestedEstimator]:
    """Yield each training job of a request as an estimator."""
    for job in request.jobs:
        yield RequestedEstimator(
            request.launcher,
            request.operation,
            request.node,
            request.scope,
            None,
            Arguments(open_ended=True),
            None,
            job,
            _tuned(request, job),
        )


def program(estimator: Estimator) -> LocatedExpression | None:
    """Return the script that an estimator names among its hyperparameters, or None."""
    found = estimator.hyperparameters.only(_PROGRAM[0])
    return found.expression if found is not None else None
