"""The local modules that the script of a processing job imports, and that the job does not have.

Source: sagemaker 2.257.7 and sagemaker-core 2.27.0 ``processing.py``: ``code`` is one file, which is mounted alone in
``/opt/ml/processing/input/code``; only a ``FrameworkProcessor`` sends a folder, ``source_dir``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flake8_training.engine.flow.container_paths import places
from flake8_training.launcher.processing_jobs import text_of
from flake8_training.ledger import Reason, note_unknown
from flake8_training.sagemaker import paths
from training_alignment.comparisons.launch.installed_packages import installing_call, path_changes
from training_alignment.comparisons.launch.job_image import processor_image
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.source_code import LocalModule, modules_outside
from training_alignment.launches.processing import ProcessingLaunch


def modules_not_mounted(launch: ProcessingLaunch) -> Iterator[Problem]:
    """Yield the local modules that the script imports and the job does not get, in one problem."""
    script, job, code = launch.script, launch.job, launch.job.code
    if script is None or code is None or job.kind not in ("script", "framework"):
        return
    left = list(modules_outside(launch, script))
    if not left:
        return
    if processor_image(job) is None:
        note_unknown(Reason.CODE, job.node, what="image", weak=True)
        return
    call = installing_call(script.analysis)
    if call is not None:
        note_unknown(Reason.CODE, call.node, call.site.scope.module.path, weak=True)
        return
    if any(_may_be_mounted(launch, one) for one in left) or not job.passed.lacks("dependencies"):
        note_unknown(Reason.MAPPING, job.inputs_at, what="inputs", weak=True)
        return
    folder = launch.started.source_dir
    sent = "only the code's file is sent" if folder is None else f"only the folder {folder or '.'} is sent"
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    related = [
        side
        for one in left
        for side in launch.in_script(one.node, f"{one.dotted} is imported here, from {one.path}")
    ]
    yield Problem(launch.at_value(code.expression, code.at), f"{left[0].path}{more} ({sent})", tuple(related))


def _may_be_mounted(launch: ProcessingLaunch, module: LocalModule) -> bool:
    """Return whether an input, or a variable of the job, may bring a module into a folder of the path of imports."""
    ports, processor = launch.job.inputs, launch.job.processor
    if ports is None or processor is None or not processor.lacks("env"):
        return True
    top = module.dotted.partition(".")[0]
    added = _added_folders(launch)
    for port in ports:
        text = text_of(port.path) if port.path is not None else None
        mounted = paths.normal_path(text) if text is not None else None
        if mounted is None or added is None or posixpath.basename(mounted) in (top, "code"):
            return True
        if any(f"{folder}/".startswith(f"{mounted}/") for folder in added):
            return True
    return added is None


def _added_folders(launch: ProcessingLaunch) -> list[str] | None:
    """Return the folders that the script adds to the path of imports; None if there may be others."""
    script = launch.script
    assert script is not None
    found: list[str] = []
    for call in path_changes(script.analysis):
        node = call.node.args[-1] if call.node.args else None
        added = places(script.analysis.evaluator, script.analysis.calls.values(call, node)) if node else []
        if not added or any(place.open for place in added):
            return None
        found += [paths.normal_path(place.path) for place in added]
    return found
