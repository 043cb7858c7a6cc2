"""Compares the folder that SageMaker copies to ``checkpoint_s3_uri`` with the paths that the script uses.

Sources: CreateTrainingJob (``CheckpointConfig``: the folder is copied to S3 while the job runs, and back when it starts
again), sagemaker 2.257.7 ``session.py`` and sagemaker-train 1.27.0 ``configs.py`` (``/opt/ml/checkpoints`` is the
default).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, places
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import Argument
from flake8_training.launcher.sdk_objects import Estimator, below
from flake8_training.ledger import Reason, note_question, note_unknown
from flake8_training.libraries.rows import Carries, Saves
from flake8_training.libraries.table import table
from flake8_training.record import Record
from flake8_training.sagemaker import paths
from flake8_training.script import Script
from flake8_training.script.hyperparameter_reads import hyperparameter_reads
from flake8_training.script.path_uses import CREATING, only_builds, stored_paths, used_by
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.launched_paths import launched_paths
from training_alignment.comparisons.launch.used_paths import known_path, touch, used_paths
from training_alignment.launches.accepted_options import acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.flow.calls import Call

NEVER_USED = "the script never uses the checkpoint folder"
NEVER_LOADED = "the checkpoints are never loaded"

_NUMBERS = ("int", "float")
_WITHOUT_LOADING = (
    "transformers.",
    "trl.",
    "sentence_transformers.",
    "keras.callbacks.ModelCheckpoint",
    "lightning.pytorch.callbacks.ModelCheckpoint",
    "mxnet.callback.",
    "xgboost.TrainingCheckPoint",
)
"""Constructors that take the folder of checkpoints and load none: loading takes another argument or call."""
_RESUMING = frozenset(
    {
        "resume_from_checkpoint",
        "ckpt_path",
        "resume",
        "resume_from",
        "checkpoint_path",
        "xgb_model",
        "init_model",
        "initial_epoch",
        "begin_epoch",
        "arg_params",
    }
)
"""Arguments with which a training goes on from a checkpoint, or after its epoch."""


class CheckpointFolder(Record, slots=False):
    """The folder that SageMaker copies to S3, and the argument that asks for it."""

    path: str
    argument: Argument


def kept_checkpoints(estimator: Estimator) -> CheckpointFolder | None:
    """Return the folder that SageMaker copies to ``checkpoint_s3_uri``; None without one, or if it is unknown."""
    if isinstance(estimator, RequestedEstimator):
        members, launcher = estimator.members, estimator.launcher
        uri = below(launcher, members, "CheckpointConfig", "S3Uri")
        local = below(launcher, members, "CheckpointConfig", "LocalPath")
        return _folder(uri, local) if uri is not None and uri.certain else None
    if estimator.local is not None:
        return None
    if not estimator.is_trainer:
        names = {"checkpoint_s3_uri", "checkpoint_local_path"}
        if estimator.overridden & names or estimator.arguments.open_ended:
            return None
        return _folder(estimator.get("checkpoint_s3_uri"), estimator.get("checkpoint_local_path"))
    configuration = estimator.part("checkpoint_config")
    if (
        configuration is None
        or configuration.arguments.open_ended
        or "checkpoint_config" in estimator.overridden
        or any(estimator.launcher.methods(estimator, "with_checkpoint_config"))
    ):
        return None
    return _folder(configuration.get("s3_uri"), configuration.get("local_path"))


def _folder(uri: Argument | None, local: Argument | None) -> CheckpointFolder | None:
    if (
        uri is None
        or uri.expression.is_none
        or not uri.values
        or any(one is None for one in uri.expression.constants)
    ):
        return None
    path = paths.CHECKPOINT_DIR if local is None or local.expression.is_none else local.text
    return CheckpointFolder(path, uri) if path is not None else None


def unkept_checkpoints(launch: Launch) -> Iterator[Problem]:
    """Yield a folder of checkpoints that the script never uses, or from which it never loads."""
    kept = kept_checkpoints(launch.estimator)
    if kept is None or launch.script is None or launch.alternatives or not launch.jobs:
        return
    passes_another = _passes_another_folder(launch, launch.script, kept.path)
    if launch.started.by_command or passes_another is None:
        return
    script = launch.read_again(launched_paths(launch, launch.script))
    if script is None:
        return
    note_question()
    used = used_paths(script.analysis)
    if used is None:
        note_unknown(Reason.CODE, 1, launch.script_path or "", kept.path, weak=True)
        return
    if not any(touch(one, kept.path) for one in used):
        if not passes_another:
            return
        other = next((one for one in _carried(script.analysis) if script.owns(one[0].node)), None)
        detail = f"{kept.path} stays empty"
        yield Problem(
            launch.report_node(kept.argument.at),
            f"{detail}; checkpoints go to {other[1]}" if other else detail,
            launch.in_script(other[0].node if other else None, "the script"),
            summary=NEVER_USED,
        )
        return
    if _is_interrupted(launch.estimator):
        saving = _never_loaded(script.analysis, kept.path)
        if saving is not None and script.owns(saving.node):
            detail = f"written to {kept.path}; an interrupted spot training begins again"
            related = launch.from_launcher("the job with spot training")
            yield Problem(
                _folder_in(script.analysis, saving), detail, related, in_script=True, summary=NEVER_LOADED
            )


def _passes_another_folder(launch: Launch, script: Script, folder: str) -> bool | None:
    """Return whether what the launcher passes certainly does not name the folder; None if it is unknown."""
    estimator = launch.estimator
    if estimator.hyperparameters.open_ended or estimator.environment.open_ended:
        note_unknown(Reason.MAPPING, estimator.node, what="hyperparameters", weak=True)
        return None
    accepted = acceptance(script.analysis)
    reads = hyperparameter_reads(script.analysis)
    texts: list[object] = []
    for one in sent(launch):
        values = one.values() if not one.tuned else []
        if values is None:
            options = accepted.match(one.flag)[1] if accepted is not None else ()
            if accepted is None or any(option.type_name not in _NUMBERS for option in options):
                values = _by_default(one.argument)
            elif reads.open or any(read.name == one.name for read in reads.reads):
                values = _by_default(one.argument)
            else:
                values = []  # a number, or what the script does not accept
            if values is None:
                note_unknown(Reason.OUTSIDE, one.at, what=one.name, weak=True)
                return None
        texts.extend(values)
    read = {one.name for one in script.analysis.environment.reads}
    for variable in estimator.environment:
        if variable.text is None and (variable.name in read or ANY in read):
            note_unknown(Reason.OUTSIDE, variable.at, what=variable.name, weak=True)
            return None
        texts.append(variable.text)
    return not any(isinstance(text, str) and touch(text, folder) for text in texts)


def _by_default(argument: Argument) -> list[object] | None:
    """Return the strings that a value is unless an option or a variable of the launcher replaces the default."""
    found = argument.expression.candidates
    is_known = len(found) >= len(argument.values) and all(isinstance(one, str) and one for one in found)
    return list(found) if is_known and not argument.encoding else None


def _carried(analysis: Analysis) -> Iterator[tuple[Call, str]]:
    """Yield the constructors that take a folder for checkpoints, with the folder."""
    for call in analysis.calls.all:
        for row in call.having(Carries):
            node = analysis.calls.argument(call, row.path)
            found = places(analysis.evaluator, analysis.calls.values(call, node)) if node is not None else []
            if found and "{" not in found[0].path and found[0].path.strip():
                yield call, found[0].path


def _is_interrupted(estimator: Estimator) -> bool:
    """Return whether the job certainly asks for spot training."""
    if isinstance(estimator, RequestedEstimator):
        spot = estimator.members.only("EnableManagedSpotTraining")
    elif estimator.is_trainer:
        compute = estimator.part("compute")
        spot = compute.get("enable_managed_spot_training") if compute is not None else None
    else:
        spot = estimator.get("use_spot_instances")
    return spot is not None and spot.expression.by_default is True


def _never_loaded(analysis: Analysis, folder: str) -> Call | None:
    """Return the call that writes checkpoints to the folder, if nothing can load one; else None."""
    stored = (place.path for place in stored_paths(analysis) if place.path != ANY)
    if any(touch(known_path(path), folder) for path in stored):
        return None
    found: Call | None = None
    for call in analysis.calls.all:
        if any(keyword.arg is None or keyword.arg in _RESUMING for keyword in call.node.keywords):
            return None
        if call.local and not call.unknown:
            continue
        if call.names and all(only_builds(name) or name in CREATING for name in call.names):
            continue
        if table().only_shows(call.names):
            continue
        touched = [place for place in used_by(analysis, call) if place.path != ANY]
        if not any(touch(known_path(place.path), folder) for place in touched):
            continue
        if not _only_writes(call) or any(place.open for place in touched):
            return None
        found = found or call
    return found


def _folder_in(analysis: Analysis, call: Call) -> ast.AST:
    """Return the argument of a call that holds the folder, or the call."""
    for row in call.rows:
        if isinstance(row, Carries | Saves):
            node = analysis.calls.argument(call, row.path)
            if node is not None:
                return next((one for one in call.node.keywords if one.value is node), node)
    return call.node


def _only_writes(call: Call) -> bool:
    """Return whether a call writes a model, or hands its folder to a training that loads nothing from it."""
    if any(row.what == "model" for row in call.having(Saves)):
        return True
    return any(row.name.startswith(_WITHOUT_LOADING) for row in call.having(Carries))
