"""The paths that the options of a script have in the job of one launcher.

In the job, a hyperparameter replaces the option's default.
"""

from __future__ import annotations

import ast

from flake8_training.engine.flow.container_paths import PathKind, places
from flake8_training.engine.values.option import Option
from flake8_training.engine.values.values import Constant, Variable
from flake8_training.sagemaker.variables import fixed_value
from flake8_training.script import Script
from flake8_training.script.verdict import State
from training_alignment.comparisons.launch.hyperparameters import adds_model_directory
from training_alignment.launches.accepted_options import Match, acceptance, agreed
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent

_S3 = "s3://"
_OF_ARTIFACT = ("deploy", "create_model", "transformer", "register", "model_data")
"""The attributes of an estimator that take the job's ``model.tar.gz`` (sagemaker 2.257.7 ``estimator.py``)."""


def launched_paths(launch: Launch, script: Script, unset: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return the paths that options of the script have in a launcher's job, by the options' destinations.

    An option that the launcher certainly does not pass has its default; so has a variable that is ``unset``. The paths
    of variables that SageMaker sets are returned only if it is unknown where the script saves the model: they alone do
    not change another verdict.
    """
    accepted = acceptance(script.analysis)
    if accepted is None:
        return {}
    found: dict[str, str] = {}
    passed: set[str] = set()
    for one in sent(launch):
        values = one.values() if one.certain and not one.tuned else None
        match, options = accepted.match(one.flag)
        passed.update(option.dest for option in options)
        known = values[0] if match is Match.ONE and values is not None and len(values) == 1 else None
        if isinstance(known, str) and "://" not in known:
            found.update((option.dest, known) for option in options)
    if adds_model_directory(launch.estimator):
        match, options = accepted.match("--model_dir")
        if match is Match.ONE and (
            all(is_model_directory(script, option) for option in options)
            or (all(_has_no_default(script, option) for option in options) and uses_artifact(launch))
        ):
            found.update((option.dest, _S3) for option in options)
    if not launch.estimator.hyperparameters.open_ended:
        with_set = script.model_saving.state is State.UNKNOWN
        defaults = agreed(
            script.analysis.options.all,
            lambda option: _default_path(script, option, unset, with_set=with_set),
        )
        found = {name: default for name, default in defaults.items() if name not in passed} | found
    return found


def _default_path(script: Script, option: Option, unset: frozenset[str], *, with_set: bool) -> str | None:
    """Return the string that is an option's default in the job; None if it is none, or unknown.

    The default is a literal, that of a variable that is ``unset``, or, ``with_set``, the path that SageMaker sets.
    """
    if option.default is None:
        return None
    values = script.analysis.evaluator.values(option.default, option.scope)
    if len(values) == 1 and isinstance(values[0], Variable):
        if values[0].name not in unset:
            return fixed_value(values[0].name) if with_set else None
        values = values[0].defaults
    known = values[0].value if len(values) == 1 and isinstance(values[0], Constant) else None
    return known if isinstance(known, str) and known else None


def uses_artifact(launch: Launch) -> bool:
    """Return whether the launcher uses the model that a job leaves in the model directory."""
    launcher, estimator = launch.file.launcher, launch.estimator
    for node, scope in launcher.program.attribute_loads(*_OF_ARTIFACT):
        if scope.module is launcher.module:
            found = launcher.estimators_in(launcher.reader.expression(node.value, scope))
            if any(one.node is estimator.node for one in found):
                return True
    return any(
        use.path
        and isinstance(use.path[0], ast.Attribute)
        and use.path[0].attr == "ModelArtifacts"
        and any(one.node is estimator.node for step in use.steps for one in step.estimators)
        for use in launcher.properties
    )


def _has_no_default(script: Script, option: Option) -> bool:
    """Return whether an option has no default, or None: the job's argument is its only value."""
    if option.default is None:
        return True
    values = script.analysis.evaluator.values(option.default, option.scope)
    return bool(values) and all(isinstance(value, Constant) and value.value is None for value in values)


def is_model_directory(script: Script, option: Option) -> bool:
    """Return whether an option's default is the model directory."""
    if option.default is None:
        return False
    evaluator = script.analysis.evaluator
    found = places(evaluator, evaluator.values(option.default, option.scope))
    return bool(found) and all(place.root is PathKind.MODEL for place in found)
