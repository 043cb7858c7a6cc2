"""Commands ``pip install``: the words that name packages, and the options.

Source: pip 24.3 ``commands/install.py``. The words of a command come from a program that a script starts, or from a
shell line of a notebook.
"""

from __future__ import annotations

from flake8_training.engine.flow.shell_lines import without_prefixes
from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.pattern import pattern
from flake8_training.record import Record

_PIP = pattern(r"(?:.*/)?pip[0-9.]*")
_FRONTS = ("uv",)
"""Programs that take ``pip install`` as words of their own."""
_PLAIN_OPTIONS = frozenset(
    "-q -qq --quiet -U --upgrade --no-cache-dir --user --no-deps --force-reinstall --pre".split()
)
"""The options of ``pip install`` that have no value and name no package."""
_OF_FILES = frozenset("rce")
"""Short options whose value is a file of requirements or a folder."""


class PipInstall(Record):
    """A command ``pip install``: ``options`` begin with a hyphen, ``named`` are packages, files and options' values."""

    named: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def upgrades(self) -> bool:
        """Whether the command replaces a version that the environment has already."""
        return any(
            word == "--upgrade" or (not word.startswith("--") and "U" in word) for word in self.options
        )

    @property
    def reads_files(self) -> bool:
        """Whether a file of requirements or a folder names more packages, or bounds of versions."""
        return any(word.startswith(".") for word in self.named) or any(
            word.startswith(("--requirement", "--constraint", "--editable"))
            if word.startswith("--")
            else not _OF_FILES.isdisjoint(word)
            for word in self.options
        )

    @property
    def packages(self) -> tuple[str, ...] | None:
        """The packages that the command installs; None if it may install others."""
        is_plain = all(word in _PLAIN_OPTIONS for word in self.options)
        is_known = not any(UNKNOWN_WORD in name or "/" in name for name in self.named)
        return self.named if is_plain and is_known and self.named else None


def pip_install(words: list[str]) -> PipInstall | None:
    """Return the command ``pip install`` that words are; None for another command."""
    words = without_prefixes(words, _FRONTS)
    if words[1:] and _runs_module(words):
        words = words[words.index("-m") + 1 :]
    if not words or not _PIP.fullmatch(words[0]) or "install" not in words:
        return None
    after = words[words.index("install") + 1 :]
    options = tuple(word for word in after if word.startswith("-"))
    return PipInstall(tuple(word for word in after if not word.startswith("-")), options)


def _runs_module(words: list[str]) -> bool:
    """Return whether a command is Python that runs a module: ``python -u -m pip``; the program may be unknown."""
    is_python = "python" in words[0] or "sys.executable" in words[0] or words[0] == UNKNOWN_WORD
    return (
        is_python
        and next((word for word in words[1:] if word in ("-m", "-c") or word[:1] != "-"), "") == "-m"
    )
