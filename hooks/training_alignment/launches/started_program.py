"""The program that a command starts: ``python train.py``, ``python -m package.train``, ``torchrun train.py``.

Sources: torch 2.4 ``torchrun`` and accelerate 0.34 ``accelerate launch`` (the options after the script are the
script's), CPython 3.12 ``-m``.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Sequence

from flake8_training.engine.flow.shell_lines import SHELLS, simple_commands, without_prefixes
from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.record import Record
from training_alignment.launches.container import PYTHON

LAUNCHING_MODULES = frozenset(
    {"torch.distributed.run", "torch.distributed.launch", "accelerate.commands.launch"}
)
_LAUNCHERS = frozenset({"torchrun", "accelerate", "deepspeed", "uv"})
_SECOND_WORDS = {"accelerate": "launch", "uv": "run"}
_KEYWORDS = frozenset({"then", "do", "else", "!", "{"})
"""Words of a shell before a command."""
_MOVES = frozenset({"cd", "pushd", "popd"})
_SHOWING = frozenset({"echo", "printf", "which", "type", "whereis"})
_MOST_COMMANDS = 200
OF_SHELL = frozenset("*'\"$`<>~\\{}[]")
"""Characters of a word that the shell may change: the value is not judged."""


class Started(Record):
    """A program that a command starts: its path as written, and the words that it receives.

    ``folder`` is the folder that the commands before change to; empty for none.
    """

    path: str
    words: tuple[str, ...]
    folder: str = ""

    @property
    def is_shell_script(self) -> bool:
        """Return whether a shell runs it."""
        return self.path.endswith(".sh")


def program_of(words: Sequence[str]) -> Started | None:
    """Return the Python program that a command starts by its path or as a module; None for any other command."""
    if not words:
        return None
    if PYTHON.match(words[0]) and not words[0].startswith(UNKNOWN_WORD):
        rest = words[1:]
    elif words[0] in _LAUNCHERS:
        rest = words[2:] if words[1:2] == [_SECOND_WORDS.get(words[0])] else words[1:]
    else:
        return None
    for place, word in enumerate(rest):
        if word == "-m" and place + 1 < len(rest):
            module = rest[place + 1]
            if module in LAUNCHING_MODULES:
                continue
            return Started(f"{module.replace('.', '/')}.py", tuple(rest[place + 2 :]))
        if word.endswith(".py"):
            return Started(word, tuple(rest[place + 1 :]))
        before = rest[place - 1] if place else ""
        if not word.startswith("-") and not before.startswith("-"):
            return None
    return None


def programs_in(text: str) -> Iterator[Started | None]:
    """Yield the Python programs and shell scripts that lines of a shell start; None for one that is unknown."""
    folder = ""
    for number, command in enumerate(simple_commands(text)):
        words = _words(command)
        if not words:
            continue
        if number >= _MOST_COMMANDS:
            yield None
            return
        if words[0] in _MOVES:
            folder = posixpath.join(
                folder, words[1] if words[0] != "popd" and len(words) > 1 else UNKNOWN_WORD
            )
            continue
        started = program_of(words) or _shell_script(words) or _behind_another(words)
        if started is not None:
            is_unknown = (
                not OF_SHELL.isdisjoint(f"{folder}{started.path}")
                or UNKNOWN_WORD in f"{folder}{started.path}"
            )
            yield None if is_unknown else Started(started.path, started.words, folder)


def _words(command: str) -> list[str]:
    """Return the words of a command, without those before the program."""
    try:
        words = shlex.split(command.strip(" ()\t"), comments=True)
    except ValueError:
        words = command.split()
    return without_prefixes(words, _KEYWORDS)


def _shell_script(words: list[str]) -> Started | None:
    """Return the shell script that a command runs: ``bash start.sh``, ``./start.sh``; None for any other command."""
    rest = [word for word in words[1:] if not word.startswith("-")] if words[0] in SHELLS else words
    return Started(rest[0], tuple(rest[1:])) if rest and rest[0].endswith(".sh") else None


def _behind_another(words: list[str]) -> Started | None:
    """Return the Python program that another program starts: ``mpirun -np 8 python train.py``; else None."""
    if words[0] in _SHOWING:
        return None
    places = (place for place, word in enumerate(words) if place and _is_interpreter(word))
    return next((found for place in places if (found := program_of(words[place:])) is not None), None)


def _is_interpreter(word: str) -> bool:
    return word in _LAUNCHERS or PYTHON.match(word) is not None
