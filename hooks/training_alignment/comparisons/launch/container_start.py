"""Checks whether an image that the repository builds can start a training.

Sources: the developer guide ("How Amazon SageMaker Runs Your Training Image": ``docker run IMAGE train``), execve(2)
(permissions, interpreters), sagemaker-training 5.1.4 (``SAGEMAKER_PROGRAM``, ``/opt/ml/code``), CPython ``argparse``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from flake8_training.engine.every_path import runs_always
from flake8_training.finding import Related
from flake8_training.launcher.boto3_requests import program
from flake8_training.record import Record
from flake8_training.sagemaker.paths import CODE_DIR
from flake8_training.script.verdict import State
from flake8_training.spelling import closest, did_you_mean
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.accepted_options import Library, acceptance
from training_alignment.launches.built_image import BuiltImage
from training_alignment.launches.container import ARGUMENT, PROGRAM, PYTHON, Container
from training_alignment.launches.dockerfile import Command, Copy
from training_alignment.launches.launch import Launch

_SCRIPTS = (".py", ".sh")
_BUILDING = (".sh", ".yml", ".yaml", ".ipynb", ".mk", ".md", ".py", ".ps1", ".tf")
"""The endings of files that may build the image, besides a Makefile."""
_UNIX = ("dos2unix", "\\r", "fromdos", "tr -d")
"""Words of commands that take the carriage returns away."""


class ContainerProblem(Record):
    """A problem of an image: its place in a file, and what is wrong. ``certain``: the repository starts the image."""

    path: str
    line: int
    detail: str
    certain: bool
    related: tuple[Related, ...] = ()


def container_problems(image: BuiltImage) -> Iterator[ContainerProblem]:
    """Yield why an image cannot start a training."""
    # The launches, for which every launcher is read, are asked for last.
    for problem in _problems(image):
        if image.is_replaced:
            return
        yield problem


def _problems(image: BuiltImage) -> Iterator[ContainerProblem]:
    check = _Check(image)
    entry = image.container.image.entry_point
    if entry is not None:
        yield from check.entry_point(entry)
    elif image.container.has_toolkit:
        yield from check.toolkit()
    elif image.container.is_plain:
        yield from check.program()


class _Check:
    """The checks of one image."""

    def __init__(self, image: BuiltImage) -> None:
        self._container: Container = image.container
        self._is_only = image.is_only
        self._image = image

    @property
    def _started(self) -> tuple[Launch, ...]:
        return self._image.started

    def _problem(
        self, line: int, detail: str, path: str = "", at: tuple[Related, ...] = ()
    ) -> ContainerProblem:
        launched = tuple(
            launch.file.related(launch.estimator.node.lineno, "the job") for launch in self._started[:1]
        )
        return ContainerProblem(
            path or self._container.path, line, detail, bool(self._started), (*at, *launched)
        )

    # -- the program `train`

    def program(self) -> Iterator[ContainerProblem]:
        """Yield the problem of the program that an image without an entry point starts."""
        container = self._container
        folders = container.folders
        if folders is None:
            return
        named = [path for path in container.files if posixpath.basename(path) == ARGUMENT]
        on_path = [path for path in named if posixpath.dirname(path) in folders]
        if on_path:
            if on_path[0] in container.programs:
                yield from self._executed(on_path[0])
            return
        if not container.is_known or container.may_bring(ARGUMENT) or not container.installed[1]:
            return
        if any("sagemaker" in name for name in container.installed[0]):
            return
        if container.programs:
            path = container.programs[0]
            here, copy = container.files[path]
            if not self._started and self._image.is_started_by_another(here):
                return  # this image is for something else
            detail = (
                f"no folder on PATH has the program {ARGUMENT}: it is copied to {posixpath.dirname(path)}"
            )
            yield self._problem(copy.line, detail, at=(Related(here, 1, "the program"),))
        elif container.image.command is not None:
            yield from self._command(container.image.command)
        elif self._is_only and self._started and all(map(_sends_script, self._started)):
            detail = f"the job sends a script, and the image has no toolkit: no folder on PATH has {ARGUMENT}"
            yield self._problem(container.image.line, detail)

    def _command(self, command: Command) -> Iterator[ContainerProblem]:
        """Yield the problem of an image that starts its training by ``CMD``, which the argument ``train`` replaces."""
        script = self._container.python_file(command.words or ())
        if script is not None and self._trains(script) and self._started:
            detail = f"SageMaker replaces CMD by {ARGUMENT}, and no folder on PATH has a program of that name"
            yield self._problem(command.line, detail)

    # -- what the kernel asks of a program

    def _executed(self, path: str) -> Iterator[ContainerProblem]:
        """Yield why the kernel cannot execute a file of the repository."""
        here, copy = self._container.files[path]
        data = self._container.data(here)
        if data is None or data.startswith(b"\x7fELF") or self._container.may_bring(posixpath.basename(path)):
            return
        first, _, _ = data.partition(b"\n")
        if not data.startswith(b"#!"):
            yield self._problem(
                1, f"{posixpath.basename(path)} has no shebang line (exec format error)", here
            )
        elif first.endswith(b"\r") and not self._mentions(_UNIX):
            interpreter = first.rstrip(b"\r").split(b"/")[-1].split()[-1:] or [b""]
            shown = interpreter[0].decode("utf-8", "replace")
            yield self._problem(
                1, f"the shebang line ends with CRLF: no program has the name '{shown}\\r'", here
            )
        if not self._is_executable(path, here, copy):
            detail = (
                f"{posixpath.basename(path)} is not executable: neither git nor the Dockerfile sets its mode"
            )
            yield self._problem(
                copy.line, f"{detail} (permission denied)", at=(Related(here, 1, "the program"),)
            )

    def _mentions(self, words: tuple[str, ...]) -> bool:
        return any(word in command for command in self._container.commands for word in words)

    def _is_executable(self, path: str, here: str, copy: Copy) -> bool:
        """Return whether a file may be executable in the image: by git, the Dockerfile, or what builds the image."""
        executable = self._container.repository.executables
        if executable is None or here in executable or copy.mode is not None:
            return True
        name, folder = posixpath.basename(path), posixpath.basename(posixpath.dirname(path))
        changing = [command for command in self._container.commands if "chmod" in command]
        if any(word in command for command in changing for word in (name, folder, "-R", "*", "$")):
            return True
        for other in sorted(self._container.repository.files):
            if other.endswith(_BUILDING) or posixpath.basename(other) == "Makefile":
                data = self._container.data(other)
                if data is None or (b"chmod" in data and _changes_mode(data, name)):
                    return True
        return False

    # -- ENTRYPOINT

    def entry_point(self, entry: Command) -> Iterator[ContainerProblem]:
        """Yield why the program of ``ENTRYPOINT`` does not start, or does not accept the argument ``train``."""
        container = self._container
        words = entry.words
        if not words:
            return  # a shell that gets the argument ignores it
        program_path = container.resolved(words[0])
        if "/" in words[0] and program_path in container.files:
            if container.is_of_sagemaker(program_path) and container.is_plain:
                yield from self._executed(program_path)
        script = self._container.python_file(words)
        if script is None:
            if len(words) == 1 and PYTHON.match(words[0]):
                yield from self._missing(container.resolved(ARGUMENT), entry.line)
            return
        if script not in container.files:
            yield from self._missing(script, entry.line)
        elif words[-1].endswith(".py") and self._trains(script) and self._started:
            yield from self._arguments(container.files[script][0], entry.line)

    def _trains(self, script: str) -> bool:
        """Return whether a script in the image is one for training: it trains, or the repository has no other image."""
        container = self._container
        if script not in container.files or not container.may_train(script):
            return False
        if self._is_only:
            return True
        try:
            return (
                container.repository.programs.script(container.files[script][0]).training.state
                is State.PRESENT
            )
        except ReadError:
            return False

    def _missing(self, script: str, line: int) -> Iterator[ContainerProblem]:
        container = self._container
        name = posixpath.basename(script)
        if (
            not container.is_known
            or not container.files
            or not container.is_plain
            or container.may_bring(name)
        ):
            return
        if script in container.files or not self._is_only or not self._started:
            return
        yield self._problem(line, f"the image has no {script}{self._hint(script)}")

    def _hint(self, path: str) -> str:
        files = self._container.files
        name, folder = posixpath.basename(path), posixpath.dirname(path)
        same = [one for one in files if posixpath.basename(one) == name]
        if len(same) == 1:
            return f"; it is copied to {posixpath.dirname(same[0])}"
        near = closest(name, [posixpath.basename(one) for one in files if posixpath.dirname(one) == folder])
        return did_you_mean(near)

    def _arguments(self, here: str, line: int) -> Iterator[ContainerProblem]:
        """Yield the arguments of a script's parser that do not go with the one argument ``train``."""
        try:
            script = self._container.repository.programs.script(here)
        except ReadError:
            return
        accepted = acceptance(script.analysis)
        if accepted is None or accepted.library is not Library.ARGPARSE or accepted.analysis is None:
            return
        name = posixpath.basename(here)
        if accepted.strict is True:
            detail = f"{name} rejects SageMaker's argument {ARGUMENT!r}"
            options_at = (Related(here, accepted.first_line(script), "the script's options"),)
            yield self._problem(line, f"{detail} (argparse exits with code 2)", at=options_at)
            return
        for option in accepted.options:
            if option.required and option.flags and runs_always(accepted.analysis, option.node, option.scope):
                detail = (
                    f"{name} requires {option.flags[0]}, and SageMaker passes no argument but {ARGUMENT!r}"
                )
                related = Related(here, getattr(option.node, "lineno", 1), f"{option.flags[0]} is required")
                yield self._problem(line, f"{detail} (argparse exits with code 2)", at=(related,))
                return

    # -- the toolkit

    def toolkit(self) -> Iterator[ContainerProblem]:
        """Yield why the toolkit's ``train`` finds no script."""
        container = self._container
        if not (container.is_plain or container.is_of_aws):
            return
        if self._is_only:
            yield from self._filled_code_folder()
        value, line = container.image.variables.get(PROGRAM, (None, 0))
        if not line:
            if (
                self._is_only
                and not container.programs
                and self._started
                and all(map(_has_no_program, self._started))
            ):
                installing = next((run.line for run in container.image.runs if "sagemaker" in run.text), 1)
                yield self._problem(
                    installing,
                    f"neither {PROGRAM} nor the job names a script for the toolkit",
                )
            return
        submitted, _ = container.image.variables.get("SAGEMAKER_SUBMIT_DIRECTORY", (CODE_DIR, 0))
        if (
            value is None
            or submitted is None
            or not submitted.startswith("/")
            or not value.endswith(_SCRIPTS)
        ):
            return
        path = posixpath.normpath(posixpath.join(submitted, value))
        if path in container.files or not container.is_known or not container.files:
            return
        if container.may_bring(posixpath.basename(value)):
            return
        if all(map(_has_no_program, self._started)):
            yield self._problem(
                line, f"{PROGRAM} is {value}, and {submitted} has no such file{self._hint(path)}"
            )

    def _filled_code_folder(self) -> Iterator[ContainerProblem]:
        """Yield why the script of a job is never fetched: the toolkit unpacks it into an empty folder only."""
        container = self._container
        inside = [path for path in container.files if path.startswith(f"{CODE_DIR}/")]
        if not inside:
            return
        sent = {name for launch in self._started if (name := _script_of(launch)) is not None}
        if not sent or not all(map(_sends_script, self._started)):
            return
        has = {posixpath.relpath(path, CODE_DIR) for path in inside}
        if container.is_known and not sent & has and not any(map(container.may_bring, sent)):
            line = container.files[inside[0]][1].line
            detail = f"{CODE_DIR} has files, so that the toolkit does not fetch {min(sent)} of the job"
            yield self._problem(line, detail)


def _changes_mode(data: bytes, name: str) -> bool:
    """Return whether a line of a file changes the mode of a file of this name, or of many."""
    lines = (line for line in data.decode("utf-8", "replace").splitlines() if "chmod" in line)
    return any(part in line for line in lines for part in (name, "-R", "*", "update-index"))


def _has_no_program(launch: Launch) -> bool:
    """Return whether a job certainly names no script."""
    estimator = launch.estimator
    return (
        estimator.lacks("entry_point", "source_dir", "source_code", "git_config")
        and program(estimator) is None
        and not estimator.hyperparameters.open_ended
        and estimator.environment.lacks(PROGRAM)
    )


def _sends_script(launch: Launch) -> bool:
    """Return whether a job certainly names a script that the toolkit has to start."""
    return _script_of(launch) is not None


def _script_of(launch: Launch) -> str | None:
    """Return the script that an estimator of SDK v2 names; None if there is none, or it is unknown."""
    argument = launch.estimator.get("entry_point")
    if launch.estimator.is_trainer or argument is None or not argument.certain:
        return None
    return argument.text
