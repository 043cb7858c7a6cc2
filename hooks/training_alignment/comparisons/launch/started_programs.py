"""Compares the arguments of the programs that a script starts with the options that these programs accept.

Sources: sagemaker-training 5.1.4 (the working directory is ``/opt/ml/code``, where ``source_dir`` is unpacked), CPython
3.12 ``argparse``, torch 2.4 ``torchrun`` and accelerate 0.34 ``accelerate launch`` (the options after the script are
the script's).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.calls import Call
from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD, has_all_words, started_commands
from flake8_training.engine.syntax.parents import is_caught
from flake8_training.finding import Related
from flake8_training.ledger import Reason, Suppression, note_question, note_suppressed, note_unknown
from flake8_training.sagemaker import paths
from flake8_training.script import Script
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.launch.argument_words import missing_options, refused_words
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.accepted_options import Library, acceptance
from training_alignment.launches.launch import Launch
from training_alignment.launches.started_program import OF_SHELL, Started, program_of

_CODE = f"{paths.CODE_DIR}/"
_MOVING = ("os.chdir", "contextlib.chdir")
_FAILURES = frozenset({"CalledProcessError", "SubprocessError", "SystemExit", "Exception", "BaseException"})


def unaccepted_arguments(launch: Launch) -> Iterator[Problem]:
    """Yield the calls that start a program of the repository with an option, or a value, that it does not accept."""
    script = launch.script
    if script is None or launch.alternatives or not launch.jobs or launch.started.source_dir is None:
        return
    analysis = script.analysis
    calls = analysis.calls.all
    if any(name in _MOVING for call in calls for name in call.names):
        return
    for call in calls:
        if not script.owns(call.node) or any(keyword.arg in ("cwd", None) for keyword in call.node.keywords):
            continue
        for words in started_commands(analysis.evaluator, call.names, call.site):
            started = _program(launch, words)
            if started is not None:
                yield from _of_program(launch, script, call, started)


class StartedScripts:
    """The scripts of the repository that a job's programs start, each once."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._seen = {launch.script_path}

    def __call__(self, analysis: Analysis, call: Call) -> list[Analysis] | None:
        """Return the scripts that a program's call starts; None if one is unknown, or was returned before."""
        if any(keyword.arg in ("cwd", None) for keyword in call.node.keywords):
            return None
        if any(name in _MOVING for one in analysis.calls.all for name in one.names):
            return None
        found: list[Analysis] = []
        for words in started_commands(analysis.evaluator, call.names, call.site):
            started = _program(self._launch, words)
            if started is None or started.path in self._seen:
                return None
            self._seen.add(started.path)
            try:
                found.append(self._launch.file.repository.programs.script(started.path).analysis)
            except ReadError:
                return None
        return found or None


def _program(launch: Launch, words: list[str]) -> Started | None:
    """Return the program of the repository that a command starts; None for any other command."""
    started = program_of(words)
    return _at(launch, started.path, list(started.words)) if started is not None else None


def _at(launch: Launch, word: str, words: list[str]) -> Started | None:
    """Return the program at a path below the code's folder; None if the repository has none there."""
    if UNKNOWN_WORD in word:
        return None
    path = posixpath.normpath(posixpath.join(launch.started.source_dir or "", word.removeprefix(_CODE)))
    return Started(path, tuple(words)) if path in launch.file.repository.files else None


def _of_program(launch: Launch, script: Script, call: Call, started: Started) -> Iterator[Problem]:
    path = call.site.scope.module.path
    note_question()
    if is_caught(call.site.scope.module.tree, call.node, _FAILURES):
        note_suppressed(Suppression.CAUGHT, call.node, path, started.path)
        return
    try:
        other = launch.file.repository.programs.script(started.path)
    except ReadError:
        note_unknown(Reason.UNPARSED, 1, started.path)
        return
    accepted = acceptance(other.analysis)
    if accepted is None:
        note_unknown(Reason.CODE, 1, started.path, "options")
        return
    detail, line = "", accepted.first_line(other)
    if accepted.library is Library.ARGPARSE and accepted.strict is True:
        detail = refused_words(accepted, started.words, OF_SHELL)
    if any(UNKNOWN_WORD in word for word in started.words):
        note_unknown(Reason.COMPUTED, call.node, path, started.path, weak=True)
    if not detail and has_all_words(script.analysis.evaluator, call.site):
        missing = (
            [] if OF_SHELL.intersection("".join(started.words)) else missing_options(accepted, started.words)
        )
        if missing:
            detail = f"gets no {missing[0].flags[0]}, which it requires (exit code 2)"
            line = missing[0].line if other.owns(missing[0].node) else line
    if detail:
        yield Problem(
            call.node,
            f"{started.path} {detail}",
            (
                Related(started.path, line, "the program's options"),
                *launch.from_launcher("the job"),
            ),
            in_script=True,
        )
