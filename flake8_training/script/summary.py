"""The facts of a script as plain data: its inputs from a launcher, and its reads, writes and verdicts."""

from __future__ import annotations

import ast
import math
import os
from typing import TYPE_CHECKING, TypedDict

from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.values.values import Constant
from flake8_training.script.accesses import accesses
from flake8_training.script.channels import channels
from flake8_training.script.frameworks import frameworks
from flake8_training.script.hyperparameter_reads import hyperparameter_reads
from flake8_training.script.hyperparameters import is_place
from flake8_training.script.verdict import State, Verdict

if TYPE_CHECKING:
    from flake8_training.engine.analysis import Analysis
    from flake8_training.engine.inputs.options import Option
    from flake8_training.engine.syntax.scopes import Scope
    from flake8_training.script.script import Script


class ArgumentFacts(TypedDict):
    """One command-line option. ``default`` is a literal, or the expression as written where it is none."""

    name: str
    type: str
    default: object
    required: bool
    line: int


class VariableFacts(TypedDict):
    """One environment variable that is read. ``default`` is a literal, or the expression as written."""

    name: str
    default: object
    line: int


class PathFacts(TypedDict):
    """One path that is read or written; ``*`` stands for an unknown part."""

    path: str
    line: int


class UnknownFacts(TypedDict):
    """One question that the source leaves open: the place that stops the analysis, and the reason."""

    question: str
    path: str
    line: int
    reason: str


class Facts(TypedDict):
    """All facts of one script. Lines count from 1 and are those of the script itself.

    ``cannot_tell`` names the questions ("training_data", "model_saving", ...) that the source leaves open, ``unknown``
    says why.
    """

    path: str
    is_training_script: bool
    frameworks: list[str]
    channels: list[str]
    environment_variables: list[VariableFacts]
    arguments: list[ArgumentFacts]
    hyperparameters: list[str]
    reads: list[PathFacts]
    writes: list[PathFacts]
    trains: list[int]
    evaluates: list[int]
    saves_model: list[int]
    cannot_tell: list[str]
    unknown: list[UnknownFacts]


QUESTIONS = ("hyperparameters", "training_data", "training", "evaluation", "model_saving")


def summary(script: Script) -> Facts:
    """Return the facts of a script; options, channels and variables of its local modules are among them."""
    analysis = script.analysis
    verdicts = {question: getattr(script, question) for question in QUESTIONS}
    reads, writes = _paths(script)
    arguments = [_argument(analysis, option) for option in analysis.live_options]
    read = sorted(hyperparameter_reads(analysis).reads, key=lambda one: getattr(one.node, "lineno", 1))
    keys = [o.name for o in analysis.live_options if not is_place(analysis, o)]
    return Facts(
        path=script.path,
        is_training_script=script.is_training_script,
        frameworks=list(frameworks(analysis)),
        channels=channels(analysis),
        environment_variables=_variables(analysis),
        arguments=arguments,
        hyperparameters=list(dict.fromkeys((*keys, *(one.name for one in read if ANY not in one.name)))),
        reads=reads,
        writes=writes,
        trains=_lines(script, verdicts["training"].evidence, verdicts["training"].state),
        evaluates=_lines(script, verdicts["evaluation"].evidence, verdicts["evaluation"].state),
        saves_model=_lines(script, verdicts["model_saving"].evidence, verdicts["model_saving"].state),
        cannot_tell=[name for name, verdict in verdicts.items() if verdict.state is State.UNKNOWN],
        unknown=[
            _unknown(script, name, verdict)
            for name, verdict in verdicts.items()
            if verdict.state is State.UNKNOWN
        ],
    )


def _unknown(script: Script, question: str, verdict: Verdict) -> UnknownFacts:
    stop = script.stop_of(verdict)
    return UnknownFacts(
        question=question, path=_as_written(script, stop.path), line=stop.line, reason=str(verdict.reason)
    )


def _as_written(script: Script, path: str) -> str:
    """Return the path of a local module, relative if the script's path is relative."""
    if not script.path or os.path.isabs(script.path) or not os.path.isabs(path):
        return path
    folder = os.path.dirname(script.path)
    shown = os.path.relpath(path, os.path.realpath(folder or os.curdir))
    return os.path.normpath(os.path.join(folder, shown)).replace(os.sep, "/")


def _lines(script: Script, nodes: tuple[ast.AST, ...], state: State) -> list[int]:
    if state is not State.PRESENT:
        return []
    return sorted({getattr(node, "lineno", 1) for node in nodes if script.owns(node)})


def _argument(analysis: Analysis, option: Option) -> ArgumentFacts:
    return ArgumentFacts(
        name=option.name,
        type=option.type_name,
        default=_literal(analysis, option.default, option.scope),
        required=option.required,
        line=option.line,
    )


def _variables(analysis: Analysis) -> list[VariableFacts]:
    found: dict[str, VariableFacts] = {}
    for read in analysis.environment.reads:
        if read.name.endswith(ANY) or read.test:
            continue
        default = _literal(analysis, read.default, read.scope)
        known = found.get(read.name)
        if known is None or (known["default"] is None and default is not None):
            line = known["line"] if known else read.line
            found[read.name] = VariableFacts(name=read.name, default=default, line=line)
    return list(found.values())


def _literal(analysis: Analysis, node: ast.expr | None, scope: Scope) -> object:
    """Return a default as its literal value, or its source if it is not one literal."""
    if node is None:
        return None
    values = analysis.evaluator.values(node, scope)
    if len(values) == 1 and isinstance(values[0], Constant):
        value = values[0].value
        if isinstance(value, float) and not math.isfinite(value):
            return ast.unparse(node)  # JSON has no such number
        return value if isinstance(value, str | int | float | bool | None) else str(value)
    return ast.unparse(node)


def _paths(script: Script) -> tuple[list[PathFacts], list[PathFacts]]:
    """Return the paths that the script reads and those that it writes."""
    found: dict[bool, dict[tuple[str, int], None]] = {False: {}, True: {}}
    for access in accesses(script.analysis):
        found[access.writing][access.place.path, access.node.lineno] = None
    reads, writes = ([PathFacts(path=path, line=line) for path, line in found[w]] for w in (False, True))
    return reads, writes
