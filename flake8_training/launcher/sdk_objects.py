"""SDK objects of a launcher: estimators, tuners, steps, inputs, jobs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from flake8_training.engine.syntax.scopes import Scope
from flake8_training.engine.values.values import Frame
from flake8_training.launcher import sdk_classes
from flake8_training.launcher.located_expressions import UNTOLD, Argument, Arguments, LocatedExpression
from flake8_training.record import Record
from flake8_training.sagemaker.signatures import Signature, signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flake8_training.engine.syntax.program import Program
    from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex
    from flake8_training.engine.values.values import Value
    from flake8_training.launcher.arguments import ArgumentReader
    from flake8_training.launcher.launcher_evaluator import LauncherEvaluator


class LauncherInterface(Protocol):
    """The file that constructs the objects, as seen by them and their readers. ``Launcher`` implements it."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the file."""

    @property
    def place(self) -> Callable[[ast.AST], tuple[str, int]]:
        """Returns the path and the line at which a node is reported."""

    @property
    def module(self) -> ModuleIndex:
        """The names of the file."""

    @property
    def evaluator(self) -> LauncherEvaluator:
        """The evaluator of the file's expressions."""

    @property
    def reader(self) -> ArgumentReader:
        """The reader of dicts and call arguments."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pipeline steps that the file constructs."""

    @property
    def program(self) -> Program:
        """The program whose entry is the file."""

    @property
    def tuners(self) -> tuple[Tuner, ...]:
        """The tuners that the file constructs."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The training jobs that the file starts."""

    def channels_of(self, trainer: Estimator, /) -> Channels:
        """Return the channels of a ``ModelTrainer``."""

    def frames(self, scope: Scope, /) -> Sequence[Frame | None]:
        """Return the calls of the function around a scope; a list of one None if there are none or too many."""

    def scope_of(self, node: ast.Call, /) -> Scope:
        """Return the scope that contains a call of the file."""

    def is_handed_on(self, sdk_object: SdkObject, /) -> bool:
        """Return whether an object is passed to unknown code."""

    def mentions(self, *words: str) -> bool:
        """Return whether the source of the file contains one of some words."""

    def constructions_in(self, expression: LocatedExpression, /) -> tuple[SdkObject, ...]:
        """Return the objects that an expression can be."""

    def estimators_in(self, expression: LocatedExpression, /) -> tuple[Estimator, ...]:
        """Return the estimators that an expression can be."""

    def elements(self, value: Value, /) -> list[LocatedExpression] | None:
        """Return the elements of a list or tuple display that nothing changes except ``append``, else None."""

    def assigned(self, sdk_object: SdkObject, /) -> frozenset[str]:
        """Return the attributes of an object that the program assigns."""

    def methods(self, sdk_object: SdkObject, name: str, /) -> Iterator[CallSite]:
        """Yield the call sites of one method of an object."""

    def hyperparameters_of(self, estimator: Estimator, /) -> Arguments:
        """Return the hyperparameters of an estimator, including those that its methods set."""

    def metric_definitions_of(self, sdk_object: SdkObject, /) -> MetricDefinitions:
        """Return the metric definitions of an estimator or tuner."""

    def report_node(self, argument: Argument, sdk_object: SdkObject, /) -> ast.AST:
        """Return the node at which to report an argument."""

    def is_reported(self, module: ModuleIndex, /) -> bool:
        """Return whether a finding can stand in a module."""

    def data_path(self, node: ast.AST, /) -> str | None:
        """Return the path of the data file that holds a node and that a finding can stand in, or None."""

    def own(self, node: ast.AST, otherwise: ast.AST, /) -> ast.AST:
        """Return the node if it is in the file, else the other one."""

    def literal(self, expression: LocatedExpression, value: object, otherwise: ast.AST, /) -> ast.AST:
        """Return the literal through which an expression has a value, else the node at which to report."""


