"""Compares the environment variables that a script requires with those that its job sets.

Sources: sagemaker 2.257.7 (``environment``), sagemaker-train 1.27.0 (``environment``), CreateTrainingJob
(``Environment``); the table of variables for those that SageMaker and its images set.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.engine.every_path import runs_always
from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.syntax.scopes import Scope
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.sdk_objects import Estimator
from flake8_training.ledger import (
    Reason,
    Suppression,
    note_question,
    note_suppressed,
    note_unknown,
    unknown_if,
)
from flake8_training.sagemaker.library_variables import is_read_by_libraries
from flake8_training.sagemaker.variables import Setter, who_sets
from flake8_training.script.variable_reads import may_set_unseen_variables
from flake8_training.spelling import closest, did_you_mean
from training_alignment.comparisons.launch.job_image import framework_image
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.needed_values import failing_call, is_none, outcome_of_none
from training_alignment.launches.launch import Launch

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_LOOKUP_FAILURES = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
_SECRETS = ("TOKEN", "KEY", "PASSWORD", "SECRET", "ENTITY")
_SERVICES = ("WANDB_", "HF_", "HUGGINGFACE_", "HUGGING_FACE_", "COMET_")


def missing_variables(launch: Launch) -> Iterator[Problem]:
    """Yield the variables that the script requires and that nothing sets."""
    script = launch.script
    if script is None or launch.alternatives or not launch.jobs or not _are_all_known(launch):
        return
    analysis = script.analysis
    yield from _needed_variables(launch, analysis)
    reads = [read for read in analysis.environment.reads if read.required and ANY not in read.name]
    if not reads:
        return
    if unknown_if(
        framework_image(launch.estimator) is None, Reason.CODE, launch.estimator.node, what="image"
    ):
        return
    own = set(launch.estimator.environment.names)
    ignored = ignored_entries(launch.estimator)
    supplied = own | analysis.environment.written
    supplied.update(read.name for read in analysis.environment.reads if read.test or not read.required)
    seen: set[str] = set()
    for read in sorted(reads, key=lambda one: one.line):
        name = read.name
        if name in supplied or name in seen or not is_users(name):
            continue
        note_question()
        if not runs_always(analysis, read.node, read.scope, _LOOKUP_FAILURES):
            note_unknown(Reason.BRANCH, read.node, launch.script_path or "", name)
            continue
        seen.add(name)
        if name in ignored:
            note_suppressed(Suppression.OTHER_RULE, launch.estimator.node, what=name)
            continue
        if may_set_unseen_variables(analysis):
            note_unknown(Reason.OUTSIDE, read.node, launch.script_path or "", name)
            continue
        if _is_set_by_command(launch, name):
            note_suppressed(Suppression.SET_BY_PROGRAM, read.node, launch.script_path or "", name)
            continue
        near = closest(name, sorted(own))
        hint = did_you_mean(near)
        yield Problem(
            _place(launch, near),
            f"{name}{hint} (reading it ends the job with a KeyError)",
            launch.in_script(read.node, f"{name} is read here without a default"),
        )


def _needed_variables(launch: Launch, analysis: Analysis) -> Iterator[Problem]:
    """Yield the variables that nothing sets, without a default, whose value a certain call needs."""
    for name in sorted(unset_variables(launch)):
        reads = [read for read in analysis.environment.reads if read.name == name]
        may_differ = any(read.test or not is_none(read.default) for read in reads)
        call = failing_call(analysis, name) if not may_differ else None
        if call is None:
            continue
        near = closest(name, sorted(launch.estimator.environment.names))
        detail = f"{name}{did_you_mean(near)} (without a default, and {outcome_of_none(call)})"
        yield Problem(_place(launch, near), detail, launch.in_script(call.node, f"{name} is None here"))


def unset_variables(launch: Launch) -> frozenset[str]:
    """Return the variables that the script reads with a default and that nothing sets in the job."""
    script = launch.script
    if script is None or not _are_all_known(launch) or framework_image(launch.estimator) is None:
        return frozenset()
    analysis = script.analysis
    known = analysis.environment.written.union(launch.estimator.environment.names)
    names = {read.name for read in analysis.environment.reads if not read.required and ANY not in read.name}
    found = {one for one in names - known if is_users(one) and not _is_set_by_command(launch, one)}
    found -= ignored_entries(launch.estimator)
    return frozenset() if not found or may_set_unseen_variables(analysis) else frozenset(found)


def _are_all_known(launch: Launch) -> bool:
    """Return whether every variable that the launcher sets is known."""
    estimator = launch.estimator
    if estimator.environment.open_ended:
        note_unknown(Reason.MAPPING, estimator.node, what="environment", weak=True)
        return False
    if estimator.local is not None or _is_in_class(estimator.scope):
        return False
    if isinstance(estimator, RequestedEstimator):
        return True
    if estimator.arguments.open_ended or "environment" in estimator.overridden:
        note_unknown(Reason.MAPPING, estimator.node, what="environment", weak=True)
        return False
    return not unknown_if(estimator.launcher.is_handed_on(estimator), Reason.CODE, estimator.node)


def ignored_entries(estimator: Estimator) -> frozenset[str]:
    """Return the keys of the dicts that arguments hold which the SDK ignores: their finding has the cause."""
    signature = estimator.signature
    if signature is None:
        return frozenset()
    return frozenset(
        name
        for argument in estimator.arguments
        if argument.name not in signature.known
        for name in estimator.launcher.reader.entries(argument.expression).names
    )


def _is_in_class(scope: Scope) -> bool:
    """Return whether a scope belongs to a class: a step's contract says what its builder has to set (TRN419)."""
    current: Scope | None = scope
    while current is not None and current.kind != "class":
        current = current.parent
    return current is not None


def is_users(name: str) -> bool:
    """Return whether only users set a variable: neither SageMaker, nor an image, nor a library does."""
    setters = who_sets(name)
    if setters is not None:
        return setters is Setter.READ and name.startswith(_SERVICES) and name.endswith(_SECRETS)
    if name.startswith(_SERVICES):
        return name.endswith(_SECRETS)
    return not is_read_by_libraries(name)


def _is_set_by_command(launch: Launch, name: str) -> bool:
    """Return whether the command of the job may set the variable: ``BUCKET=b python train.py``.

    The images of SageMaker's frameworks start a Python entry point without a shell, and no Dockerfile of the repository
    builds them.
    """
    source = launch.estimator.part("source_code") if launch.estimator.is_trainer else None
    command = source.get("command") if source is not None else None
    words = " ".join(
        (*(launch.started.command or ()), (command.expression.text if command is not None else "") or "")
    )
    return re.search(rf"(?<![\w$.-]){re.escape(name)}=", words) is not None


def _place(launch: Launch, near: str | None) -> ast.AST:
    """Return the node of the variables in the launcher, or of the estimator if it sets none."""
    estimator = launch.estimator
    entry = estimator.environment.get(near) if near else None
    if entry is not None:
        return launch.report_node(entry.at)
    if isinstance(estimator, RequestedEstimator):
        found = estimator.members.only("Environment")
    else:
        found = estimator.get("environment")
    return launch.report_node(found.at) if found is not None else estimator.node
