"""Compares the inputs and outputs of a processing job with the paths that its script reads and writes.

Sources: the CreateProcessingJob API (an input is mounted at ``LocalPath``, an output is uploaded from there; a folder
that no input mounts does not exist), sagemaker 2.257.7 ``processing.py`` (the code is mounted below
``/opt/ml/processing/input``).
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.engine.flow.reachability import does_nothing
from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.launcher.processing_jobs import text_of
from flake8_training.launcher.processing_ports import ProcessingPort
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.sagemaker import paths
from flake8_training.script.accesses import accesses
from flake8_training.spelling import closest, did_you_mean
from training_alignment.comparisons.launch.certain_reads import is_certainly_read, path_of_processing
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.used_paths import touch, used_paths
from training_alignment.launches.processing import ProcessingLaunch

_CODE = ("/opt/ml/processing/input/code", "/opt/ml/processing/input/entrypoint")
"""The folders in which the SDK mounts the code."""


def unmounted_reads(launch: ProcessingLaunch) -> Iterator[Problem]:
    """Yield the paths that the script certainly reads, and that no input of the job mounts."""
    script = launch.script_in_job
    if script is None:
        return
    candidates = [one for one in accesses(script.analysis) if path_of_processing(one)]
    if not candidates:
        return
    ports = launch.job.inputs
    mounted = _paths(ports)
    if mounted is None or ports is None:
        note_unknown(Reason.MAPPING, launch.job.inputs_at, what="inputs")
        return
    written = _paths(launch.job.outputs) or []
    seen: set[str] = set()
    for access in candidates:
        path = path_of_processing(access)
        note_question()
        if path in seen or any(touch(path, one) for one in (*mounted, *written, *_CODE)):
            continue
        if not is_certainly_read(script.analysis, access, path):
            continue
        seen.add(path)
        near = closest(path, mounted)
        hint = did_you_mean(near) if near else f"; there is {', '.join(mounted) or 'no input'}"
        yield Problem(launch.job.inputs_at, f"{path}{hint}", launch.in_script(access.node, "it is read here"))


def unwritten_outputs(launch: ProcessingLaunch) -> Iterator[Problem]:
    """Yield the outputs of the job whose path the script never uses; together, if the script does nothing."""
    script, ports = launch.script_in_job, launch.job.outputs
    if script is None or not ports or launch.words is None:
        return
    if does_nothing(script.analysis.evaluator):
        note_question()
        written = ", ".join(port.name or _of(port) or "unnamed" for port in ports)
        detail = f"{written}; no code runs when the script starts"
        code = launch.job.code
        at = launch.at_value(code.expression, code.at) if code is not None else launch.job.node
        yield Problem(at, detail, launch.in_script(None, "the script does nothing"))
        return
    used = used_paths(script.analysis)
    if used is None:
        note_unknown(Reason.CODE, 1, launch.script_path or "", "outputs", weak=True)
        return
    for port in ports:
        note_question()
        path = _of(port)
        if path is None or any(touch(path, one) for one in used):
            continue
        if any(path in word or UNKNOWN_WORD in word for word in launch.words_without_option):
            continue  # an argument may name it
        name = f"{port.name}, {path}" if port.name else path
        near = closest(path, [one for one in used if one.startswith(paths.ROOT)])
        hint = did_you_mean(near)
        at = launch.job.launcher.literal(port.path, text_of(port.path), port.node) if port.path else port.node
        yield Problem(at, f"{name}{hint}", launch.in_script(None, "never uses the path"))


def _paths(ports: tuple[ProcessingPort, ...] | None) -> list[str] | None:
    """Return the paths of ports in the container; None if one is unknown."""
    found = []
    for port in ports or ():
        if port.path is not None:
            path = _of(port)
            if path is None:
                return None
            found.append(path)
    return None if ports is None else found


def _of(port: ProcessingPort) -> str | None:
    path = text_of(port.path) if port.path is not None else None
    return paths.normal_path(path) if path is not None and path.startswith("/") else None
