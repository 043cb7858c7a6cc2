"""The generation of the SageMaker SDK that the shell lines of a notebook install.

Source: pip 24.3 ``commands/install.py`` (``--upgrade``); sagemaker 3.27.0, whose metadata requires Python 3.10: pip
installs SDK v2 for an older one.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from flake8_training.engine.flow.pip_commands import PipInstall, pip_install
from flake8_training.engine.flow.shell_lines import simple_commands
from flake8_training.launcher.required_sdk import RequiredSdk
from flake8_training.libraries.distributions import normal
from flake8_training.libraries.requirements_file import requirement
from flake8_training.sagemaker.sdk_names import ALL, required_generations, shown
from training_alignment.launches.notebook import Command, Notebook

_SHELLS = ("%%bash", "%%sh")
_CONTINUED = "\r"
"""Stands for the end of a line that goes on: no line of a `Notebook` has this character."""
_NEWEST, _PYTHON = 3, (3, 10)
"""The newest generation, and the oldest Python that it supports."""


def installed_sdk(notebook: Notebook) -> RequiredSdk | None:
    """Return what the last command that installs the SDK installs; None without one, or if it may be any."""
    found = None
    for line in _lines(notebook):
        if "pip" not in line.text or "install" not in line.text:
            continue
        for command in simple_commands(line.text.lstrip("!%")):
            try:
                install = pip_install(shlex.split(command.strip(" ()\t"), comments=True))
            except ValueError:
                found = None
                continue
            if install is None:
                continue
            named, found_here = _sdk_in(install, notebook.python, line.line)
            if named:
                found = found_here if "||" not in line.text else None  # what follows may not run
            if install.reads_files:
                found = None  # the file may require another version
    return found


def _lines(notebook: Notebook) -> Iterator[Command]:
    """Yield the lines of the notebook that the shell runs, whatever else happens: none that is indented."""
    for command in notebook.commands:
        if command.text.startswith("%%") and not command.text.startswith(_SHELLS):
            continue
        number = command.line
        for line in command.text.replace("\\\n", _CONTINUED).split("\n"):
            if line[:1] != "#" and not line[:1].isspace():
                yield Command(line.replace(_CONTINUED, " ").partition(" #")[0], number)
            number += 1 + line.count(_CONTINUED)


def _sdk_in(install: PipInstall, python: tuple[int, ...], line: int) -> tuple[bool, RequiredSdk | None]:
    """Return whether a command names the SDK, and the generations that it may install."""
    for word in install.named:
        required = requirement(word)
        if required is None or normal(required[0]) != "sagemaker":
            if word.startswith("sagemaker") and required is None:
                return True, None
            continue
        allowed = required_generations(",".join(required[1]))
        if install.upgrades and allowed:
            allowed = frozenset({max(allowed)})
        if not allowed or allowed == ALL or (_NEWEST in allowed and python < _PYTHON):
            return True, None
        command = f"pip install {'-U ' if install.upgrades else ''}{word}"
        return True, RequiredSdk(allowed, f"the notebook installs {shown(allowed)} ({command})", line)
    return False, None
