"""What a launcher makes: estimators, tuners, steps, inputs, jobs."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from flake8_training.builder import classes
from flake8_training.builder.given import UNTOLD, Argument, Arguments, Given
from flake8_training.record import Record
from flake8_training.sagemaker.signatures import Signature, signature
from flake8_training.script.names import Scope
from flake8_training.script.values import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flake8_training.builder.following import LauncherEvaluator
    from flake8_training.builder.named import Reader
    from flake8_training.script.modules import Program
    from flake8_training.script.names import CallSite, ModuleNames
    from flake8_training.script.values import Value


class LauncherInterface(Protocol):
    """The file that makes the objects, as they and what reads them ask it. ``Launcher`` implements it."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the file."""

    @property
    def module(self) -> ModuleNames:
        """The names of the file."""

    @property
    def evaluator(self) -> LauncherEvaluator:
        """The evaluator of the file's expressions."""

    @property
    def reader(self) -> Reader:
        """The reader of dicts and call arguments."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of pipelines that the file makes."""

    @property
    def program(self) -> Program:
        """The program that the file is the entry of."""

    @property
    def tuners(self) -> tuple[Tuner, ...]:
        """The tuners that the file makes."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The training jobs that the file starts."""

    def channels_of(self, trainer: Estimator, /) -> Channels:
        """Return the channels that a ``ModelTrainer`` receives."""

    def scope_of(self, node: ast.Call, /) -> Scope:
        """Return the scope of a call of the file."""

    def is_handed_on(self, made: Construction, /) -> bool:
        """Return whether unknown code receives an object."""

    def mentions(self, *words: str) -> bool:
        """Return whether the text of the file holds one of some words."""

    def constructions_in(self, given: Given, /) -> tuple[Construction, ...]:
        """Return the objects that an expression can be."""

    def estimators_in(self, given: Given, /) -> tuple[Estimator, ...]:
        """Return the estimators that an expression can be."""

    def elements(self, value: Value, /) -> list[Given] | None:
        """Return the elements of a list that nothing changes later; None for anything else."""

    def assigned(self, made: Construction, /) -> frozenset[str]:
        """Return the attributes that the program assigns to an object."""

    def methods(self, made: Construction, name: str, /) -> Iterator[CallSite]:
        """Yield the calls of a method of an object."""

    def hyperparameters_of(self, estimator: Estimator, /) -> Arguments:
        """Return the hyperparameters of an estimator, those that its methods set too."""

    def metric_definitions_of(self, made: Construction, /) -> MetricDefinitions:
        """Return the metric definitions of an estimator or tuner."""

    def spot(self, argument: Argument, made: Construction, /) -> ast.AST:
        """Return the node to report for an argument."""

    def own(self, node: ast.AST, otherwise: ast.AST, /) -> ast.AST:
        """Return a node if the file holds it, else another one that it holds."""

    def literal(self, given: Given, value: object, otherwise: ast.AST, /) -> ast.AST:
        """Return the literal that makes an expression have a value, or the node to report in its place."""


class MetricDefinition(Record):
    """One metric: its name and the expression that finds it in the log."""

    name: Given | None
    regex: Given | None
    node: ast.AST
    open_ended: bool = False


class MetricDefinitions(Record):
    """The metrics of a job. ``open_ended`` says that there may be others."""

    entries: tuple[MetricDefinition, ...] = ()
    open_ended: bool = False


class Construction(Record, slots=False, apart=("launcher",)):
    """A class of the SDKs that is called: an object that is made.

    ``class_name`` is where the class is defined (``sagemaker.pytorch.estimator.PyTorch``), whatever it is imported
    from. ``local`` is the class of the program that derives from it, if it is one that is made: then what the
    arguments mean is not known for certain.
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
        """The class's own name (``PyTorch``)."""
        return self.class_name.rpartition(".")[2]

    @cached_property
    def signature(self) -> Signature | None:
        """What the class takes."""
        return signature(self.class_name)

    @property
    def sdk(self) -> str:
        """``v2`` or ``v3``."""
        return self.signature.sdk if self.signature else "v2"

    def get(self, name: str) -> Argument | None:
        """The argument of this name, or None."""
        return self.arguments.get(name)

    @cached_property
    def is_of_one_class(self) -> bool:
        """Whether the call can make nothing but this: no class from a table, no parameter."""
        return len(self.launcher.evaluator.values(self.node.func, self.scope, self.frame)) == 1

    @cached_property
    def overridden(self) -> frozenset[str]:
        """The attributes that the program assigns to such an object afterwards: what counts is not the argument."""
        return self.launcher.assigned(self)

    def lacks(self, *names: str) -> bool:
        """Whether none of these is given, for certain."""
        return self.arguments.lacks(*names) and not self.overridden.intersection(names)


