"""What one launcher makes and starts: estimators, tuners, steps, jobs; each fact is found when it is asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from flake8_training.builder import classes, declared, literals, settings
from flake8_training.builder.candidates import candidates
from flake8_training.builder.channels import channels_of_trainer, started_jobs
from flake8_training.builder.declared import ContractTable, SpecificationTable
from flake8_training.builder.following import LauncherEvaluator
from flake8_training.builder.given import Argument, Arguments, Given
from flake8_training.builder.made import (
    Channels,
    Construction,
    Estimator,
    Job,
    MetricDefinitions,
    PropertyUse,
    Request,
    Step,
    Tuner,
)
from flake8_training.builder.named import Reader
from flake8_training.builder.output_aliases import declares_outputs
from flake8_training.builder.property_uses import property_uses
from flake8_training.builder.rehearsal import Rehearsal
from flake8_training.builder.requested import Requested, requested
from flake8_training.builder.step_builders import looks_like_builder
from flake8_training.record import replace
from flake8_training.sagemaker.signatures import signature
from flake8_training.script.enclosing import stands_in
from flake8_training.script.modules import Program
from flake8_training.script.names import CallSite, ModuleNames, Scope
from flake8_training.script.options import Options
from flake8_training.script.values import Class, Collection, Frame, Function, Instance, Made, Reference, Value

_MAX_CALLERS = 12
_OPERATOR = "SageMakerTrainingOperator"
Place = tuple[str, int]
_Kind = TypeVar("_Kind", bound=Construction)
_FrameKey = tuple[tuple[int, int], ...]


class Launcher:
    """One Python file read as a launcher of training jobs. ``path`` is as the user gave it.

    ``place`` says where a node stands for a reader of the file: path and line, which are not those of the tree where
    the tree was put together from the cells of a notebook.
    """

    def __init__(
        self,
        program: Program,
        path: str,
        lines: Sequence[str],
        place: Callable[[ast.AST], Place] | None = None,
    ) -> None:
        self.program = program
        self.tree = program.entry.tree
        self.path = path
        self.lines = lines
        self.place = place or self._in_file
        self._made: dict[tuple[int, _FrameKey, str], Construction] = {}

    def _in_file(self, node: ast.AST) -> Place:
        return self.path, getattr(node, "lineno", 1)

    @cached_property
    def evaluator(self) -> LauncherEvaluator:
        """What follows the values."""
        evaluator = LauncherEvaluator(self.program)
        Options(evaluator)
        return evaluator

    @cached_property
    def reader(self) -> Reader:
        """What reads dicts and calls."""
        return Reader(self.evaluator)

    @property
    def module(self) -> ModuleNames:
        """The names of the file."""
        return self.program.entry

    @cached_property
    def is_launcher(self) -> bool:
        """Whether the file makes or declares anything that starts or is part of a training job."""
        return bool(
            self._classes_made
            or self._requesting
            or self.specifications
            or self.contracts
            or declares_outputs(self)
            or any(looks_like_builder(scope) for scope in self.module.scopes)
        )

    # -- what is made

    @cached_property
    def _classes_made(self) -> tuple[tuple[CallSite, str, Scope | None], ...]:
        """The calls of SDK classes, with the class and the program's class that derives from it.

        Nearly every file has none: they are looked for without the options of the program, whose reading is dear.
        """
        evaluator = LauncherEvaluator(self.program)
        return tuple(
            (site, class_name, local)
            for site in candidates(self.program)
            for value in evaluator.values(site.node.func, site.scope)
            for class_name, local in _classes_in(evaluator, value)
        )

    @cached_property
    def constructions(self) -> tuple[Construction, ...]:
        """Every object of the SDKs that the file makes, once for each place, in the order of the lines."""
        found: dict[tuple[int, str], Construction] = {}
        for site, class_name, local in self._classes_made:
            made = self._construction(site.node, site.scope, None, class_name, local)
            found.setdefault((id(site.node), class_name), made)
        return tuple(sorted(found.values(), key=lambda made: (made.node.lineno, made.node.col_offset)))

    def of(self, *class_names: str) -> tuple[Construction, ...]:
        """The objects of these classes (by their own names, ``TrainingInput``) that the file makes."""
        return tuple(made for made in self.constructions if made.name in class_names)

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators and trainers that the file makes; one that a function makes once for each of its calls."""
        started = [job.estimator for job in self.jobs if job.estimator.scope.module is self.module]
        return self._expanded(Estimator, started)

    @cached_property
    def tuners(self) -> tuple[Tuner, ...]:
        """The tuners that the file makes."""
        return self._expanded(Tuner, [])

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of pipelines that the file makes."""
        return self._expanded(Step, [])

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The training jobs that the file starts, by itself or as a step of a pipeline."""
        return tuple(started_jobs(self))

    def channels_of(self, trainer: Estimator) -> Channels:
        """The channels that a ``ModelTrainer`` is given, whether it is started here or not."""
        jobs = [job.channels for job in self.jobs if job.estimator is trainer]
        return jobs[-1] if jobs else channels_of_trainer(self, trainer, None)

    @property
    def _requesting(self) -> list[CallSite]:
        """The calls that give a request: botocore's method, and Airflow's operator with it as ``config``."""
        called = [
            site
            for site in self.module.calls_by_name.get("create_training_job", ())
            if isinstance(site.node.func, ast.Attribute)
            and any(keyword.arg in (None, "TrainingJobName") for keyword in site.node.keywords)
        ]
        operators = [
            site
            for site in self.module.calls_by_name.get(_OPERATOR, ())
            if any(keyword.arg == "config" for keyword in site.node.keywords)
        ]
        return called + operators

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """The raw ``create_training_job`` requests of the file."""
        return tuple(Request(self, site.node, site.scope, self._members(site)) for site in self._requesting)

    def _members(self, site: CallSite) -> Arguments:
        given = self.reader.call(site.node, site.scope, None, None)
        config = given.get("config")
        if config is None or "TrainingJobName" in given:
            return given
        found = self.reader.entries(config.given)
        # A configuration may hold more than the request: then the request is a part of it.
        training = found.only("Training")
        return self.reader.entries(training.given) if training is not None else found

    @cached_property
    def requested(self) -> tuple[Requested, ...]:
        """The jobs of the raw requests, as estimators have them."""
        return tuple(requested(request) for request in self.requests)

    @cached_property
    def specifications(self) -> tuple[SpecificationTable, ...]:
        """The specifications of training steps that the file declares as dicts."""
        return tuple(declared.specifications(self))

    @cached_property
    def contracts(self) -> tuple[ContractTable, ...]:
        """The contracts of training scripts that the file declares."""
        return tuple(declared.contracts(self))

    def mentions(self, *words: str) -> bool:
        """Whether the text of the file has one of some words: a cheap look before a thorough one."""
        return any(word in line for line in self.lines for word in words)

    @cached_property
    def properties(self) -> tuple[PropertyUse, ...]:
        """The paths into the properties of steps that the file makes."""
        return tuple(property_uses(self))

    # -- from values to what is made

    def constructions_in(self, given: Given) -> tuple[Construction, ...]:
        """The objects that an expression can be; chained ``with_...`` methods of a trainer give the trainer."""
        found: list[Construction] = []
        for value in given.values:
            found.extend(self._of_value(value, 0))
        return tuple(dict.fromkeys(found))

    def estimators_in(self, given: Given) -> tuple[Estimator, ...]:
        """The estimators that an expression can be."""
        return tuple(made for made in self.constructions_in(given) if isinstance(made, Estimator))

    def _of_value(self, value: Value, depth: int) -> Iterator[Construction]:
        if not isinstance(value, Made | Instance) or value.site is None or depth > 8:
            return
        site = value.site
        if isinstance(value, Instance):
            for class_name, local in _classes_in(self.evaluator, Class(value.scope)):
                yield self._construction(site.node, site.scope, value.frame, class_name, local)
            return
        owner, _, method = value.name.removesuffix("()").rpartition("().")
        if owner and method.startswith("with_") and isinstance(site.node.func, ast.Attribute):
            for inner in self.evaluator.values(site.node.func.value, site.scope, value.frame):
                yield from self._of_value(inner, depth + 1)
            return
        known = classes.known_class(value.name.removesuffix("()")) if not owner else None
        if known is not None:
            yield self._construction(site.node, site.scope, value.frame, known, None)

    def _construction(
        self, node: ast.Call, scope: Scope, frame: Frame | None, class_name: str, local: Scope | None
    ) -> Construction:
        key = (id(node), _frame_key(frame), class_name)
        known = self._made.get(key)
        if known is None:
            taken = signature(class_name)
            own = self.evaluator.method(local, "__init__") if local is not None else None
            if own is not None:
                # What the class of the program makes of its arguments is not followed.
                arguments = self.reader.arguments(node, scope, frame, ())
                arguments = replace(arguments, open_ended=True)
            else:
                arguments = self.reader.call(node, scope, frame, taken)
            known = _view(class_name)(self, class_name, node, scope, frame, arguments, local)
            self._made[key] = known
        return known

    def _expanded(self, kind: type[_Kind], met: Sequence[_Kind]) -> tuple[_Kind, ...]:
        """The objects of one kind, each function's once for each call of it."""
        seen = {id(made.node) for made in met}
        found: list[_Kind] = list(dict.fromkeys(met))
        for made in self.constructions:
            if isinstance(made, kind) and id(made.node) not in seen:
                frames = self._frames(made.scope)
                for frame in frames:
                    one = self._construction(made.node, made.scope, frame, made.class_name, made.local)
                    assert isinstance(one, kind)
                    found.append(one)
        return tuple(sorted(found, key=lambda made: (made.node.lineno, made.node.col_offset)))

    def _frames(self, scope: Scope) -> list[Frame | None]:
        """The calls of the function around, or one None where there is none, or too many."""
        function = scope.function
        if function is None or function.kind != "function" or function.owner is not None:
            return [None]
        sites = [s for s in self.evaluator.callers(function) if s.scope.function is not function]
        if not sites or len(sites) > _MAX_CALLERS or self.evaluator.parameters.escapes(function):
            return [None]
        return [Frame(function, site, None, None, 0) for site in sites]

    def spot(self, argument: Argument, made: Construction) -> ast.AST:
        """Where an argument is mended: where its name stands, or at the call where that is another file."""
        return argument.at if argument.given.scope.module is self.module else made.node

    def own(self, node: ast.AST, otherwise: ast.AST) -> ast.AST:
        """A node if it stands in this file, else another that does."""
        return node if stands_in(self.tree, node) else otherwise

    def scope_of(self, node: ast.Call) -> Scope:
        """The scope that a call of this file stands in."""
        return next((site.scope for site in self.module.calls if site.node is node), self.module.top)

    def literal(self, given: Given, value: object, otherwise: ast.AST) -> ast.AST:
        """Where a literal stands that reaches an expression, or what is to be named where there is none."""
        found = literals.literal(self, given, value)
        if found is None and given.scope.module is self.module:
            return given.node
        return found or otherwise

    def is_expected_to_fail(self, node: ast.AST) -> bool:
        """Whether a node stands in a ``with pytest.raises(...)``: what is wrong there is meant."""
        return self._rehearsal.is_expected_to_fail(node)

    @property
    def is_rehearsal(self) -> bool:
        """Whether nothing of the file reaches SageMaker: it is a test that mocks, or one that starts no job."""
        return self._rehearsal.mocks or (self._rehearsal.is_test and not (self.jobs or self.requests))

    @property
    def is_test(self) -> bool:
        """Whether the file is a test, of which whatever it lacks may be configured elsewhere."""
        return self._rehearsal.is_test

    @cached_property
    def _rehearsal(self) -> Rehearsal:
        return Rehearsal(self.module)

    # -- more about what is made

    def hyperparameters_of(self, estimator: Estimator) -> Arguments:
        """Return the hyperparameters of an estimator, those of ``set_hyperparameters`` too."""
        return settings.hyperparameters(estimator)

    def metric_definitions_of(self, made: Construction) -> MetricDefinitions:
        """Return the metric definitions of an estimator or tuner."""
        return settings.metric_definitions(made)

    def assigned(self, made: Construction) -> frozenset[str]:
        """The attributes that the program assigns to an object."""
        found: set[str] = set()
        names = made.signature.known if made.signature else frozenset()
        for name, stores in self.module.attribute_stores.items():
            if name not in names:
                continue
            for store in stores:
                held = self.constructions_in(self.reader.given(store.target, store.scope))
                if any(one.node is made.node for one in held):
                    found.add(name)
        return frozenset(found)

    def methods(self, made: Construction, name: str) -> Iterator[CallSite]:
        """The calls of a method of an object."""
        for site in self.module.calls_by_name.get(name, ()):
            func = site.node.func
            if isinstance(func, ast.Attribute):
                held = self.constructions_in(self.reader.given(func.value, site.scope))
                if any(one.node is made.node for one in held):
                    yield site

    def is_handed_on(self, made: Construction) -> bool:
        """Whether an object is given to code that is not at hand, which may change anything of it."""
        return any(
            any(
                one.node is made.node
                for one in self.constructions_in(self.reader.given(argument, site.scope))
            )
            for site in self.module.calls
            for argument in (*site.node.args, *(keyword.value for keyword in site.node.keywords))
            if isinstance(argument, ast.Name | ast.Attribute | ast.Call) and not self._is_at_hand(site)
        )

    def _is_at_hand(self, site: CallSite) -> bool:
        """Whether a call goes to the SDKs or builtins, or to code of this file."""
        called = self.evaluator.values(site.node.func, site.scope)
        return bool(called) and all(
            value.name.startswith(("sagemaker.", "builtins."))
            if isinstance(value, Reference)
            else isinstance(value, Class | Function) and value.scope.module is self.module
            for value in called
        )

    def elements(self, value: Value) -> list[Given] | None:
        """The elements of a list or tuple display that nothing changes afterwards; None for anything else."""
        if not isinstance(value, Collection) or not isinstance(value.node, ast.List | ast.Tuple):
            return None
        if any(isinstance(e, ast.Starred) for e in value.node.elts):
            return None
        found = [self.reader.given(e, value.scope, value.frame) for e in value.node.elts]
        for site in self.evaluator.containers.in_place_calls(value):
            func = site.node.func
            if not (isinstance(func, ast.Attribute) and func.attr == "append" and len(site.node.args) == 1):
                return None
            found.append(self.reader.given(site.node.args[0], site.scope))
        return found


def _classes_in(evaluator: LauncherEvaluator, value: Value) -> Sequence[tuple[str, Scope | None]]:
    """The SDK class that a value is, or that a class of the program derives from, with that class."""
    if isinstance(value, Reference):
        known = classes.known_class(value.name)
        return [(known, None)] if known is not None else []
    if not isinstance(value, Class):
        return []
    bases = [classes.known_class(name) for name in evaluator.ancestry(value.scope)[1] if name]
    return [(name, value.scope) for name in bases if name is not None and _view(name) is not Construction][:1]


def _view(class_name: str) -> type[Construction]:
    if classes.is_estimator(class_name) or classes.is_trainer(class_name):
        return Estimator
    if class_name in classes.TUNERS:
        return Tuner
    return Step if classes.step_kind(class_name) else Construction


def _frame_key(frame: Frame | None) -> _FrameKey:
    found: list[tuple[int, int]] = []
    while frame is not None:
        found.append((id(frame.function), id(frame.site.node)))
        frame = frame.caller
    return tuple(found)
