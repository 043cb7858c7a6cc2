"""The SDK objects that a launcher constructs, and those that an expression can be."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from flake8_training.engine.syntax.scopes import CallSite, Scope
from flake8_training.engine.values.values import Class, Frame, Instance, LibraryObject, Value
from flake8_training.launcher import sdk_classes
from flake8_training.launcher.candidates import Candidate, NamedClass, named
from flake8_training.launcher.located_expressions import Arguments, LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator, LauncherInterface, SdkObject, Step, Tuner
from flake8_training.record import replace
from flake8_training.sagemaker.signatures import Signature, signature

_Kind = TypeVar("_Kind", bound=SdkObject)
_FrameKey = tuple[tuple[int, int], ...]


class Constructions:
    """The objects of one launcher: each is the same one wherever it is met.

    ``candidates`` are the calls of the file that may construct one.
    """

    def __init__(self, launcher: LauncherInterface, candidates: Iterable[Candidate]) -> None:
        self._launcher = launcher
        self._candidates = candidates
        self._objects: dict[tuple[int, _FrameKey, str], SdkObject] = {}

    @cached_property
    def calls(self) -> tuple[tuple[CallSite, str, Scope | None], ...]:
        """The calls of SDK classes, each with its class, and the local class that derives from it or None."""
        return tuple(
            (site, class_name, called.local)
            for site, called in self._candidates
            for class_name in _classes_of(called)
        )

    @cached_property
    def all(self) -> tuple[SdkObject, ...]:
        """Every object, once for each call site, in line order."""
        found: dict[tuple[int, str], SdkObject] = {}
        for site, class_name, local in self.calls:
            sdk_object = self._construction(site.node, site.scope, None, class_name, local)
            found.setdefault((id(site.node), class_name), sdk_object)
        return tuple(
            sorted(
                found.values(), key=lambda sdk_object: (sdk_object.node.lineno, sdk_object.node.col_offset)
            )
        )

    @cached_property
    def estimators(self) -> tuple[Estimator, ...]:
        """The estimators and trainers, also those that only a job shows."""
        jobs = self._launcher.jobs
        module = self._launcher.module
        started = [job.estimator for job in jobs if job.estimator.scope.module is module]
        return self.of_kind(Estimator, started)

    @cached_property
    def tuners(self) -> tuple[Tuner, ...]:
        """The tuners."""
        return self.of_kind(Tuner)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The pipeline steps."""
        return self.of_kind(Step)

    def held_by(self, expression: LocatedExpression) -> tuple[SdkObject, ...]:
        """Return the objects that an expression can be; chained ``with_...`` methods return their trainer."""
        found: list[SdkObject] = []
        for value in expression.values:
            found.extend(self._of_value(value, 0))
        return tuple(dict.fromkeys(found))

    def _of_value(self, value: Value, depth: int) -> Iterator[SdkObject]:
        if not isinstance(value, LibraryObject | Instance) or value.site is None or depth > 8:
            return
        site = value.site
        if isinstance(value, Instance):
            called = named(self._launcher.evaluator, Class(value.scope))
            for class_name in _classes_of(called) if called is not None else ():
                yield self._construction(site.node, site.scope, value.frame, class_name, value.scope)
            return
        owner, _, method = value.name.removesuffix("()").rpartition("().")
        if owner and method.startswith("with_") and isinstance(site.node.func, ast.Attribute):
            for inner in self._launcher.evaluator.values(site.node.func.value, site.scope, value.frame):
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
            own = self._launcher.evaluator.method(local, "__init__") if local is not None else None
            if own is not None:
                # A local class's own ``__init__`` may pass anything on to its base: the arguments are
                # unknown.
                arguments = self._launcher.reader.arguments(node, scope, frame, ())
                arguments = replace(arguments, open_ended=True)
            else:
                arguments = _translated(self._launcher.reader.call(node, scope, frame, taken), taken)
            known = _view(class_name)(self._launcher, class_name, node, scope, frame, arguments, local)
            self._objects[key] = known
        return known

    def of_kind(self, kind: type[_Kind], met: Sequence[_Kind] = ()) -> tuple[_Kind, ...]:
        """Return the objects of one kind; an object of a function once for each call of the function."""
        seen = {id(sdk_object.node) for sdk_object in met}
        found: list[_Kind] = list(dict.fromkeys(met))
        for sdk_object in self.all:
            if isinstance(sdk_object, kind) and id(sdk_object.node) not in seen:
                frames = self._launcher.frames(sdk_object.scope)
                for frame in frames:
                    one = self._construction(
                        sdk_object.node, sdk_object.scope, frame, sdk_object.class_name, sdk_object.local
                    )
                    assert isinstance(one, kind)
                    found.append(one)
        return tuple(
            sorted(found, key=lambda sdk_object: (sdk_object.node.lineno, sdk_object.node.col_offset))
        )


def _classes_of(called: NamedClass) -> Sequence[str]:
    """Return the SDK class that a class is or derives from; at most one."""
    known = [name for name in map(sdk_classes.known_class, called.names) if name is not None]
    return known if called.local is None else [name for name in known if _view(name) is not SdkObject][:1]


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
