"""Lines of a shell: the simple commands in them, without the words of quoted strings being told apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flake8_training.pattern import pattern

SEPARATORS = pattern(r"&&|\|\||[;|\n]|(?<![>&])&(?![>&])")
"""What ends a command: ``;``, ``&``, ``|``, ``&&``, ``||`` or the end of the line. ``2>&1`` and ``&>`` do not."""
SUBSTITUTIONS = pattern(r"`|\$\(")
"""What begins a command inside of another one."""
_ASSIGNMENT = pattern(r"[A-Za-z_]\w*=")
"""A variable that is set for one command."""
_PREFIXES = frozenset({"sudo", "env", "time", "nohup", "exec"})
"""Programs that start the program named after them."""
SHELLS = frozenset({"sh", "bash", "dash", "zsh", "source", "."})
"""Programs that run the commands of a file."""


def simple_commands(text: str) -> Iterator[str]:
    """Yield the commands of lines of a shell in turn, without blanks around them; none is empty."""
    for part in SEPARATORS.split(text.replace("\\\n", " ")):
        command = part.strip()
        if command:
            yield command


def without_prefixes(words: list[str], others: Collection[str] = ()) -> list[str]:
    """Return the words of a command from its program on: without ``sudo`` and the like, ``others`` and assignments."""
    for place, word in enumerate(words):
        if not (word in _PREFIXES or word in others or _ASSIGNMENT.match(word)):
            return words[place:]
    return []