class MetricDefinition(Record):
    """One metric: its name and the regular expression that finds it in the log."""

    name: LocatedExpression | None
    regex: LocatedExpression | None
    node: ast.AST
    open_ended: bool = False


class MetricDefinitions(Record):
    """The metrics of a job. ``open_ended`` means that there may be others."""

    entries: tuple[MetricDefinition, ...] = ()
    open_ended: bool = False


class SdkObject(Record, slots=False, apart=("launcher",)):
    """An SDK object, constructed by a call of a class of the SDKs.

    ``class_name`` is the name under which the class is defined (``sagemaker.pytorch.estimator.PyTorch``), however it is
    imported. ``local`` is the local class that derives from it, or None; a local class may treat the arguments
    differently.
    """

    launcher: LauncherInterface
    class_name: str
    node: ast.Call
    scope: Scope
    frame: Frame | None
    arguments: Arguments
    local: Scope | None = None

    @property
    def name(self) -> str:
        """The short name of the class (``PyTorch``)."""
        return self.class_name.rpartition(".")[2]

    @cached_property
    def signature(self) -> Signature | None:
        """The parameters of the class, or None if no table has them."""
        return signature(self.class_name)

    @property
    def sdk(self) -> str:
        """``v2`` or ``v3``."""
        return self.signature.sdk if self.signature else "v2"

    def get(self, name: str) -> Argument | None:
        """Return the argument of this name, or None."""
        return self.arguments.get(name)

    @cached_property
    def is_of_one_class(self) -> bool:
        """Whether the called function has one value: the class does not come from a table or a parameter."""
        return len(self.launcher.evaluator.values(self.node.func, self.scope, self.frame)) == 1

    @cached_property
    def overridden(self) -> frozenset[str]:
        """The attributes that the program assigns later: they replace the arguments."""
        return self.launcher.assigned(self)

    def lacks(self, *names: str) -> bool:
        """Return whether none of these can be passed or assigned."""
        return self.arguments.lacks(*names) and not self.overridden.intersection(names)


class Estimator(SdkObject, slots=False):
    """An estimator of SDK v2, or a ``ModelTrainer`` of v3."""

    @property
    def framework(self) -> str | None:
        """The framework of its class, or None for a generic estimator."""
        return sdk_classes.framework_of(self.class_name)

    @property
    def is_trainer(self) -> bool:
        """Whether it is a ``ModelTrainer``."""
        return sdk_classes.is_trainer(self.class_name)

    @property
    def is_framework(self) -> bool:
        """Whether its class is bound to a framework (``PyTorch``, not ``Estimator``)."""
        return sdk_classes.is_framework(self.class_name)

    def part(self, name: str) -> SdkObject | None:
        """Return the object passed as an argument (``source_code``, ``compute``) if it is the only value, or None."""
        argument = self.get(name)
        if argument is None:
            return None
        found = self.launcher.constructions_in(argument.expression)
        return found[0] if len(found) == 1 and len(argument.values) == 1 else None

    @cached_property
    def entry_point(self) -> LocatedExpression | None:
        """The script that the job starts: ``entry_point``, or ``SourceCode(entry_script=...)``."""
        if self.is_trainer:
            source = self.part("source_code")
            found = source.get("entry_script") if source else None
        else:
            found = self.get("entry_point")
        return found.expression if found else None

    @cached_property
    def source_dir(self) -> LocatedExpression | None:
        """The folder of source files that the SDK uploads."""
        if self.is_trainer:
            source = self.part("source_code")
            found = source.get("source_dir") if source else None
        else:
            found = self.get("source_dir")
        return found.expression if found else None

    @cached_property
    def hyperparameters(self) -> Arguments:
        """The hyperparameters, including those of ``set_hyperparameters``."""
        return self.launcher.hyperparameters_of(self)

    @cached_property
    def environment(self) -> Arguments:
        """The environment variables that it sets."""
        found = self.get("environment")
        if found is None:
            return UNTOLD if self.arguments.open_ended else Arguments()
        return self.launcher.reader.entries(found.expression)

    @cached_property
    def metric_definitions(self) -> MetricDefinitions:
        """The metrics that SageMaker reads from the job's log."""
        return self.launcher.metric_definitions_of(self)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that it starts."""
        return tuple(job for job in self.launcher.jobs if job.estimator is self)


class Tuner(SdkObject, slots=False):
    """A ``HyperparameterTuner``."""

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators that it may run."""
        found = self.get("estimator") or self.get("model_trainer")
        return self.launcher.estimators_in(found.expression) if found else ()

    @cached_property
    def ranges(self) -> Arguments:
        """The hyperparameters that it varies, with their ranges."""
        found = self.get("hyperparameter_ranges")
        if found is None:
            return UNTOLD
        return self.launcher.reader.entries(found.expression)

    @cached_property
    def metric_definitions(self) -> MetricDefinitions:
        """The metrics that SageMaker reads from the jobs' logs."""
        return self.launcher.metric_definitions_of(self)


