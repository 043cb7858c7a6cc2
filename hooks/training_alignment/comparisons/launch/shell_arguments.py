"""Checks whether a shell script that starts a job passes the hyperparameters on.

Sources: sagemaker-training 5.1.4 ``process.py`` (``/bin/sh -c "./train.sh --name value"``), sagemaker-train 1.27.0
(``entry_script``); a POSIX shell expands the arguments as ``$@``, ``$*`` and ``$1``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import pairwise

from flake8_training.engine.analysis import Analysis
from flake8_training.engine.flow.container_paths import ANY, PathKind
from flake8_training.pattern import pattern
from flake8_training.script.path_uses import has_unknown_access, path_uses
from flake8_training.script.variable_reads import VariablesRead
from training_alignment.artefacts.read_error import ReadError
from training_alignment.comparisons.launch.installed_packages import place_of_code
from training_alignment.comparisons.launch.launch_problem import Problem
from training_alignment.launches.launch import Launch
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.launches.started_program import LAUNCHING_MODULES

_MOST_BYTES = 100_000
_ARGUMENTS = pattern(r"\$[@*#1-9]|\$\{[@*#1-9]|\bgetopts?\b|\bshift\b|\bargparse\b")
_BY_NAME = ("SM_HP", "SM_USER_ARGS", "SM_TRAINING_ENV", "hyperparameters.json", "/opt/ml/input/config")
_ANNOUNCING = ("echo ", "printf ")
_STARTING = ("|", ">", ";", "&", "`", "$(")
_COMMENT = pattern(r"(?:^|\s)#")
_ENDS_OF_WORDS = pattern(r"[\s;|&()<>=\"'`]")
_VARIABLES = ("SM_HP", "SM_USER_ARGS", "SM_TRAINING_ENV")
_TOOLKITS = ("sagemaker_training.", "sagemaker_containers.")
_CONFIGURATION = "/opt/ml/input/config"


def dropped_hyperparameters(launch: Launch) -> Iterator[Problem]:
    """Yield the shell script that neither passes its arguments on nor reads the hyperparameters elsewhere."""
    path = launch.script_path
    if path is None or not path.endswith(".sh") or launch.alternatives or launch.started.by_command:
        return
    names = [one.name for one in sent(launch) if one.certain and one.name]
    if not names:
        return
    source = launch.file.text(path, _MOST_BYTES)
    lines = map(_without_comment, source.splitlines())
    commands = "\n".join(line for line in lines if not _only_prints(line))
    if _ARGUMENTS.search(commands) or any(word in commands for word in _BY_NAME):
        return
    folder = posixpath.dirname(path) if launch.started.source_dir is None else launch.started.source_dir
    if not _is_blind(launch, folder, commands):
        return
    shown = ", ".join(sorted(set(names))[:3])
    yield Problem(
        place_of_code(launch.estimator),
        f'{path} does not pass "$@" on; {shown} never reach the program',
        launch.in_script(None, "the shell script"),
    )


def _is_blind(launch: Launch, folder: str, commands: str) -> bool:
    """Return whether every program that the script starts is known and reads no hyperparameter by name."""
    words = [word for word in _ENDS_OF_WORDS.split(commands) if word]
    modules = [
        two for one, two in pairwise(words) if one == "-m" and two not in LAUNCHING_MODULES and two != "pip"
    ]
    named = [word for word in words if word.endswith((".py", ".sh"))]
    programs = dict.fromkeys([*named, *(f"{module.replace('.', '/')}.py" for module in modules)])
    if not programs:
        return False
    for word in programs:
        path = posixpath.normpath(posixpath.join(folder, word.removeprefix("/opt/ml/code/")))
        if path not in launch.file.repository.files:
            return False
        if path.endswith(".sh"):
            return False
        try:
            script = launch.file.repository.programs.script(path)
        except ReadError:
            return False
        if script.analysis.is_dynamic or _reads_hyperparameters(script.analysis):
            return False
    return True


def _reads_hyperparameters(analysis: Analysis) -> bool:
    """Return whether a program may read the hyperparameters from a variable or a file."""
    variables = VariablesRead(analysis, None)
    if variables.open or any(name.startswith(_VARIABLES) or name.startswith(ANY) for name in variables.names):
        return True
    if any(name.startswith(_TOOLKITS) for call in analysis.calls.all for name in call.names):
        return True
    if any(
        place.root is PathKind.HYPERPARAMETERS or place.path.startswith(_CONFIGURATION)
        for place in path_uses(analysis)
    ):
        return True
    strings = (str(node.value) for node in analysis.program.strings)
    return any(word in one for one in strings for word in _BY_NAME) and has_unknown_access(analysis)


def _only_prints(line: str) -> bool:
    """Return whether a line only prints: it starts no program, and what it shows reaches none."""
    return line.lstrip().startswith(_ANNOUNCING) and not any(part in line for part in _STARTING)


def _without_comment(line: str) -> str:
    found = _COMMENT.search(line)
    return line[: found.start()] if found is not None else line