class Estimator(Construction, slots=False):
    """An estimator of SDK v2, or a ``ModelTrainer`` of v3."""

    @property
    def framework(self) -> str | None:
        """The framework of its class, or None for a general one."""
        return classes.framework_of(self.class_name)

    @property
    def is_trainer(self) -> bool:
        """Whether it is a ``ModelTrainer``."""
        return classes.is_trainer(self.class_name)

    @property
    def is_framework(self) -> bool:
        """Whether its class is bound to a framework (``PyTorch``, not ``Estimator``)."""
        return classes.is_framework(self.class_name)

    def part(self, name: str) -> Construction | None:
        """The object given as an argument (``source_code``, ``compute``), where it is one that is made here."""
        given = self.get(name)
        if given is None:
            return None
        found = self.launcher.constructions_in(given.given)
        return found[0] if len(found) == 1 and len(given.values) == 1 else None

    @cached_property
    def entry_point(self) -> Given | None:
        """The script that is started: ``entry_point``, or ``SourceCode(entry_script=...)``."""
        if self.is_trainer:
            source = self.part("source_code")
            found = source.get("entry_script") if source else None
        else:
            found = self.get("entry_point")
        return found.given if found else None

    @cached_property
    def source_dir(self) -> Given | None:
        """The folder that is sent along."""
        if self.is_trainer:
            source = self.part("source_code")
            found = source.get("source_dir") if source else None
        else:
            found = self.get("source_dir")
        return found.given if found else None

    @cached_property
    def hyperparameters(self) -> Arguments:
        """The hyperparameters, those of ``set_hyperparameters`` too."""
        return self.launcher.hyperparameters_of(self)

    @cached_property
    def environment(self) -> Arguments:
        """The environment variables that it sets."""
        found = self.get("environment")
        if found is None:
            return UNTOLD if self.arguments.open_ended else Arguments()
        return self.launcher.reader.entries(found.given)

    @cached_property
    def metric_definitions(self) -> MetricDefinitions:
        """What is read out of the job's log."""
        return self.launcher.metric_definitions_of(self)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that it starts."""
        return tuple(job for job in self.launcher.jobs if job.estimator is self)


class Tuner(Construction, slots=False):
    """A ``HyperparameterTuner``."""

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators that it may be given."""
        found = self.get("estimator") or self.get("model_trainer")
        return self.launcher.estimators_in(found.given) if found else ()

    @cached_property
    def ranges(self) -> Arguments:
        """The hyperparameters that it varies, with their ranges."""
        found = self.get("hyperparameter_ranges")
        if found is None:
            return UNTOLD
        return self.launcher.reader.entries(found.given)

    @cached_property
    def metric_definitions(self) -> MetricDefinitions:
        """What is read out of the jobs' logs."""
        return self.launcher.metric_definitions_of(self)


class Step(Construction, slots=False):
    """A step of a pipeline."""

    @property
    def kind(self) -> str:
        """``Training``, ``Tuning``, ``Processing``, ..., as the tables of properties name it."""
        return classes.step_kind(self.class_name) or ""

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators that it may run."""
        found = self.get("estimator")
        return self.launcher.estimators_in(found.given) if found else ()


class Channel(Record):
    """A channel of a job: its name, where the name stands, and what is given for it.

    ``origin`` is ``inputs`` where the launcher names it, ``default`` for the one called ``training`` because the
    input has no name, ``model`` for the one that ``model_uri`` makes.
    """

    name: str
    at: ast.AST
    given: Given | None
    origin: str
    certain: bool = True


class Channels(Record):
    """The channels of a job. ``open_ended`` says that there may be others."""

    entries: tuple[Channel, ...] = ()
    open_ended: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names, each once, in order."""
        return tuple(dict.fromkeys(channel.name for channel in self.entries))

    def get(self, name: str) -> Channel | None:
        """The last channel of this name, or None."""
        return next((channel for channel in reversed(self.entries) if channel.name == name), None)


class Job(Record, slots=False):
    """A start of an estimator: ``fit``, ``train`` or a step; with the tuner where one is between.

    ``node`` is the call that starts it, ``method`` the way: ``fit``, ``train``, ``step``.
    """

    estimator: Estimator
    node: ast.Call
    method: str
    channels: Channels
    tuner: Tuner | None = None
    step: Step | None = None


class Request(Record, slots=False, apart=("launcher",)):
    """A raw ``create_training_job`` request."""

    launcher: LauncherInterface
    node: ast.Call
    scope: Scope
    members: Arguments

    def at(self, path: str) -> Given | None:
        """What stands at a path of members (``ResourceConfig.InstanceType``), or None."""
        members, given = self.members, None
        for name in path.split("."):
            found = members.only(name)
            if found is None:
                return None
            given = found.given
            members = self.launcher.reader.entries(given)
        return given


class PropertyUse(Record):
    """A path into a step's properties: ``step.properties.ModelArtifacts.S3ModelArtifacts``."""

    node: ast.expr
    steps: tuple[Step, ...]
    path: tuple[ast.Attribute | ast.Subscript, ...]
    """The attributes and subscripts after ``properties``, in order."""
    scope: Scope
