"""The facts of a launcher as plain data: the scripts that it starts and the arguments of each job."""

from __future__ import annotations

import ast
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict

from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.literals import Untold, plain
from flake8_training.launcher.located_expressions import Arguments, LocatedExpression
from flake8_training.launcher.remote_functions import RemoteCall
from flake8_training.launcher.sdk_objects import Estimator, Tuner
from flake8_training.source_file import read_named
from training_alignment.launches.launch import Launch, launches
from training_alignment.launches.launcher_file import LauncherFile, read_launcher_file
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.launches.search import Search
from training_alignment.launches.settings_of_launch import SETTINGS, settings_of
from training_alignment.repository.repository import Repository
from training_alignment.repository.root import find_root
from training_alignment.scan.launchers import DATA, MAX_NOTEBOOK_BYTES, NOTEBOOK, may_launch

_IMAGE = "training_image"
_VERSIONS = (
    "framework_version",
    "py_version",
    "transformers_version",
    "pytorch_version",
    "tensorflow_version",
    "toolkit",
    "toolkit_version",
    "image_uri",
    "image_name",
    _IMAGE,
)
_OF_REMOTE = {"max_run": "max_runtime_in_seconds", "output_path": "s3_root_uri"}
"""The settings that ``@remote`` and ``@step`` have under another name."""


class PassedFacts(TypedDict):
    """A named argument. ``value`` is a literal, or else the expression as a string."""

    name: str
    value: object
    line: int


class HyperparameterFacts(PassedFacts):
    """One hyperparameter; ``tuned`` is whether a tuner varies it."""

    tuned: bool


class ChannelFacts(TypedDict):
    """One channel; ``certain`` is whether it is passed on every path through the launcher."""

    name: str
    certain: bool
    line: int


class MetricFacts(TypedDict):
    """One metric; an unknown name or expression is None."""

    name: str | None
    regex: str | None
    line: int


class LaunchFacts(TypedDict):
    """The arguments of one estimator, trainer or request, and the script that it starts (None if it is unknown).

    ``cannot_tell`` names the lists that may be incomplete.
    """

    estimator: str
    framework: str | None
    line: int
    script: str | None
    source_dir: str | None
    versions: dict[str, object]
    settings: dict[str, object]
    channels: list[ChannelFacts]
    hyperparameters: list[HyperparameterFacts]
    environment_variables: list[PassedFacts]
    metrics: list[MetricFacts]
    cannot_tell: list[str]


def launcher_facts(
    path: str, step_scripts: Callable[[Repository], Mapping[str, str]] | None = None
) -> list[LaunchFacts]:
    """Return the facts of each launch of the launcher at ``path``; an empty list for a file that is no launcher.

    ``step_scripts`` returns the scripts of the steps by the paths of their builders; it is called only if the launcher
    itself does not name its script. Lines count from 1 and are those of the file, also in a notebook. A script's path
    is relative to the repository.
    """
    if not path.endswith((".py", NOTEBOOK, *DATA)) or not _may_launch(path):
        return []
    folder = os.path.realpath(os.path.dirname(path))
    repository = Repository.open(find_root(Path(folder)))
    inside = repository.relative(os.path.join(folder, os.path.basename(path)))
    file = read_launcher_file(repository, inside) if inside in repository.files and inside else None
    if file is None:
        return []
    found = tuple(launches(file))
    if step_scripts is not None and any(launch.script_path is None for launch in found):
        found = tuple(launches(file, step_scripts(repository).get(file.path)))
    of_jobs = [_facts(launch) for launch in Search(repository).linked(file, found)]
    of_remote = [_of_remote(file, call) for call in file.launcher.remote_calls]
    return sorted((*of_jobs, *of_remote), key=lambda one: one["line"])


def _may_launch(path: str) -> bool:
    if not os.path.isfile(path):  # standard input can be read only once
        return False
    try:
        return may_launch(path, read_named(path, MAX_NOTEBOOK_BYTES))
    except OSError:
        return False


