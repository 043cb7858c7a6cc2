"""Evaluation of a job's model by another job: a processing job of the same launcher gets the model as an input."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.script.verdict import State
from training_alignment.launches.jobs_of_steps import runs
from training_alignment.launches.processing import processing_launches

if TYPE_CHECKING:
    from flake8_training.launcher.processing_ports import ProcessingPort
    from training_alignment.launches.launch import Launch

_ARTIFACTS = "S3ModelArtifacts"
"""The property of a training step that is the address of its model."""


def evaluating_job(launch: Launch) -> ast.AST | None:
    """Return the processing job that gets the model of a launch, unless its script certainly measures nothing."""
    for other in processing_launches(launch.file):
        if any(_is_model_of(launch, port) for port in other.job.inputs or ()):
            script = other.script
            if script is None or script.evaluation.state is not State.ABSENT:
                return other.job.node
    return None


def _is_model_of(launch: Launch, port: ProcessingPort) -> bool:
    """Return whether an input is the model: ``step.properties.ModelArtifacts...`` or ``estimator.model_data``."""
    if port.uri is None:
        return False
    launcher, inside = launch.file.launcher, set(map(id, ast.walk(port.uri.node)))
    for use in launcher.properties:
        last = use.path[-1] if use.path else None
        is_model = isinstance(last, ast.Attribute) and last.attr == _ARTIFACTS
        if is_model and id(use.node) in inside and any(runs(launch, step) for step in use.steps):
            return True
    for node in ast.walk(port.uri.node):
        if isinstance(node, ast.Attribute) and node.attr == "model_data":
            held = launcher.constructions_in(launcher.reader.expression(node.value, port.uri.scope))
            if any(one.node is launch.estimator.node for one in held):
                return True
    return False
