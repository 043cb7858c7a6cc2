"""Compares the arguments in a trainer's own command with the options that the script accepts and requires.

``SourceCode(command="python train.py --epochs 3")`` of SDK v3 starts the script; the words after it are all that its
parser gets.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.ledger import Reason, note_question, note_unknown
from training_alignment.comparisons.launch.argument_words import missing_options, refused_words
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.accepted_options import AcceptedOptions, Library, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.started_program import OF_SHELL

REFUSED = "the script does not accept an argument of the command"
LACKING = "the command lacks an argument that the script requires"


def refused_arguments(launch: Launch) -> Iterator[Problem]:
    """Yield the command whose arguments the script's parser refuses."""
    accepted = _accepted(launch)
    words = launch.started.arguments
    if accepted is None or words is None:
        return
    detail = refused_words(accepted, words, OF_SHELL)
    if detail:
        yield Problem(
            _place(launch),
            f"{launch.script_path} {detail}",
            launch.in_script(accepted.options[0].node if accepted.options else None, "the script's options"),
            summary=REFUSED,
        )


def lacking_arguments(launch: Launch) -> Iterator[Problem]:
    """Yield the command that lacks an option which the script's parser requires."""
    accepted = _accepted(launch)
    words = launch.started.arguments
    if accepted is None or words is None or refused_words(accepted, words, OF_SHELL):
        return
    if not {UNKNOWN_WORD, *OF_SHELL}.isdisjoint("".join(words)):
        note_unknown(Reason.COMPUTED, _place(launch), what="command")
        return
    for option in missing_options(accepted, words)[:1]:
        yield Problem(
            _place(launch),
            f"{option.flags[0]} (argparse exits with code 2)",
            launch.in_script(option.node, f"{option.flags[0]} is required"),
            summary=LACKING,
        )


def _accepted(launch: Launch) -> AcceptedOptions | None:
    """Return the options of the script that a trainer's command starts, if its parser refuses all others; else None."""
    script = launch.script
    if script is None or launch.alternatives or launch.started.arguments is None:
        return None
    note_question()
    accepted = acceptance(script.analysis)
    if accepted is None:
        note_unknown(Reason.CODE, 1, launch.script_path or "", "options", weak=True)
        return None
    return accepted if accepted.library is Library.ARGPARSE and accepted.strict is True else None


def _place(launch: Launch) -> ast.AST:
    """Return the node of the command in the launcher."""
    source = launch.estimator.part("source_code")
    command = source.get("command") if source is not None else None
    return launch.report_node(command.at) if command is not None else launch.estimator.node
