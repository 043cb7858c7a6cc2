"""The generation of the SageMaker SDK that the shell lines of a notebook install.

Source: pip 24.3 ``commands/install.py`` (``--upgrade``); sagemaker 3.27.0, whose metadata requires Python 3.10: pip
installs SDK v2 for an older one.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from flake8_training.engine.flow.shell_lines import simple_commands, without_prefixes
from flake8_training.launcher.required_sdk import RequiredSdk
from flake8_training.libraries.distributions import normal
from flake8_training.libraries.requirements_file import requirement
from flake8_training.sagemaker.sdk_names import ALL, required_generations, shown
from training_alignment.launches.notebook import Notebook

_OF_FILES = frozenset("rce")
"""Short options whose value is a file of requirements or a folder."""
_SHELLS = ("%%bash", "%%sh")
_NEWEST, _PYTHON = 3, (3, 10)
"""The newest generation, and the oldest Python that it supports."""


def installed_sdk(notebook: Notebook) -> RequiredSdk | None:
    """Return what the last command that installs the SDK installs; None without one, or if it may be any."""
    found = None
    for line in _lines(notebook):
        if "pip" not in line or "install" not in line:
            continue
        for command in simple_commands(line.lstrip("!%")):
            try:
                words = without_prefixes(shlex.split(command.strip(" ()\t"), comments=True))
            except ValueError:
                found = None
                continue
            installed = _installed(words)
            named, found_here = _sdk_in(installed, notebook.python)
            if named:
                found = found_here if "||" not in line else None  # what follows may not run
            if any(_is_file(word) for word in installed):
                found = None  # the file may require another version
    return found


def _lines(notebook: Notebook) -> Iterator[str]:
    """Yield the lines of the notebook that the shell runs, whatever else happens: none that is indented."""
    for command in notebook.commands:
        lines = command.text.replace("\\\n", " ").split("\n")
        if not lines[0].startswith("%%") or lines[0].startswith(_SHELLS):
            yield from (
                line.partition(" #")[0] for line in lines if line[:1] != "#" and not line[:1].isspace()
            )


def _installed(words: list[str]) -> list[str]:
    """Return the words after ``pip install``; empty for another command."""
    if words[1:3] == ["-m", "pip"] and ("python" in words[0] or "sys.executable" in words[0]):
        words = words[2:]
    return words[2:] if words[:2] in (["pip", "install"], ["pip3", "install"]) else []


def _is_file(word: str) -> bool:
    """Return whether a word of ``pip install`` is a file of requirements or a folder, or the option before it."""
    if word.startswith("--"):
        return word.startswith(("--requirement", "--constraint", "--editable"))
    return word.startswith(".") or (word.startswith("-") and not _OF_FILES.isdisjoint(word))


def _sdk_in(named: list[str], python: tuple[int, ...]) -> tuple[bool, RequiredSdk | None]:
    """Return whether a command ``pip install`` names the SDK, and the generations that it may install."""
    upgrades = any(
        word == "--upgrade" or (word[:1] == "-" and word[:2] != "--" and "U" in word) for word in named
    )
    for word in named:
        required = requirement(word)
        if required is None or normal(required[0]) != "sagemaker":
            if word.startswith("sagemaker") and required is None:
                return True, None
            continue
        allowed = required_generations(",".join(required[1]))
        if upgrades and allowed:
            allowed = frozenset({max(allowed)})
        if not allowed or allowed == ALL or (_NEWEST in allowed and python < _PYTHON):
            return True, None
        command = f"pip install {'-U ' if upgrades else ''}{word}"
        return True, RequiredSdk(allowed, f"the notebook installs {shown(allowed)} ({command})")
    return False, None
