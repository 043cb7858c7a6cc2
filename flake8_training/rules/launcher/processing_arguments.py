"""Inputs, outputs and code of processing jobs that the SDK or the service refuses.

Source: botocore 1.44.8 ``CreateProcessingJob`` (at most 10 inputs; ``LocalPath`` "must begin with
/opt/ml/processing/"); sagemaker 2.257.7 ``processing.py``: ``ScriptProcessor`` mounts the code as one more input,
``FrameworkProcessor`` as two, starts it by ``/bin/bash`` and raises for a folder in S3 that is no ``sourcedir.tar.gz``.
The service refuses two inputs, or an input and an output, of one path.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.values.values import Collection
from flake8_training.launcher.processing_jobs import ProcessingJob, text_of
from flake8_training.launcher.processing_ports import ProcessingPort
from flake8_training.launcher.sdk_objects import SdkObject, Step
from flake8_training.rules.launcher.problem import Problem, at_argument, at_call, is_left_out, is_set
from flake8_training.sagemaker.signatures import is_subclass

if TYPE_CHECKING:
    from flake8_training.launcher import Launcher

_MOST_INPUTS = 10
_OF_CODE = {"script": 1, "framework": 2}
"""The inputs that the SDK adds for the code of a job."""
_ROOT = "/opt/ml/processing/"
_SCRIPT = "sagemaker.processing.ScriptProcessor"
_FRAMEWORK = "sagemaker.processing.FrameworkProcessor"
_COMMAND = "framework_entrypoint_command"
_ARCHIVE = "sourcedir.tar.gz"


def refused_ports(launcher: Launcher) -> Iterator[Problem]:
    """Yield the inputs and outputs of processing jobs that the service refuses."""
    for job in launcher.processing_jobs:
        inputs = _listed(job, job.inputs or (), "inputs", "ProcessingInputs")
        outputs = _listed(job, job.outputs or (), "outputs")
        yield from _same_paths(job, inputs, outputs)
        most = _MOST_INPUTS - (_OF_CODE.get(job.kind, 0) if _sends_code(job) else 0)
        if len(inputs) > most:
            own = f", of which the SDK uses {_MOST_INPUTS - most} for the code" if most < _MOST_INPUTS else ""
            detail = f"{len(inputs)} inputs; a processing job has at most {_MOST_INPUTS}{own}"
            yield Problem(job.inputs_at, detail, job.node)


def _listed(job: ProcessingJob, ports: tuple[ProcessingPort, ...], *names: str) -> tuple[ProcessingPort, ...]:
    """Return the ports that the list itself has: those that ``append`` adds may exclude each other."""
    argument = next((found for name in names if (found := job.passed.only(name)) is not None), None)
    values = argument.values if argument is not None else ()
    if len(values) != 1 or not isinstance(values[0], Collection):
        return ()
    node = values[0].node
    return ports[: len(node.elts)] if isinstance(node, ast.List | ast.Tuple) else ()


def _sends_code(job: ProcessingJob) -> bool:
    code = job.code
    return code is not None and code.certain and not code.expression.is_none


def _same_paths(
    job: ProcessingJob, inputs: tuple[ProcessingPort, ...], outputs: tuple[ProcessingPort, ...]
) -> Iterator[Problem]:
    """Yield the ports whose container path an input has already, and those outside the root of all paths."""
    taken: dict[str, str] = {}
    for kind, ports in (("an input", inputs), ("an output", outputs)):
        for port in ports:
            text = text_of(port.path) if port.path is not None else None
            if text is None:
                continue
            path = posixpath.normpath(text)
            if not f"{path}/".startswith(_ROOT):
                yield Problem(port.node, f"{kind} at {text}, outside {_ROOT}", job.node)
            elif path in taken:
                yield Problem(port.node, f"{kind} at {text}, where {taken[path]} is already", job.node)
            if kind == "an input":
                taken.setdefault(path, _named(port))


def _named(port: ProcessingPort) -> str:
    return f"the input {port.name}" if port.name else "another input"


def processor_in_step(step: Step) -> Iterator[Problem]:
    """Yield why a step of SDK v2 cannot run the processor that it gets in place of ``step_args``."""
    argument = is_set(step, "processor") if step.name == "ProcessingStep" and step.sdk == "v2" else None
    if argument is None or len(argument.values) != 1:
        return
    found = step.launcher.constructions_in(argument.expression)
    if len(found) != 1 or found[0].local is not None or not is_subclass(found[0].class_name, _SCRIPT):
        return
    processor = found[0]
    if is_left_out(step, "code"):
        yield at_call(step, f"ProcessingStep with a {processor.name} and without code")
        return
    code = is_set(step, "code")
    text = code.text if code is not None else None
    if text is None or not text.endswith(".py") or not is_subclass(processor.class_name, _FRAMEWORK):
        return
    if not _is_assigned(processor, _COMMAND):
        detail = f"the step starts {text} of a {processor.name} by /bin/bash, pass step_args=processor.run()"
        yield at_argument(step, argument, detail)


def _is_assigned(processor: SdkObject, name: str) -> bool:
    """Return whether the program assigns an attribute of an object."""
    launcher = processor.launcher
    return any(
        one.node is processor.node
        for store in launcher.module.attribute_stores.get(name, ())
        for one in launcher.constructions_in(launcher.reader.expression(store.target, store.scope))
    )


def archives_of_code(launcher: Launcher) -> Iterator[Problem]:
    """Yield the folders in S3 that ``FrameworkProcessor.run`` refuses, or that the container cannot unpack."""
    for job in launcher.processing_jobs:
        argument = job.passed.only("source_dir") if job.kind == "framework" else None
        if argument is None or not argument.certain or argument.replaceable or job.processor is None:
            continue
        if job.processor.sdk != "v2":
            continue
        text = argument.text
        if text is not None and text.startswith("s3://") and f"/{_ARCHIVE}" not in text:
            node = launcher.own(argument.node, job.node)
            yield Problem(node, f"source_dir is {text}, and its file must have the name {_ARCHIVE}", job.node)
