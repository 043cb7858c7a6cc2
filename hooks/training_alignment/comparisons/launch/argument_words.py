"""Compares the words of a command line with the options that a program accepts and requires."""

from __future__ import annotations

from collections.abc import Collection

from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.engine.values.option import Option
from flake8_training.spelling import did_you_mean
from training_alignment.comparisons.launch.hyperparameters import nearest_flag
from training_alignment.comparisons.launch.missing_hyperparameters import OF_PROCESSES, is_certainly_required
from training_alignment.launches.accepted_options import AcceptedOptions, Match


def refused_words(accepted: AcceptedOptions, words: tuple[str, ...], changed: Collection[str] = ()) -> str:
    """Return what a program does not accept; empty if it accepts all that is known.

    ``changed``: the characters of words that a shell may change, whose values are not judged.
    """
    for place, word in enumerate(words):
        found = refused_word(accepted, words, place, changed)
        if found:
            return found
        if word == "--":
            return ""
    return ""


def refused_word(
    accepted: AcceptedOptions, words: tuple[str, ...], place: int, changed: Collection[str] = ()
) -> str:
    """Return why a program does not accept the option at a place, or its value; empty if it does, or may."""
    word = words[place]
    flag, equals, _ = word.partition("=")
    if not flag.startswith("--") or flag == "--" or UNKNOWN_WORD in flag:
        return ""
    match, options = accepted.match(flag)
    if match is Match.NONE:
        near = nearest_flag(flag, accepted.flags)
        hint = did_you_mean(near)
        outcome = "exit code 2" if accepted.strict else "parse_known_args drops it"
        return f"has no {flag} ({outcome}){hint}"
    following = words[place + 1 : place + 2]
    tokens = (word,) if equals else (flag, *following)
    if match is not Match.ONE or not {UNKNOWN_WORD, *changed}.isdisjoint("".join(tokens)):
        return ""
    if not equals and (not following or following[0].startswith("-")):
        return ""
    refused = accepted.refusal(tokens, options)
    if refused and "unrecognized" not in refused:
        reason = (refused.partition(": ")[2] or refused).partition(": '")[0]
        return f"rejects {' '.join(tokens)}: {reason} (exit code 2)"
    return ""


def missing_options(accepted: AcceptedOptions, words: tuple[str, ...]) -> list[Option]:
    """Return the required options that a complete command line lacks; none if an unknown word may be one of them."""
    found: set[int] = set()
    takes_value = False
    for word in words:
        if word == "--":
            break
        flag, equals, _ = word.partition("=")
        if UNKNOWN_WORD in (flag if equals else word) and not takes_value:
            return []
        if not flag.startswith("-"):
            takes_value = False
            continue
        match, options = accepted.match(flag)
        if match is not Match.ONE:
            return []
        found.update(id(option) for option in options)
        takes_value = not equals and not any(option.is_flag for option in options)
    return [
        option
        for option in accepted.options
        if option.required
        and option.flags
        and id(option) not in found
        and option.dest not in OF_PROCESSES
        and is_certainly_required(accepted, option)
    ]
