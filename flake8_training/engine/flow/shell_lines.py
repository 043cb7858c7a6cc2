"""Lines of a shell: the simple commands in them, without the words of quoted strings being told apart."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_training.pattern import pattern

SEPARATORS = pattern(r"&&|\|\||[;|\n]|(?<![>&])&(?![>&])")
"""What ends a command: ``;``, ``&``, ``|``, ``&&``, ``||`` or the end of the line. ``2>&1`` and ``&>`` do not."""
SUBSTITUTIONS = pattern(r"`|\$\(")
"""What begins a command inside of another one."""
ASSIGNMENT = pattern(r"[A-Za-z_]\w*=")
"""A variable that is set for one command."""


def simple_commands(text: str) -> Iterator[str]:
    """Yield the commands of lines of a shell in turn, without blanks around them; none is empty."""
    for part in SEPARATORS.split(text.replace("\\\n", " ")):
        command = part.strip()
        if command:
            yield command
