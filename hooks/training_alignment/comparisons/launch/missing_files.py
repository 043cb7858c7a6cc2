"""Compares the files that a script opens by relative paths with the folder that its launcher sends.

Sources: sagemaker-training 5.1.4 (the code is unpacked in ``/opt/ml/code``, which is the working directory),
sagemaker-train 1.27.0 (``/opt/ml/input/data/code``), sagemaker 2.257.7 ``fw_utils.py: tar_and_upload_dir`` (without
``source_dir`` only the entry point is sent).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import ANY, ContainerPath, PathKind, places
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.ledger import Reason, note_unknown
from flake8_training.libraries.rows import Reads
from flake8_training.sagemaker import paths
from flake8_training.script import Script
from flake8_training.script.accesses import Access, accesses
from flake8_training.script.resolved_paths import is_moved
from training_alignment.comparisons.launch.certain_reads import (
    FAILURES,
    is_certainly_read,
    path_of_processing,
)
from training_alignment.comparisons.launch.installed_packages import is_inside_folder, place_of_code
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.accepted_options import acceptance, default_strings
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent

_FOLDERS = frozenset({"input", "model", "output", "checkpoints", "code", "processing"})
"""The folders of /opt/ml, which is above the code."""
_CODE = f"{paths.CODE_DIR}/"


def missing_files(launch: Launch) -> Iterator[Problem]:
    """Yield the files that the script opens and that the job does not have."""
    script = launch.script
    if script is None or launch.alternatives or launch.started.by_command or not launch.jobs:
        return
    yield from _files_of_processing(launch, script)
    if not is_sent_whole(launch):
        return
    candidates = [one for one in accesses(script.analysis) if relative_path(one.place) and not one.writing]
    if any(one.place.open for one in candidates):
        in_job = with_default_options(launch, script)
        if in_job is None:
            candidates = [one for one in candidates if not one.place.open]
        else:
            script = in_job
            candidates = [
                one for one in accesses(script.analysis) if relative_path(one.place) and not one.writing
            ]
    seen: set[str] = set()
    for access in candidates:
        path = relative_path(access.place)
        if path in seen or access.place.open or ANY in path or not _is_missing(launch, path):
            continue
        if not _is_certainly_opened(script, access):
            continue
        seen.add(path)
        yield Problem(
            place_of_code(launch.estimator),
            f"{access.place.path}; {_sent(launch)} (FileNotFoundError)",
            launch.in_script(access.node, "it is opened here"),
        )


def _files_of_processing(launch: Launch, script: Script) -> Iterator[Problem]:
    """Yield the files that the script opens in the folder of processing jobs, unless an image may have them."""
    if isinstance(launch.estimator, RequestedEstimator) or not launch.estimator.lacks("image_uri"):
        return
    seen: set[str] = set()
    for access in accesses(script.analysis):
        path = path_of_processing(access)
        if path and path not in seen and is_certainly_read(script.analysis, access, path):
            seen.add(path)
            yield Problem(
                access.node,
                f"{path}; only a processing job has such a folder, read a channel (FileNotFoundError)",
                launch.from_launcher("the training job that starts the script"),
                in_script=True,
            )


def is_sent_whole(launch: Launch) -> bool:
    """Return whether the job's code is exactly a folder, or one file, of the repository."""
    estimator = launch.estimator
    if isinstance(estimator, RequestedEstimator) or estimator.local is not None:
        return False
    if estimator.arguments.open_ended or estimator.overridden or "dependencies" in estimator.arguments:
        note_unknown(Reason.MAPPING, estimator.node, what="dependencies", weak=True)
        return False
    if launch.started.source_dir is None and (
        estimator.is_trainer or (estimator.source_dir is not None and not estimator.source_dir.is_none)
    ):
        return False
    if launch.script_path in launch.file.written:
        return False
    return not estimator.launcher.is_handed_on(estimator)


def lacks_folder(launch: Launch, path: str) -> bool:
    """Return whether a relative path is certainly nothing in the folder that the job gets."""
    if not path.strip() or path.startswith(("/", "~")) or "://" in path or not is_sent_whole(launch):
        return False
    path = posixpath.normpath(path)
    folder = launch.started.source_dir
    if path == "." or path.startswith("..") or (folder is None and not is_inside_folder(launch)):
        return False
    if folder is None:
        return path != posixpath.basename(launch.script_path or "")
    inside = posixpath.normpath(posixpath.join(folder, path))
    return not any(f"{one}/".startswith(f"{inside}/") for one in launch.file.repository.files)