class Step(SdkObject, slots=False):
    """A pipeline step."""

    @property
    def kind(self) -> str:
        """``Training``, ``Tuning``, ``Processing``, ..., as the tables of properties name it."""
        return sdk_classes.step_kind(self.class_name) or ""

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators that it may run."""
        found = self.get("estimator")
        return self.launcher.estimators_in(found.expression) if found else ()


class Channel(Record):
    """A channel of a job: its name, the node of the name, and the input passed for it.

    ``origin`` is ``inputs`` if the launcher names it, ``default`` for the channel ``training`` of an input without a
    name, ``model`` for the channel that ``model_uri`` adds.
    """

    name: str
    at: ast.AST
    expression: LocatedExpression | None
    origin: str
    certain: bool = True


class Channels(Record):
    """The channels of a job. ``open_ended`` means that there may be others."""

    entries: tuple[Channel, ...] = ()
    open_ended: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names, each once, in order."""
        return tuple(dict.fromkeys(channel.name for channel in self.entries))

    def get(self, name: str) -> Channel | None:
        """Return the last channel of this name, or None."""
        return next((channel for channel in reversed(self.entries) if channel.name == name), None)


class Job(Record, slots=False):
    """One start of an estimator, directly or through a tuner.

    ``node`` is the call that starts it; ``method`` is ``fit``, ``train``, ``step`` or ``request``.
    """

    estimator: Estimator
    node: ast.Call
    method: str
    channels: Channels
    tuner: Tuner | None = None
    step: Step | None = None


class Request(Record, slots=False, apart=("launcher",)):
    """A raw request of boto3 that starts jobs.

    ``operation`` is ``create_training_job``, ``create_hyper_parameter_tuning_job`` or ``create_processing_job``;
    ``shape`` is its shape in botocore's model. ``jobs`` holds the members that define each training job: those of the
    request itself, or those of the definitions in a tuning request.
    """

    launcher: LauncherInterface
    node: ast.Call
    scope: Scope
    members: Arguments
    operation: str
    shape: str
    jobs: tuple[Arguments, ...]

    def at(self, path: str) -> tuple[LocatedExpression, ...]:
        """Return the expressions at a path of members (``ResourceConfig.InstanceType``) in each job's definition."""
        found = (below(self.launcher, job, *path.split(".")) for job in self.jobs)
        return tuple(argument.expression for argument in found if argument is not None)


def below(launcher: LauncherInterface, members: Arguments, *path: str) -> Argument | None:
    """Return the member at a path of dicts, or None."""
    argument: Argument | None = None
    for name in path:
        argument = members.only(name)
        if argument is None:
            return None
        members = launcher.reader.entries(argument.expression)
    return argument


class PropertyUse(Record):
    """A path into a step's properties: ``step.properties.ModelArtifacts.S3ModelArtifacts``."""

    node: ast.expr
    steps: tuple[Step, ...]
    path: tuple[ast.Attribute | ast.Subscript, ...]
    """The attributes and subscripts after ``properties``, in order."""
    scope: Scope
