"""Processing jobs that a launcher starts: their code, arguments, inputs and outputs.

Source: sagemaker 2.257.7 ``processing.py`` and ``workflow/steps.py: ProcessingStep``, sagemaker-core 2.27.0
``processing.py``, botocore 1.44.8 ``CreateProcessingJob``. Not in scope: jobs of Spark, whose script the driver starts
with its own arguments, and of Clarify.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_training.engine.syntax.scopes import CallSite
from flake8_training.engine.values.values import Constant, Frame, LibraryObject
from flake8_training.launcher import sdk_classes
from flake8_training.launcher.located_expressions import Argument, Arguments, LocatedExpression
from flake8_training.launcher.processing_ports import (
    INPUTS,
    OUTPUTS,
    ProcessingPort,
    Side,
    certain_elements_of,
    ports_of,
)
from flake8_training.launcher.sdk_objects import SdkObject, below
from flake8_training.launcher.signs import PROCESSING
from flake8_training.record import Record
from flake8_training.sagemaker.signatures import is_subclass, signature

if TYPE_CHECKING:
    from flake8_training.launcher.sdk_objects import LauncherInterface


_BASES = {
    "framework": ("sagemaker.processing.FrameworkProcessor", "sagemaker.core.processing.FrameworkProcessor"),
    "script": ("sagemaker.processing.ScriptProcessor", "sagemaker.core.processing.ScriptProcessor"),
    "image": sdk_classes.PROCESSORS,
}
_SPARK = ("PySparkProcessor", "SparkJarProcessor", "SageMakerClarifyProcessor")


class ProcessingJob(Record, slots=False, apart=("launcher",)):
    """A processing job: the call that starts it, and the arguments of that call.

    ``kind`` is ``script`` (one file), ``framework`` (a folder), ``image`` (the image's program, or ``entrypoint``) or
    ``request``. ``processor`` is None for a request. If a step gets the processor, ``passed`` are the step's arguments,
    under the names of ``run``.
    """

    launcher: LauncherInterface
    kind: str
    node: ast.Call
    passed: Arguments
    processor: SdkObject | None = None
    frame: Frame | None = None

    @property
    def code(self) -> Argument | None:
        """The script, for a processor that takes one."""
        return self.passed.only("code")

    @property
    def source_dir(self) -> LocatedExpression | None:
        """The folder of source files that the SDK sends."""
        found = self.passed.only("source_dir")
        return found.expression if found is not None else None

    @cached_property
    def command(self) -> tuple[LocatedExpression, ...] | None:
        """The words of the container's command, which the image or the request defines; None if they are unknown."""
        if self.kind == "image":
            assert self.processor is not None
            return self._list(self.processor.arguments, "entrypoint")
        if self.kind == "request":
            found = below(self.launcher, self.passed, "AppSpecification")
            return self._list(self._entries(found), "ContainerEntrypoint") if found is not None else None
        return ()

    @cached_property
    def words(self) -> tuple[LocatedExpression, ...] | None:
        """The arguments of the script; None if there may be others."""
        if self.kind == "request":
            found = below(self.launcher, self.passed, "AppSpecification")
            return self._list(self._entries(found), "ContainerArguments") if found is not None else None
        return self._list(self.passed, "arguments")

    @property
    def words_at(self) -> ast.AST:
        """The node of the arguments, or of the call if it passes none."""
        found = self.passed.only("arguments")
        return self.launcher.own(found.at, self.node) if found is not None else self.node

    @property
    def inputs_at(self) -> ast.AST:
        """The node of the inputs, or of the call if it passes none."""
        found = self.passed.only("inputs") or self.passed.only("ProcessingInputs")
        return self.launcher.own(found.at, self.node) if found is not None else self.node

    @cached_property
    def inputs(self) -> tuple[ProcessingPort, ...] | None:
        """The inputs; None if there may be others."""
        if self.kind == "request":
            return self._ports_of_request(self.passed, "ProcessingInputs", "S3Input", "InputName")
        return self._ports("inputs", INPUTS)

    @cached_property
    def outputs(self) -> tuple[ProcessingPort, ...] | None:
        """The outputs; None if there may be others."""
        if self.kind == "request":
            found = below(self.launcher, self.passed, "ProcessingOutputConfig")
            if found is None:
                return () if self.passed.lacks("ProcessingOutputConfig") else None
            return self._ports_of_request(self._entries(found), "Outputs", "S3Output", "OutputName")
        return self._ports("outputs", OUTPUTS)

    def _entries(self, argument: Argument) -> Arguments:
        return self.launcher.reader.entries(argument.expression)

    def _list(self, arguments: Arguments, name: str) -> tuple[LocatedExpression, ...] | None:
        """Return the elements of a list that is an argument, none if it is not passed; None if it is unknown."""
        argument = arguments.only(name)
        if argument is None:
            return () if arguments.lacks(name) else None
        return certain_elements_of(self.launcher, argument)

    def _ports(self, name: str, side: Side) -> tuple[ProcessingPort, ...] | None:
        argument = self.passed.only(name)
        if argument is None:
            return () if self.passed.lacks(name) else None
        return ports_of(self.launcher, argument, side, self.node)

    def _ports_of_request(
        self, members: Arguments, side: str, inner: str, name: str
    ) -> tuple[ProcessingPort, ...] | None:
        elements = self._list(members, side)
        found: list[ProcessingPort] = []
        for element in elements or ():
            entries = self.launcher.reader.entries(element)
            if entries.open_ended:
                return None
            path, named = below(self.launcher, entries, inner, "LocalPath"), entries.only(name)
            uri = below(self.launcher, entries, inner, "S3Uri")
            if path is None and not entries.lacks(inner):
                return None
            node = self.launcher.own(path.at if path is not None else element.node, self.node)
            found.append(
                ProcessingPort(
                    node,
                    path.expression if path is not None else None,
                    named.text if named is not None else None,
                    uri.expression if uri is not None else None,
                )
            )
        return None if elements is None else tuple(found)


def processing_jobs(launcher: LauncherInterface) -> Iterator[ProcessingJob]:
    """Yield the processing jobs that a launcher starts, or that its pipelines contain."""
    calls = launcher.module.calls_by_name
    for site in calls.get("run", ()):
        if isinstance(site.node.func, ast.Attribute):
            for frame in launcher.frames(site.scope):
                yield from _of_run(launcher, site, frame)
    for step in launcher.steps:
        argument = step.get("processor") if step.name == "ProcessingStep" and step.local is None else None
        if argument is not None and not argument.expression.is_none:
            processor = _only(launcher, argument.expression)
            kind = _kind(processor) if processor is not None else ""
            if kind:
                passed = _renamed(step.arguments, {"job_arguments": "arguments"})
                yield ProcessingJob(launcher, kind, step.node, passed, processor, step.frame)
    for site in calls.get(PROCESSING, ()):
        if isinstance(site.node.func, ast.Attribute) and site.node.keywords:
            members = launcher.reader.call(site.node, site.scope, None, None)
            if "AppSpecification" in members:
                yield ProcessingJob(launcher, "request", site.node, members)


def _of_run(launcher: LauncherInterface, site: CallSite, frame: Frame | None) -> Iterator[ProcessingJob]:
    assert isinstance(site.node.func, ast.Attribute)
    processor = _only(launcher, launcher.reader.expression(site.node.func.value, site.scope, frame))
    kind = _kind(processor) if processor is not None else ""
    if processor is not None and kind:
        taken = signature(f"{processor.class_name}.run")
        passed = launcher.reader.call(site.node, site.scope, frame, taken)
        if taken is not None and any(name not in taken.known for name in passed.names):
            passed = Arguments(passed.entries, open_ended=True)  # one may be misspelled, and run() raises
        yield ProcessingJob(launcher, kind, site.node, passed, processor, frame)


def _only(launcher: LauncherInterface, passed: LocatedExpression) -> SdkObject | None:
    """Return the one SDK object that an expression certainly is, or None."""
    found = launcher.constructions_in(passed)
    if len(found) != 1 or len(passed.values) != 1 or found[0].local is not None:
        return None
    return found[0]


def _kind(processor: SdkObject) -> str:
    """Return the kind of a processor; empty for any other object, and for processors with their own program."""
    if processor.name in _SPARK or not processor.is_of_one_class:
        return ""
    for kind, bases in _BASES.items():
        if any(is_subclass(processor.class_name, base) for base in bases):
            return kind
    return ""


def _renamed(arguments: Arguments, names: dict[str, str]) -> Arguments:
    entries = tuple(
        Argument(
            names.get(one.name, one.name),
            one.at,
            one.expression,
            one.certain,
            one.encoding,
            one.taken_out,
            one.replaceable,
        )
        for one in arguments
    )
    return Arguments(entries, arguments.open_ended)


def text_of(expression: LocatedExpression) -> str | None:
    """Return the string that an expression certainly is, or None: no pipeline variable, no unknown value."""
    values = expression.values
    if len(values) == 1 and isinstance(values[0], Constant) and isinstance(values[0].value, str):
        return values[0].value
    return None


def is_sdk_value(expression: LocatedExpression) -> bool:
    """Return whether an expression is certainly one value that the SDK fills in, such as a pipeline variable."""
    values = expression.values
    return (
        len(values) == 1
        and isinstance(values[0], LibraryObject)
        and sdk_classes.is_variable(values[0].name.removesuffix("()"))
    )