def relative_path(place: ContainerPath) -> str:
    """Return the path relative to the code's folder; empty for any other path."""
    path = place.path
    if place.root is PathKind.CODE and path.startswith(_CODE):
        return posixpath.normpath(path.removeprefix(_CODE))
    if place.root is not PathKind.LOCAL or path.startswith(("/", "~")) or not posixpath.splitext(path)[1]:
        return ""
    return posixpath.normpath(path)


def _is_missing(launch: Launch, path: str) -> bool:
    """Return whether the folder that is sent certainly lacks a file: it lies elsewhere in the repository, or above."""
    files, folder = launch.file.repository.files, launch.started.source_dir
    assert launch.script_path is not None
    if not is_inside_folder(launch):
        folder = None
        if not path.startswith("../"):
            return False  # another folder is meant
    if folder is not None and not path.startswith("../"):
        inside = posixpath.normpath(posixpath.join(folder, path))
        if inside in files or inside in launch.file.written:
            return False
    elif path == posixpath.basename(launch.script_path):
        return False
    if path.startswith("../"):
        first = path.removeprefix("../").partition("/")[0]
        if not launch.estimator.is_trainer and first not in (*_FOLDERS, ".."):
            return True
    bases = (posixpath.dirname(launch.script_path), folder or "", posixpath.dirname(launch.path), "")
    return any(posixpath.normpath(posixpath.join(base, path)) in files for base in bases)


def _is_certainly_opened(script: Script, access: Access) -> bool:
    """Return whether the read runs on every path, and nothing else in the program may create or test the file."""
    analysis = script.analysis
    call = analysis.by_node.get(access.node)
    if call is None or not runs_always(analysis, access.node, call.site.scope, FAILURES):
        return False
    reads = call.having(Reads)
    node = analysis.calls.argument(call, reads[0].path) if reads else None
    if node is None or is_moved(analysis, [access.place]):
        return False
    found = places(analysis.evaluator, analysis.calls.values(call, node))
    if len(found) != 1:
        return False
    writing = {one.node for one in accesses(analysis) if one.writing}
    for other in analysis.calls.all:
        if other.node is access.node or (
            other.names and all(n.startswith("os.path.join") for n in other.names)
        ):
            continue
        if other.has(Reads) and not other.local and other.node not in writing:
            continue
        for argument in (*other.node.args, *(keyword.value for keyword in other.node.keywords)):
            for place in places(analysis.evaluator, analysis.calls.values(other, argument)):
                if _is_at_or_above(_relative_folder(place), relative_path(access.place)) and not other.local:
                    if not any(
                        name.startswith(("argparse.", "builtins.print", "logging.")) for name in other.names
                    ):
                        return False
    return True


def _relative_folder(place: ContainerPath) -> str:
    path = place.path.removeprefix(_CODE)
    return "" if path.startswith("/") or not path else posixpath.normpath(path)


def _is_at_or_above(folder: str, path: str) -> bool:
    return bool(folder) and (folder == path or path.startswith(f"{folder}/"))


def with_default_options(launch: Launch, script: Script) -> Script | None:
    """Return the script in its job: options that no hyperparameter sets have their defaults. None if unknown."""
    estimator = launch.estimator
    accepted = acceptance(script.analysis)
    if (
        accepted is None
        or estimator.hyperparameters.open_ended
        or any(t.ranges.open_ended for t in launch.tuners)
    ):
        return None
    passed = {id(option) for one in sent(launch) for option in accepted.match(one.flag)[1]}
    left = [option for option in accepted.options if id(option) not in passed]
    return launch.read_again(default_strings(script.analysis, left))


def _sent(launch: Launch) -> str:
    """Return what the launcher sends."""
    if launch.started.source_dir is None:
        return "only the entry point is sent"
    if not is_inside_folder(launch):
        return "only the folder of source_dir is sent"
    return f"only the folder {launch.started.source_dir or '.'} is sent"
