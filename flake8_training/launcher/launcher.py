"""The facts of one launcher: estimators, tuners, steps, jobs, declarations.

Each fact is computed at its first use.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from flake8_training.engine.inputs.options import Options
from flake8_training.engine.syntax.parents import stands_in
from flake8_training.engine.syntax.program import Program
from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex, Scope
from flake8_training.engine.values.values import (
    Class,
    Collection,
    Frame,
    Function,
    Instance,
    LibraryObject,
    Reference,
    Value,
)
from flake8_training.launcher import declared_tables, job_settings, literals, sdk_classes
from flake8_training.launcher.arguments import ArgumentReader
from flake8_training.launcher.author_defaults import AuthorDefaults
from flake8_training.launcher.boto3_requests import (
    RESOURCES,
    RequestedEstimator,
    may_request,
    requested,
    requests,
)
from flake8_training.launcher.declared_tables import ContractTable, SpecificationTable
from flake8_training.launcher.evidence_of_tests import EvidenceOfTests, is_mocking
from flake8_training.launcher.jobs import channels_of_trainer, started_jobs
from flake8_training.launcher.launcher_evaluator import LauncherEvaluator
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.launcher.output_specs import declares_outputs
from flake8_training.launcher.pipelines import Pipeline, pipelines
from flake8_training.launcher.processing_jobs import REQUEST, ProcessingJob, may_process, processing_jobs
from flake8_training.launcher.remote_functions import RemoteCall, remote_calls
from flake8_training.launcher.sdk_classes import candidates
from flake8_training.launcher.sdk_objects import (
    Channels,
    Estimator,
    Job,
    MetricDefinitions,
    PropertyUse,
    Request,
    SdkObject,
    Step,
    Tuner,
)
from flake8_training.launcher.step_builders import looks_like_builder
from flake8_training.launcher.step_properties import property_uses
from flake8_training.ledger import Reason, note_unknown
from flake8_training.record import replace
from flake8_training.sagemaker.signatures import Signature, signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_training.launcher.required_sdk import RequiredSdk

_MAX_CALLERS = 12
Place = tuple[str, int]
_Kind = TypeVar("_Kind", bound=SdkObject)
_FrameKey = tuple[tuple[int, int], ...]


class Launcher:
    """One Python file read as a launcher of training jobs. ``path`` is as the user wrote it.

    ``place`` returns where a reader of the file finds a node: path and line. They differ from those of the tree if the
    tree is built from the cells of a notebook. ``defaults`` answers which defaults of the author decide.
    """

    def __init__(
        self,
        program: Program,
        path: str,
        lines: Sequence[str],
        place: Callable[[ast.AST], Place] | None = None,
        defaults: AuthorDefaults | None = None,
    ) -> None:
        self.program = program
        self.tree = program.entry.tree
        self.path = path
        self.lines = lines
        self.place = place or self._in_file
        self._defaults = defaults
        self._objects: dict[tuple[int, _FrameKey, str], SdkObject] = {}
        self.shown_path: Callable[[str], str | None] = _in_no_report
        """Returns the path under which a data file is reported; None if findings do not stand in it."""
        self.installed_sdk: RequiredSdk | None = None
        """The SDK that the launcher installs itself, before it imports it."""

    def _in_file(self, node: ast.AST) -> Place:
        return self.data_path(node) or self.path, getattr(node, "lineno", 1)

    def data_path(self, node: ast.AST) -> str | None:
        """Return the path of the data file that holds a node and that a finding can stand in, or None."""
        if self.shown_path is _in_no_report or stands_in(self.tree, node):
            return None
        files = (module for module in self.evaluator.readers if stands_in(module.tree, node))
        return next((self.shown_path(module.path) for module in files), None)

    def is_reported(self, module: ModuleIndex) -> bool:
        """Return whether a finding can stand in a module: this file, or a data file that it reads."""
        if module is self.module:
            return True
        return module in self.evaluator.readers and self.shown_path(module.path) is not None

    @cached_property
    def evaluator(self) -> LauncherEvaluator:
        """The evaluator of the file's expressions."""
        evaluator = LauncherEvaluator(self.program, self._defaults)
        Options(evaluator)
        return evaluator

    def by_default(self, defaults: AuthorDefaults) -> Launcher | None:
        """Return the file read with the author's defaults; None if it asks for no value that a default alone has."""
        if not self.evaluator.met_default:
            return None
        place = None if self.place == self._in_file else self.place
        again = Launcher(self.program, self.path, self.lines, place, defaults)
        again.shown_path = self.shown_path
        again.installed_sdk = self.installed_sdk
        return again

    @cached_property
    def reader(self) -> ArgumentReader:
        """The reader of dicts and call arguments."""
        return ArgumentReader(self.evaluator)

    @property
    def module(self) -> ModuleIndex:
        """The names of the file."""
        return self.program.entry

    @cached_property
    def is_launcher(self) -> bool:
        """Whether the file constructs or declares anything that starts or belongs to a training job."""
        return bool(
            self._sdk_calls
            or self.remote_calls
            or self.requests
            or REQUEST in self.module.calls_by_name
            or self.specifications
            or self.contracts
            or declares_outputs(self)
            or any(looks_like_builder(scope) for scope in self.module.scopes)
        )

    @property
    def classes(self) -> tuple[Scope, ...]:
        """The classes that the file defines."""
        return tuple(scope for scope in self.module.scopes if scope.kind == "class")

    @cached_property
    def imports_sdk(self) -> bool:
        """Whether the file or a local module may import the SDK: without that, no value is an object of it."""
        return any("sagemaker" in dotted for dotted, _ in self.program.imports)

    # -- constructed objects

    @cached_property
    def _sdk_calls(self) -> tuple[tuple[CallSite, str, Scope | None], ...]:
        """The calls of SDK classes, each with its class, and the local class that derives from it or None.

        Nearly every file has none. This search needs neither the options of the program, which are expensive to
        collect, nor the modules that no value of a call comes from.
        """
        evaluator = LauncherEvaluator(self.program.on_demand)
        return tuple(
            (site, class_name, local)
            for site in candidates(self.program)
            for value in evaluator.values(site.node.func, site.scope)
            for class_name, local in _classes_in(evaluator, value)
        )

    @cached_property
    def constructions(self) -> tuple[SdkObject, ...]:
        """Every SDK object that the file constructs, once for each call site, in line order."""
        found: dict[tuple[int, str], SdkObject] = {}
        for site, class_name, local in self._sdk_calls:
            sdk_object = self._construction(site.node, site.scope, None, class_name, local)
            found.setdefault((id(site.node), class_name), sdk_object)
        return tuple(
            sorted(
                found.values(), key=lambda sdk_object: (sdk_object.node.lineno, sdk_object.node.col_offset)
            )
        )

    def of(self, *class_names: str) -> tuple[SdkObject, ...]:
        """Return the objects of these classes (by short name, ``TrainingInput``) that the file constructs."""
        return tuple(sdk_object for sdk_object in self.constructions if sdk_object.name in class_names)

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators and trainers that the file constructs; an estimator of a function once for each call of it."""
        started = [job.estimator for job in self.jobs if job.estimator.scope.module is self.module]
        return self._expanded(Estimator, started)

    @cached_property
    def tuners(self) -> tuple[Tuner, ...]:
        """The tuners that the file constructs."""
        return self._expanded(Tuner, [])

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The pipeline steps that the file constructs."""
        return self._expanded(Step, [])

    @cached_property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """The pipelines that the file constructs."""
        return tuple(pipelines(self, self.constructions))

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The training jobs that the file starts, directly or as a pipeline step."""
        return tuple(started_jobs(self))

    @cached_property
    def processing_jobs(self) -> tuple[ProcessingJob, ...]:
        """The processing jobs that the file starts, directly or as a pipeline step."""
        return tuple(processing_jobs(self)) if may_process(self.module.calls_by_name) else ()

    def channels_of(self, trainer: Estimator) -> Channels:
        """Return the channels of a ``ModelTrainer``, whether this file starts it or not."""
        jobs = [job.channels for job in self.jobs if job.estimator is trainer]
        return jobs[-1] if jobs else channels_of_trainer(self, trainer, None)

    @property
    def _may_request(self) -> bool:
        """Whether the file may pass a raw request: a call of some names, or a task of a state machine."""
        return may_request(self.module) or self.mentions(*RESOURCES)

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """The raw requests of the file: ``create_training_job`` and ``create_hyper_parameter_tuning_job``."""
        return tuple(requests(self)) if self._may_request else ()

    @cached_property
    def requested(self) -> tuple[RequestedEstimator, ...]:
        """The jobs of the raw requests, as estimators."""
        return tuple(estimator for request in self.requests for estimator in requested(request))

    @cached_property
    def remote_calls(self) -> tuple[RemoteCall, ...]:
        """The calls of ``@remote``, ``@step`` and ``RemoteExecutor``."""
        return tuple(remote_calls(self))

    @cached_property
    def specifications(self) -> tuple[SpecificationTable, ...]:
        """The specifications of training steps that the file declares as dicts."""
        return tuple(declared_tables.specifications(self))

    @cached_property
    def contracts(self) -> tuple[ContractTable, ...]:
        """The contracts of training scripts that the file declares."""
        return tuple(declared_tables.contracts(self))

    def mentions(self, *words: str) -> bool:
        """Return whether the source contains one of some words: a cheap pre-check."""
        return any(word in line for line in self.lines for word in words)

    @cached_property
    def properties(self) -> tuple[PropertyUse, ...]:
        """The paths into the properties of steps that the file contains."""
        return tuple(property_uses(self))

    # -- from values to objects

    def constructions_in(self, expression: LocatedExpression) -> tuple[SdkObject, ...]:
        """Return the objects that an expression can be; chained ``with_...`` methods return their trainer."""
        found: list[SdkObject] = []
        for value in expression.values:
            found.extend(self._of_value(value, 0))
        return tuple(dict.fromkeys(found))

    def estimators_in(self, expression: LocatedExpression) -> tuple[Estimator, ...]:
        """Return the estimators that an expression can be."""
        return tuple(
            sdk_object
            for sdk_object in self.constructions_in(expression)
            if isinstance(sdk_object, Estimator)
        )

    def _of_value(self, value: Value, depth: int) -> Iterator[SdkObject]:
        if not isinstance(value, LibraryObject | Instance) or value.site is None or depth > 8:
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
        known = sdk_classes.known_class(value.name.removesuffix("()")) if not owner else None
        if known is not None:
            yield self._construction(site.node, site.scope, value.frame, known, None)

    def _construction(
        self, node: ast.Call, scope: Scope, frame: Frame | None, class_name: str, local: Scope | None
    ) -> SdkObject:
        key = (id(node), _frame_key(frame), class_name)
        known = self._objects.get(key)
        if known is None:
            taken = signature(class_name)
            own = self.evaluator.method(local, "__init__") if local is not None else None
            if own is not None:
                # A local class's own ``__init__`` may pass anything on to its base: the arguments are
                # unknown.
                arguments = self.reader.arguments(node, scope, frame, ())
                arguments = replace(arguments, open_ended=True)
            else:
                arguments = _translated(self.reader.call(node, scope, frame, taken), taken)
            known = _view(class_name)(self, class_name, node, scope, frame, arguments, local)
            self._objects[key] = known
        return known

    def _expanded(self, kind: type[_Kind], met: Sequence[_Kind]) -> tuple[_Kind, ...]:
        """Return the objects of one kind; an object of a function once for each call of the function."""
        seen = {id(sdk_object.node) for sdk_object in met}
        found: list[_Kind] = list(dict.fromkeys(met))
        for sdk_object in self.constructions:
            if isinstance(sdk_object, kind) and id(sdk_object.node) not in seen:
                frames = self.frames(sdk_object.scope)
                for frame in frames:
                    one = self._construction(
                        sdk_object.node, sdk_object.scope, frame, sdk_object.class_name, sdk_object.local
                    )
                    assert isinstance(one, kind)
                    found.append(one)
        return tuple(
            sorted(found, key=lambda sdk_object: (sdk_object.node.lineno, sdk_object.node.col_offset))
        )

    def frames(self, scope: Scope) -> list[Frame | None]:
        """Return the calls of the enclosing function; a list of one None if there are none or too many."""
        function = scope.function
        if function is None or function.kind != "function" or function.owner is not None:
            return [None]
        sites = [s for s in self.evaluator.callers(function) if s.scope.function is not function]
        if not sites or len(sites) > _MAX_CALLERS or self.evaluator.parameters.escapes(function):
            return [None]
        return [Frame(function, site, None, None, 0) for site in sites]

    def report_node(self, argument: Argument, sdk_object: SdkObject) -> ast.AST:
        """Return the node at which to report an argument: its name, or the call if no finding can stand there."""
        return argument.at if self.is_reported(argument.expression.scope.module) else sdk_object.node

    def own(self, node: ast.AST, otherwise: ast.AST) -> ast.AST:
        """Return the node if it is in this file, or in a data file that findings stand in; else the other one."""
        return node if stands_in(self.tree, node) or self.data_path(node) else otherwise

    def scope_of(self, node: ast.Call) -> Scope:
        """Return the scope that contains a call of this file."""
        return next((site.scope for site in self.module.calls if site.node is node), self.module.top)

    def literal(self, expression: LocatedExpression, value: object, otherwise: ast.AST) -> ast.AST:
        """Return the literal that reaches an expression as this value, else the expression or ``otherwise``."""
        found = literals.literal(self, expression, value)
        if found is None and self.is_reported(expression.scope.module):
            return expression.node
        return found or otherwise

    def is_expected_to_fail(self, node: ast.AST) -> bool:
        """Return whether the mistakes of a node are intended or harmless.

        It is inside ``with pytest.raises(...)``, a mock reaches it, or only tests reach it that mock the SDK or start
        no job.
        """
        evidence = self._test_evidence
        if evidence.is_expected_to_fail(node):
            return True
        if evidence.is_test(node) and (evidence.mocks or not (self.jobs or self.requests)):
            return True
        return evidence.mocks and self._is_mocked(node)

    def _is_mocked(self, node: ast.AST) -> bool:
        """Return whether a call gets a mock, or runs while one replaces a part of the SDK."""
        line = getattr(node, "lineno", 0)
        if any(first <= line <= last for first, last in self._mocked_lines):
            return True
        if not isinstance(node, ast.Call):
            return False
        scope = self.scope_of(node)
        passed = (*node.args, *(keyword.value for keyword in node.keywords))
        return any(self._is_mock(argument, scope) for argument in passed)

    @cached_property
    def _mocked_lines(self) -> tuple[tuple[int, int], ...]:
        """The lines of the functions and ``with`` statements in which a mock is at work."""
        found: list[tuple[int, int]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.With | ast.AsyncWith):
                used = [item.context_expr for item in node.items]
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                used = node.decorator_list
            else:
                continue
            if any(self._is_mock(expression, self.module.top) for expression in used):
                found.append((node.lineno, node.end_lineno or node.lineno))
        return tuple(found)

    def _is_mock(self, expression: ast.expr, scope: Scope) -> bool:
        """Return whether an expression is an object of a library that replaces what it tests."""
        return any(
            isinstance(value, Reference | LibraryObject) and is_mocking(value.name)
            for value in self.evaluator.values(expression, scope)
        )

    def is_test(self, node: ast.AST) -> bool:
        """Return whether only tests reach a node: settings that it lacks may be configured elsewhere."""
        return self._test_evidence.is_test(node)

    @cached_property
    def _test_evidence(self) -> EvidenceOfTests:
        return EvidenceOfTests(self.module)

    # -- later uses of an object

    def hyperparameters_of(self, estimator: Estimator) -> Arguments:
        """Return the hyperparameters of an estimator, including those of ``set_hyperparameters``."""
        return job_settings.hyperparameters(estimator)

    def metric_definitions_of(self, sdk_object: SdkObject) -> MetricDefinitions:
        """Return the metric definitions of an estimator or tuner."""
        return job_settings.metric_definitions(sdk_object)

    def assigned(self, sdk_object: SdkObject) -> frozenset[str]:
        """Return the attributes of an object that the program assigns."""
        found: set[str] = set()
        names = sdk_object.signature.known if sdk_object.signature else frozenset()
        for name, stores in self.module.attribute_stores.items():
            if name not in names:
                continue
            for store in stores:
                held = self.constructions_in(self.reader.expression(store.target, store.scope))
                if any(one.node is sdk_object.node for one in held):
                    found.add(name)
        return frozenset(found)

    def methods(self, sdk_object: SdkObject, name: str) -> Iterator[CallSite]:
        """Yield the call sites of one method of an object."""
        for site in self.module.calls_by_name.get(name, ()):
            func = site.node.func
            if isinstance(func, ast.Attribute):
                held = self.constructions_in(self.reader.expression(func.value, site.scope))
                if any(one.node is sdk_object.node for one in held):
                    yield site

    def is_handed_on(self, sdk_object: SdkObject) -> bool:
        """Return whether an object is passed to code outside this file and the SDKs, which may change it.

        The call is noted for the rule that asks, if the rule reports nothing.
        """
        for site in self.module.calls:
            for argument in (*site.node.args, *(keyword.value for keyword in site.node.keywords)):
                if not isinstance(argument, ast.Name | ast.Attribute | ast.Call) or self._is_known_code(site):
                    continue
                found = self.constructions_in(self.reader.expression(argument, site.scope))
                if any(one.node is sdk_object.node for one in found):
                    note_unknown(Reason.CODE, site.node, weak=True)
                    return True
        return False

    def _is_known_code(self, site: CallSite) -> bool:
        """Return whether a call goes to the SDKs, to builtins or to code of this file."""
        called = self.evaluator.values(site.node.func, site.scope)
        return bool(called) and all(
            value.name.startswith(("sagemaker.", "builtins."))
            if isinstance(value, Reference)
            else isinstance(value, Class | Function) and value.scope.module is self.module
            for value in called
        )

    def elements(self, value: Value) -> list[LocatedExpression] | None:
        """Return the elements of a list or tuple display that nothing changes except ``append``, else None."""
        if not isinstance(value, Collection) or not isinstance(value.node, ast.List | ast.Tuple):
            return None
        if any(isinstance(e, ast.Starred) for e in value.node.elts):
            return None
        found = [self.reader.expression(e, value.scope, value.frame) for e in value.node.elts]
        for site in self.evaluator.containers.in_place_calls(value):
            func = site.node.func
            if not (isinstance(func, ast.Attribute) and func.attr == "append" and len(site.node.args) == 1):
                return None
            found.append(self.reader.expression(site.node.args[0], site.scope))
        return found


def _in_no_report(path: str) -> str | None:
    """Return None: by itself a launcher reports nothing in another file."""
    return None


def _classes_in(evaluator: LauncherEvaluator, value: Value) -> Sequence[tuple[str, Scope | None]]:
    """Return the SDK class that a value is or derives from, with the local class; at most one."""
    if isinstance(value, Reference):
        known = sdk_classes.known_class(value.name)
        return [(known, None)] if known is not None else []
    if not isinstance(value, Class):
        return []
    bases = [sdk_classes.known_class(name) for name in evaluator.ancestry(value.scope)[1] if name]
    return [(name, value.scope) for name in bases if name is not None and _view(name) is not SdkObject][:1]


def _view(class_name: str) -> type[SdkObject]:
    if sdk_classes.is_estimator(class_name) or sdk_classes.is_trainer(class_name):
        return Estimator
    if class_name in sdk_classes.TUNERS:
        return Tuner
    return Step if sdk_classes.step_kind(class_name) else SdkObject


def _translated(arguments: Arguments, taken: Signature | None) -> Arguments:
    """Return arguments with the names of SDK v1 that v2 translates (``train_max_run``) as those of v2.

    Source: sagemaker 2.257.7 ``deprecations.py: renamed_kwargs``.
    """
    if taken is None or not any(name in taken.renamed for name in arguments.names):
        return arguments
    entries = tuple(replace(one, name=taken.renamed.get(one.name, one.name)) for one in arguments)
    return replace(arguments, entries=entries)


def _frame_key(frame: Frame | None) -> _FrameKey:
    found: list[tuple[int, int]] = []
    while frame is not None:
        found.append((id(frame.function), id(frame.site.node)))
        frame = frame.caller
    return tuple(found)
