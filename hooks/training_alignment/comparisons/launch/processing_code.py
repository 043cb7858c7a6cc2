"""Compares the code of a processing job, and its arguments, with the script of the repository.

Sources: sagemaker 2.257.7 and sagemaker-core 2.27.0 ``processing.py: _handle_user_code_url`` (ValueError for a path
that does not exist, or that is a folder), ``_package_code``; argparse of Python 3.11 (exit code 2).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.launcher.processing_jobs import text_of
from flake8_training.ledger import Reason, note_unknown
from flake8_training.script import Script
from flake8_training.script.verdict import State
from training_alignment.comparisons.launch.argument_words import refused_word
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.comparisons.launch.missing_hyperparameters import outcome_without
from training_alignment.launches.accepted_options import AcceptedOptions, Library, acceptance
from training_alignment.launches.entry_point import folder_of
from training_alignment.launches.processing import ProcessingLaunch

UNREAD = "the processing script reads no arguments"
UNSET = "the processing script lacks an argument"


def missing_code(launch: ProcessingLaunch) -> Iterator[Problem]:
    """Yield the code of a processing job if it certainly does not exist, or is a folder."""
    job, started = launch.job, launch.started
    code = job.code
    if code is None or job.kind not in ("script", "framework"):
        return
    at = launch.at_value(code.expression, code.at)
    if started.missing:
        yield Problem(at, started.missing)
    elif job.kind == "script" and code.text is not None and not started.paths:
        if "://" not in code.text and folder_of(launch.file, code.text) is not None:
            yield Problem(at, f"{code.text} is a folder, and code is one file")
        else:
            note_unknown(Reason.ABSENT, at)


def refused_arguments(launch: ProcessingLaunch) -> Iterator[Problem]:
    """Yield the arguments that the script does not accept, and the options that it requires and does not get."""
    script, words = launch.script, launch.words
    if script is None:
        return
    accepted = acceptance(script.analysis)
    if accepted is None:
        yield from _unread(launch, script)
        return
    if accepted.library is not Library.ARGPARSE:
        return
    if words is None:
        note_unknown(Reason.MAPPING, launch.job.words_at, what="arguments")
        return
    unknown = [_is_free(accepted, words, place) for place in range(len(words))]
    refused = False
    for place in range(len(words)):
        if words[place] == "--":
            break
        detail = refused_word(accepted, words, place)
        if detail:
            refused = True
            yield Problem(
                _word_at(launch, place, detail), f"it {detail}", launch.in_script(None, "its options")
            )
    if not refused and not any(unknown):
        yield from _missing(launch, accepted, words)


def _unread(launch: ProcessingLaunch, script: Script) -> Iterator[Problem]:
    """Yield the arguments of a script that certainly reads none: it has no parser, and leaves `sys.argv` alone."""
    passed = [text for word in launch.job.words or () if (text := text_of(word)) is not None]
    if not passed or script.analysis.live_options or script.hyperparameters.state is not State.ABSENT:
        return
    detail = f"{passed[0]} changes nothing; declare it with argparse"
    where = launch.in_script(None, "it reads no arguments")
    yield Problem(launch.job.words_at, detail, where, summary=UNREAD)


def _is_free(accepted: AcceptedOptions, words: tuple[str, ...], place: int) -> bool:
    """Return whether a word is unknown and may be an option, because no option before it takes it as its value."""
    if UNKNOWN_WORD not in words[place]:
        return False
    before = words[place - 1] if place else ""
    return not before.startswith("--") or "=" in before or not accepted.match(before)[1]


def _missing(
    launch: ProcessingLaunch, accepted: AcceptedOptions, words: tuple[str, ...]
) -> Iterator[Problem]:
    """Yield the options that no argument sets, and that the script requires or fails without."""
    passed = {
        id(option)
        for word in words
        if word.startswith("-")
        for option in accepted.match(word.partition("=")[0])[1]
    }
    for option in accepted.options:
        if not option.flags or id(option) in passed:
            continue
        found = outcome_without(accepted, option)
        if found is not None:
            node, outcome, why = found
            flag, at = option.flags[0], launch.job.words_at
            related = launch.in_script(node, f"{flag} {why}")
            if option.required:
                yield Problem(at, f"the script requires {flag} {outcome}", related)
            else:
                yield Problem(at, f"{flag} {outcome}", related, summary=UNSET)


def _word_at(launch: ProcessingLaunch, place: int, detail: str) -> ast.AST:
    """Return the node of a refused argument, or of the arguments if the word is one of the command.

    A refused value out of a data file is the node, and not the option before it.
    """
    job = launch.job
    index = place - len(launch.before)
    if index < 0 or job.words is None:
        return job.words_at
    word = job.words[index]
    following = job.words[index + 1] if index + 1 < len(job.words) else None
    if following is not None and following.text is not None and following.text in detail:
        literal = launch.at_value(following, following.node)
        if job.launcher.data_path(literal) is not None:
            return literal
    return launch.at_value(word, job.launcher.own(word.node, job.words_at))
