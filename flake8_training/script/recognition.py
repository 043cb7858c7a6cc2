"""Whether a Python file shows by itself that it is the entry point of a SageMaker training job.

It has to begin to work when it is run, to train, and to use what SageMaker gives a training job: its variables,
its paths or its toolkit. What also uses the folders of a processing job, serves, or starts jobs is something else.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flake8_training.engine.flow.container_paths import PathKind, place_of_path, places
from flake8_training.engine.values.values import Reference
from flake8_training.libraries.rows import Reads, Saves
from flake8_training.pattern import pattern
from flake8_training.sagemaker import paths
from flake8_training.sagemaker.variables import who_sets
from flake8_training.script.training import trainings

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis

_SHOWN = pattern(r"SM_[A-Z]|opt/ml|sagemaker_training|sagemaker_containers|container_support")
_TOOLKITS = ("sagemaker_training", "sagemaker_containers", "container_support", "sagemaker_inference")
_OTHER_PROGRAMS = frozenset(
    {
        "airflow",
        "bottle",
        "fastapi",
        "flask",
        "gradio",
        "gunicorn",
        "pytest",
        "streamlit",
        "unittest",
    }
)
"""Libraries of servers, schedulers and tests: a file that uses one is such a program. An import is no use."""
_STARTS_JOB = (".create_training_job", ".create_hyper_parameter_tuning_job")
_LAUNCHERS = ("sagemaker.",)
# Parts of the SDK that are used inside a job, not to start one.
_INSIDE_JOBS = (
    "sagemaker.experiments",
    "sagemaker.session",
    "sagemaker.remote_function",
    "sagemaker.debugger",
    "sagemaker.feature_store",
    "sagemaker.s3",
    "sagemaker.Session",
    "sagemaker.get_execution_role",
)


_OF_TRAINING_JOBS = {
    PathKind.CHANNEL,
    PathKind.MODEL,
    PathKind.HYPERPARAMETERS,
    PathKind.OUTPUT,
    PathKind.CHECKPOINTS,
    PathKind.INPUT,
}


def may_be_training_script(lines: Sequence[str]) -> bool:
    """Return whether the source names anything that only a training job has: a cheap check before the analysis."""
    return any(_SHOWN.search(line) for line in lines)


def is_training_script(analysis: Analysis) -> bool:
    """Return whether the program's entry file is a training script by the module's criteria."""
    program = analysis.program
    if program.entry.guard is None and not any(s.scope is program.entry.top for s in program.entry.calls):
        return False
    if is_other_program(analysis) or uses_launchers(analysis):
        return False
    if any(who_sets(name) is not None for name in analysis.environment.replaced if name.startswith("SM_")):
        # It makes the environment of a job itself: a test, or a wrapper around a training script.
        return False
    if not analysis.reach.has_work:
        return False
    if all(any(name.endswith(_STARTS_JOB) for name in call.names) for call, _ in trainings(analysis)):
        return False  # it trains nothing, or only starts jobs
    return touches_training_job(analysis)


def uses_launchers(analysis: Analysis) -> bool:
    """Return whether the entry file uses a part of the SDK that starts jobs."""
    return analysis.program.entry.uses_import(_starts_jobs)


def _starts_jobs(dotted: str) -> bool:
    return dotted.startswith(_LAUNCHERS) and not dotted.startswith(_INSIDE_JOBS)


def is_other_program(analysis: Analysis) -> bool:
    """Return whether the entry file calls, derives from or decorates with a library of servers, schedulers or tests."""
    entry = analysis.program.entry
    if not any(name.partition(".")[0] in _OTHER_PROGRAMS for name, _ in entry.imports):
        return False
    if any(
        name.partition(".")[0].partition("()")[0] in _OTHER_PROGRAMS
        for call in analysis.calls.all
        if call.site.scope.module is entry
        for name in call.names
    ):
        return True
    return any(
        isinstance(value, Reference) and value.name.partition(".")[0] in _OTHER_PROGRAMS
        for scope in entry.scopes
        for node in _bases_and_decorators(scope.node)
        for value in analysis.evaluator.values(node, scope.parent or scope)
    )


def _bases_and_decorators(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.ClassDef):
        return [*node.bases, *node.decorator_list]
    return list(node.decorator_list) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []


def touches_training_job(analysis: Analysis) -> bool:
    """Return whether the program uses what only a training job has."""
    roots = _roots(analysis)
    if PathKind.PROCESSING in roots:
        return False
    if roots & _OF_TRAINING_JOBS:
        return True
    if any(read.name.startswith("SM_") for read in analysis.environment.reads):
        return True
    if any(name.partition(".")[0] in _TOOLKITS for name, _ in analysis.program.entry.imports):
        return True
    used = _used_roots(analysis)
    return PathKind.PROCESSING not in used and bool(used & _OF_TRAINING_JOBS)


def _roots(analysis: Analysis) -> set[PathKind]:
    """Return the kinds of places that the calls, options and constants of the program name."""
    found: set[PathKind] = set()
    for option in analysis.live_options:
        if option.default is not None:
            values = analysis.evaluator.values(option.default, option.scope)
            found.update(p.root for p in places(analysis.evaluator, values))
    for node in analysis.program.strings:
        text = str(node.value)
        if text.startswith(paths.ROOT):
            found.add(place_of_path(text).root)
    return found


def _used_roots(analysis: Analysis) -> set[PathKind]:
    """Return the kinds of places that calls read and write; the paths may be joined from "/opt/ml" alone."""
    return {
        place.root
        for call in analysis.calls.all
        for row in call.rows
        if isinstance(row, Reads | Saves) and (node := analysis.calls.argument(call, row.path)) is not None
        for place in places(analysis.evaluator, analysis.calls.values(call, node))
    }
