"""The input channels that a program uses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import ANY, PathKind, places
from flake8_training.engine.values.values import Constant
from flake8_training.libraries.table import table
from flake8_training.pattern import pattern
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import CHANNEL_PREFIX

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.syntax.scopes import CallSite, ModuleIndex

_NAME = pattern(r"[A-Za-z0-9.\-_]+")
"""A name of a channel (CreateTrainingJob)."""
_CHANNEL_DICTS = ("channel_input_dirs", "channel_dirs")


def channels(analysis: Analysis) -> list[str]:
    """Return the names of the channels that the program reads or names, in lower case, in the order of their lines."""
    found: dict[str, None] = {}
    for module in analysis.program.modules.values():
        named = [
            (read.name[len(CHANNEL_PREFIX) :], read.line)
            for read in analysis.environment.reads
            if read.scope.module is module and read.name.startswith(CHANNEL_PREFIX)
        ]
        named += _literal_channels(analysis, module)
        named += _named_by_environment_object(analysis, module)
        for name, _ in sorted(named, key=lambda pair: pair[1]):
            found[name.lower()] = None
    return [name for name in found if name and ANY not in name]


def _literal_channels(analysis: Analysis, module: ModuleIndex) -> list[tuple[str, int]]:
    """Return the channels, with their lines, in the paths that calls receive: read, joined, or an option's default."""
    found: list[tuple[str, int]] = []
    for site in module.calls:
        names = analysis.evaluator.names(site.node, site.scope)
        if any((row := table().reads_key(name)) is not None and row.environment for name in names):
            continue  # the script uses the default only outside a job
        if names and table().only_shows(names):
            continue
        if any(name.endswith("PipeModeDataset") for name in names):
            found.extend((name, site.line) for name in _pipe_channels(analysis, site))
        for argument in (*site.node.args, *(k.value for k in site.node.keywords)):
            if isinstance(argument, ast.Constant) and not isinstance(argument.value, str):
                continue
            for place in places(analysis.evaluator, analysis.evaluator.values(argument, site.scope)):
                name = place.channel
                if name and place.root is PathKind.CHANNEL and place.path.startswith(paths.INPUT_DATA_DIR):
                    # XGBoost's own readers take "train?format=csv"; a pipe is named "<channel>_<epoch>"
                    name = name.partition("?")[0].removesuffix(f"_{ANY}")
                    if _NAME.fullmatch(name):  # a message may begin with a path
                        found.append((name, site.line))
    return found


def _pipe_channels(analysis: Analysis, site: CallSite) -> list[str]:
    """Return the channel that ``sagemaker_tensorflow.PipeModeDataset(channel=...)`` reads."""
    passed = [*site.node.args[:1], *(k.value for k in site.node.keywords if k.arg == "channel")]
    return [
        value.value
        for argument in passed
        for value in analysis.evaluator.values(argument, site.scope)
        if isinstance(value, Constant) and isinstance(value.value, str)
    ]


def _named_by_environment_object(analysis: Analysis, module: ModuleIndex) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for node, _ in module.subscript_loads:
        if (
            isinstance(node.value, ast.Attribute)
            and node.value.attr in _CHANNEL_DICTS
            and isinstance(node.slice, ast.Constant)
        ):
            found.append((str(node.slice.value), node.lineno))
    for site in module.calls_by_name.get("get", ()):
        function = site.node.func
        if (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Attribute)
            and function.value.attr in _CHANNEL_DICTS
            and site.node.args
            and isinstance(site.node.args[0], ast.Constant)
        ):
            found.append((str(site.node.args[0].value), site.line))
    return found
