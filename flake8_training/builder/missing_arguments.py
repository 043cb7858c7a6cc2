"""Missing arguments of estimators, trainers, tuners and training steps.

Without them the object cannot be constructed or its job cannot start. Source: sagemaker 2.257.7 (``estimator.py``,
``fw_utils.py: validate_version_or_image_args``, ``huggingface``, ``rl``, ``sklearn``, ``xgboost`` and
``pytorch/estimator.py``, ``workflow/steps.py``, ``workflow/pipeline_context.py``), sagemaker-train 1.27.0
(``model_trainer.py``). Not in scope: the role, which has a separate rule.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_training.builder.made import Construction, Estimator
from flake8_training.builder.problem import Problem, at_argument, at_call, is_left_out, of_one_class
from flake8_training.script.values import Made

if TYPE_CHECKING:
    from flake8_training.builder.launcher import Launcher

# The arguments that select a framework's version; each is required unless an image is passed.
_VERSIONS = {
    "PyTorch": ("framework_version", "py_version"),
    "TensorFlow": ("framework_version", "py_version"),
    "MXNet": ("framework_version", "py_version"),
    "Chainer": ("framework_version", "py_version"),
    "SKLearn": ("framework_version",),
    "HuggingFace": ("transformers_version",),
    "RLEstimator": ("toolkit", "toolkit_version", "framework"),
}
# Required even if an image is passed: positional parameters without a default.
_ALWAYS = {"XGBoost": ("framework_version",), "HuggingFace": ("py_version",), "Estimator": ("image_uri",)}
_PLAIN_SESSIONS = frozenset({"sagemaker.Session()", "sagemaker.session.Session()"})
# Estimators that fill in missing arguments from their model.
_FILLED_IN = frozenset({"JumpStartEstimator"})


def missing_arguments(launcher: Launcher) -> Iterator[Problem]:
    """Yield the arguments that estimators, trainers, tuners and training steps lack."""
    for estimator in of_one_class(launcher):
        if estimator.is_trainer:
            yield from _of_trainer(estimator)
        elif estimator.name not in _FILLED_IN and is_left_out(estimator, "training_recipe"):
            yield from _of_estimator(estimator)
    for tuner in launcher.tuners:
        yield from _of_tuner(tuner)
    for step in launcher.steps:
        yield from _of_step(step)
    for code in launcher.of("SourceCode"):
        if code.local is None and code.is_of_one_class and is_left_out(code, "source_dir"):
            for argument in ("entry_script", "requirements"):
                found = code.get(argument)
                if found is not None and found.text is not None and found.certain:
                    yield at_call(code, f"SourceCode with {argument} and without source_dir")


def _of_estimator(estimator: Estimator) -> Iterator[Problem]:
    name = estimator.name
    if is_left_out(estimator, "instance_groups"):
        counts = () if name == "SKLearn" else ("instance_count",)
        for argument in ("instance_type", *counts):
            if is_left_out(estimator, argument):
                yield at_call(estimator, f"{name} without {argument}")
    if estimator.is_framework and is_left_out(estimator, "entry_point"):
        yield at_call(estimator, f"{name} without entry_point")
    for argument in _ALWAYS.get(name, ()):
        if is_left_out(estimator, argument) and not _is_passed(estimator, argument):
            yield at_call(estimator, f"{name} without {argument}")
    if is_left_out(estimator, "image_uri"):
        for argument in _VERSIONS.get(name, ()):
            if is_left_out(estimator, argument):
                yield at_call(estimator, f"{name} without {argument} or image_uri")
        if name == "HuggingFace" and is_left_out(estimator, "pytorch_version", "tensorflow_version"):
            yield at_call(estimator, f"{name} without pytorch_version, tensorflow_version or image_uri")


def _is_passed(sdk_object: Construction, name: str) -> bool:
    """Return whether an argument is passed, even as None."""
    return name in sdk_object.arguments


def _of_trainer(trainer: Estimator) -> Iterator[Problem]:
    if is_left_out(trainer, "training_image", "algorithm_name"):
        yield at_call(trainer, "ModelTrainer without training_image or algorithm_name")


def _of_tuner(tuner: Construction) -> Iterator[Problem]:
    needed = sorted(tuner.signature.required) if tuner.signature else []
    for argument in needed:
        if tuner.local is None and argument not in tuner.arguments and is_left_out(tuner, argument):
            yield at_call(tuner, f"{tuner.name} without {argument}")


def _of_step(step: Construction) -> Iterator[Problem]:
    either = {"TrainingStep": "estimator", "TuningStep": "tuner"}.get(step.name)
    if either is None or step.local is not None or step.signature is None:
        return
    if "name" not in step.arguments and is_left_out(step, "name"):
        yield at_call(step, f"{step.name} without name")
    alternatives = ("step_args", either) if step.sdk == "v2" else ("step_args",)
    if is_left_out(step, *alternatives):
        yield at_call(step, f"{step.name} without {' or '.join(alternatives)}")
    elif step.sdk == "v2":
        yield from _without_pipeline_session(step)


def _without_pipeline_session(step: Construction) -> Iterator[Problem]:
    """Yield the estimators whose ``fit`` should return step arguments but starts a job."""
    launcher, argument = step.launcher, step.get("step_args")
    for value in argument.given.values if argument is not None else ():
        site = value.site if isinstance(value, Made) else None
        if site is None or not isinstance(site.node.func, ast.Attribute) or site.node.func.attr != "fit":
            continue
        started = launcher.constructions_in(launcher.reader.given(site.node.func.value, site.scope))
        for estimator in started:
            if not isinstance(estimator, Estimator) or estimator.local is not None or len(started) > 1:
                continue
            session = estimator.get("sagemaker_session")
            detail = f"{estimator.name} of a step without sagemaker_session=PipelineSession()"
            if session is None or session.given.is_none:
                if is_left_out(estimator, "sagemaker_session"):
                    yield at_call(estimator, detail)
            elif all(isinstance(v, Made) and v.name in _PLAIN_SESSIONS for v in session.given.values):
                if session.given.values and "sagemaker_session" not in estimator.overridden:
                    yield at_argument(estimator, session, f"{detail}: with this one, fit() starts a job")
