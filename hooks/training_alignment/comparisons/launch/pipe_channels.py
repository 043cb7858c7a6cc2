"""Compares the channels that a script reads as a pipe with their input mode in the launcher.

Source: sagemaker-tensorflow-extensions (``PipeModeDataset`` opens the FIFO of a channel, and raises in File mode),
CreateTrainingJob ``TrainingInputMode`` and ``Channel.InputMode``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.syntax.parents import enclosing
from flake8_training.engine.values.values import Constant
from flake8_training.launcher.sdk_objects import Channel
from flake8_training.ledger import Reason, unknown_if
from flake8_training.named_tuple import NamedTuple
from flake8_training.script import Script
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch

_DATASET = "PipeModeDataset"
_CHOOSING = (ast.If, ast.IfExp, ast.Try, ast.Match, ast.BoolOp)


class _Pipe(NamedTuple):
    channel: str
    node: ast.AST


def missing_pipes(launch: Launch) -> Iterator[Problem]:
    """Yield the jobs that lack a channel that the script reads as a pipe, or have it in another mode."""
    script = launch.script
    pipes = list(_pipes(script)) if script is not None and launch.jobs else []
    for job in launch.jobs if pipes else ():
        is_open = job.channels.open_ended
        is_open = is_open or (launch.alternatives and not all(c.certain for c in job.channels.entries))
        if unknown_if(is_open, Reason.MAPPING, job.node, what="channels"):
            continue
        for pipe in pipes:
            related = launch.in_script(pipe.node, f"{_DATASET} reads {pipe.channel} here")
            channel = job.channels.get(pipe.channel)
            if channel is None:
                argument = ", ".join(job.channels.names) or "no channels"
                detail = f"{_DATASET} reads {pipe.channel}; the job has {argument}"
                yield Problem(launch.report_node(launch.inputs_of(job)), detail, related)
            elif (mode := input_mode(launch, channel)) not in (None, "Pipe"):
                detail = f"{_DATASET} reads {pipe.channel} as a pipe, and its input_mode is {mode}"
                yield Problem(launch.report_node(channel.at), detail, related)


def _pipes(script: Script) -> Iterator[_Pipe]:
    """Yield the channels that the script reads as a pipe on every path."""
    analysis = script.analysis
    seen: set[str] = set()
    imported = any(dotted.endswith(f".{_DATASET}") for dotted, _ in analysis.program.imports)
    if not imported and not any(analysis.program.all_calls(_DATASET)):
        return
    for call in analysis.calls.all:
        if not any(name.rpartition(".")[2] == _DATASET for name in call.names):
            continue
        node = analysis.calls.argument(call, (0, "channel"))
        values = analysis.calls.values(call, node) if node is not None else ()
        tree = call.site.scope.module.tree
        if len(values) != 1 or not isinstance(values[0], Constant) or values[0].value in seen:
            continue
        guard = analysis.program.entry.guard
        if any(isinstance(one, _CHOOSING) and one is not guard for one in enclosing(tree, call.node)):
            continue
        seen.add(str(values[0].value))
        yield _Pipe(str(values[0].value), call.node)


def input_mode(launch: Launch, channel: Channel) -> str | None:
    """Return the input mode of a channel, its own or the job's; None if it is unknown."""
    estimator = launch.estimator
    if channel.expression is not None:
        constructions = estimator.launcher.constructions_in(channel.expression)
        if len(constructions) != len(channel.expression.values) and not all(
            isinstance(value, Constant) for value in channel.expression.values
        ):
            return None
        for one in constructions:
            own = one.get("input_mode")
            if one.arguments.open_ended or len(constructions) > 1:
                return None
            if own is not None and not own.expression.is_none:
                return own.text
    if estimator.arguments.open_ended or "input_mode" in estimator.overridden:
        return None
    argument = estimator.get("input_mode")
    return "File" if argument is None else argument.text
