"""A processing job of a launcher and the script that it runs.

Sources: sagemaker 2.257.7 and sagemaker-core 2.27.0 ``processing.py``: the SDK mounts the code below
``/opt/ml/processing/input/code``, and the job's arguments are those of the script.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from flake8_training.engine.flow.container_paths import ANY
from flake8_training.engine.flow.subprocesses import UNKNOWN_WORD
from flake8_training.engine.values.option import Option
from flake8_training.finding import Related
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.processing_jobs import ProcessingJob, is_sdk_value, text_of
from flake8_training.record import Record
from flake8_training.script import Script
from training_alignment.launches.accepted_options import AcceptedOptions, acceptance, default_strings
from training_alignment.launches.entry_point import NOTHING, ResolvedEntryPoint, named_script, resolved
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.started_script import (
    lines_before,
    place_in_script,
    read_started,
    read_with_options,
)


class ProcessingLaunch(Record, slots=False):
    """One processing job of a launcher with the script that it runs.

    ``started`` is the resolved code; ``script_path`` is the script's path, None if it is unknown.
    """

    file: LauncherFile
    job: ProcessingJob
    started: ResolvedEntryPoint
    script_path: str | None
    before: tuple[str, ...] = ()
    """The words between the script and the job's arguments, in a command that the launcher defines."""

    @property
    def path(self) -> str:
        """Return the launcher's path."""
        return self.file.path

    def at_value(self, received: LocatedExpression, otherwise: ast.AST) -> ast.AST:
        """Return the literal in a data file that is the value of an expression, or another node of the launcher."""
        launcher = self.file.launcher
        literal = launcher.literal(received, received.constant, otherwise)
        return (
            literal
            if launcher.data_path(literal) is not None
            else self.job.launcher.own(otherwise, self.job.node)
        )

    @cached_property
    def script(self) -> Script | None:
        """Return the script, or None if it is unknown or unreadable."""
        return read_started(self.file, self.script_path)

    @property
    def lines_before(self) -> int | None:
        """Return the number of notebook lines before a script that a cell writes; None for any other script."""
        return lines_before(self.file, self.script_path)

    @cached_property
    def words(self) -> tuple[str, ...] | None:
        """Return the arguments of the script, unknown ones as ``?``; None if there may be others."""
        if self.job.words is None or self.job.command is None:
            return None
        found = [text if (text := text_of(word)) is not None else UNKNOWN_WORD for word in self.job.words]
        return (*self.before, *found)

    @cached_property
    def script_in_job(self) -> Script | None:
        """Return the script with the values that its options have in the job; None if they are unknown."""
        script, words, passed = self.script, self.words, self._passed
        if script is None or words is None:
            return None
        if passed is None:
            return script if not script.analysis.options.all else None
        accepted, values, _ = passed
        launched = default_strings(script.analysis, accepted.options)
        for option, value in values:
            launched[option.dest] = value if value and UNKNOWN_WORD not in value else ANY
        return read_with_options(self.file, script, launched)

    @property
    def words_without_option(self) -> tuple[str, ...]:
        """Return the arguments that are the value of no option: the script reads them in a way of its own."""
        return self._passed[2] if self._passed is not None else self.words or ()

    @cached_property
    def _passed(self) -> tuple[AcceptedOptions, list[tuple[Option, str]], tuple[str, ...]] | None:
        """Return the parser, the options with the words that the job passes for them, and the other words."""
        accepted = acceptance(self.script.analysis) if self.script is not None else None
        if accepted is None or self.words is None:
            return None
        found: list[tuple[Option, str]] = []
        others: list[str] = []
        before: tuple[Option, ...] = ()
        for word in self.words:
            flag, equals, value = word.partition("=")
            if flag.startswith("--"):
                options = tuple(accepted.match(flag)[1])
                before = () if equals else options
                if not options:
                    others.append(word)
                elif equals:
                    found.extend((option, value) for option in options)
            elif before:
                found.extend((option, word) for option in before)
                before = ()
            else:
                others.append(word)
        return accepted, found, tuple(others)

    def in_script(self, node: ast.AST | None, message: str) -> tuple[Related, ...]:
        """Return the other side of a finding: a place in the script, or its first line for a node of another file."""
        return place_in_script(self.file, self.script_path, self.script, node, message)


def processing_launches(file: LauncherFile) -> Iterator[ProcessingLaunch]:
    """Yield the processing jobs of a launcher, each once for each call of the function around it."""
    launcher = file.launcher
    for job in launcher.processing_jobs:
        if launcher.is_expected_to_fail(job.node):
            continue
        started, before = _started(file, job)
        path = started.paths[0] if len(started.paths) == 1 and started.certain else None
        yield ProcessingLaunch(file, job, started, path, before)


def _started(file: LauncherFile, job: ProcessingJob) -> tuple[ResolvedEntryPoint, tuple[str, ...]]:
    """Return the code of a job, and the words of its command after the script."""
    if job.kind in ("script", "framework"):
        code, folder = job.code, job.passed.only("source_dir")
        if code is None or not code.certain or code.replaceable or is_sdk_value(code.expression):
            return NOTHING, ()
        if any(beginning.startswith("s3:") for beginning in code.expression.beginnings):
            return NOTHING, ()
        if "git_config" in job.passed or (folder is None and not job.passed.lacks("source_dir")):
            return NOTHING, ()
        if job.kind == "script" and folder is not None:
            return NOTHING, ()  # run() of another processor raises, which another rule reports
        return resolved(file, code.expression, folder.expression if folder is not None else None), ()
    words = [text_of(word) for word in job.command or ()]
    known = [word for word in words if word is not None]
    if not known or len(known) < len(words):
        return NOTHING, ()
    path = named_script(file, known)
    if path is None:
        return NOTHING, ()
    place = next(index for index, word in enumerate(known) if word.endswith(".py"))
    return ResolvedEntryPoint((path,), by_command=True), tuple(known[place + 1 :])