def _facts(launch: Launch) -> LaunchFacts:
    file, estimator = launch.file, launch.estimator
    channels = [channel for job in launch.jobs for channel in job.channels.entries]
    found = {
        (channel.name, _line(file, channel.at, estimator.node)): ChannelFacts(
            name=channel.name, certain=channel.certain, line=_line(file, channel.at, estimator.node)
        )
        for channel in channels
    }
    definers: tuple[Estimator | Tuner, ...] = (estimator, *launch.tuners)
    is_incomplete = {
        "channels": not launch.jobs or any(job.channels.open_ended for job in launch.jobs),
        "hyperparameters": estimator.hyperparameters.open_ended,
        "environment_variables": estimator.environment.open_ended,
        "metrics": any(definer.metric_definitions.open_ended for definer in definers),
    }
    return LaunchFacts(
        estimator=estimator.name,
        framework=estimator.framework,
        line=file.line_in_file(estimator.node.lineno),
        script=launch.script_path,
        source_dir=launch.started.source_dir,
        versions={name: _value(file, one) for name, one in _versions(estimator).items()},
        settings={name: _value(file, one) for name, one in settings_of(estimator).items()},
        channels=list(found.values()),
        hyperparameters=_hyperparameters(launch),
        environment_variables=_variables(file, estimator.environment, estimator.node),
        metrics=[
            MetricFacts(
                name=entry.name.text if entry.name is not None else None,
                regex=entry.regex.text if entry.regex is not None else None,
                line=_line(file, entry.node, estimator.node),
            )
            for definer in definers
            for entry in definer.metric_definitions.entries
        ],
        cannot_tell=[name for name, is_open in is_incomplete.items() if is_open],
    )


def _versions(estimator: Estimator) -> dict[str, LocatedExpression]:
    """Return the versions and the image of a job, by the names of their arguments."""
    if isinstance(estimator, RequestedEstimator):
        return {_IMAGE: estimator.image} if estimator.image is not None else {}
    found = {name: estimator.get(name) for name in _VERSIONS}
    return {name: one.expression for name, one in found.items() if one is not None}


def _of_remote(file: LauncherFile, call: RemoteCall) -> LaunchFacts:
    """Return the facts of a function that runs as a job: its file is the script."""
    arguments = call.arguments
    passed = arguments.get("environment_variables")
    variables = Arguments(open_ended=arguments.open_ended)
    if passed is not None:
        variables = file.launcher.reader.entries(passed.expression)
    shown = {one.name: _value(file, one.expression) for one in arguments}
    return LaunchFacts(
        estimator=call.name,
        framework=None,
        line=file.line_in_file(call.node.lineno),
        script=file.path,
        source_dir=None,
        versions={name: shown[name] for name in _VERSIONS if name in shown},
        settings={
            name: shown[written] for name in SETTINGS if (written := _OF_REMOTE.get(name, name)) in shown
        },
        channels=[],
        hyperparameters=[],
        environment_variables=_variables(file, variables, call.node),
        metrics=[],
        cannot_tell=["environment_variables"] if variables.open_ended else [],
    )


def _hyperparameters(launch: Launch) -> list[HyperparameterFacts]:
    found: list[HyperparameterFacts] = []
    for one in sent(launch):
        values = one.values() if not one.tuned else None
        value = values[0] if values is not None and len(values) == 1 else ast.unparse(one.argument.node)
        found.append(
            HyperparameterFacts(
                name=one.name,
                value=_json(value),
                line=_line(launch.file, one.at, launch.estimator.node),
                tuned=one.tuned,
            )
        )
    return found


def _variables(file: LauncherFile, passed: Arguments, call: ast.Call) -> list[PassedFacts]:
    return [
        PassedFacts(name=one.name, value=_value(file, one.expression), line=_line(file, one.at, call))
        for one in passed
    ]


def _value(file: LauncherFile, passed: LocatedExpression) -> object:
    """Return a literal's value, or the expression as a string."""
    found = plain(file.launcher, passed)
    return ast.unparse(passed.node) if isinstance(found, Untold) else _json(found)


def _json(value: object) -> object:
    """Return a value as JSON represents it."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _json(one) for key, one in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _line(file: LauncherFile, node: ast.AST, call: ast.Call) -> int:
    """Return the line of a node; that of the call that gets it for a node of another file."""
    at = file.launcher.own(node, call)
    if file.launcher.data_path(at) is not None:
        at = call
    return file.line_in_file(getattr(at, "lineno", 1))
