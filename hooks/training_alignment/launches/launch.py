"""What the rules of level 4 compare: an estimator of a launcher, the jobs that it starts, and the script they run."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cached_property

from flake8_training.engine.values.values import UNKNOWN
from flake8_training.finding import Related
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.sdk_objects import Estimator, Job, Tuner
from flake8_training.parsing import lines_of, parsed
from flake8_training.record import Record, replace
from flake8_training.script import Script, read
from training_alignment.artefacts.tree import ReadError
from training_alignment.launches.entry_point import ResolvedEntryPoint, started
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.notebook import Written

_INPUTS = ("inputs", "input_data_config")


class Launch(Record, slots=False):
    """One estimator of a launcher with the script that it starts: ``script`` is None where that cannot be told."""

    file: LauncherFile
    estimator: Estimator
    started: ResolvedEntryPoint
    script_path: str | None
    alternatives: bool = False
    """Whether the script is one of several: then what is said has to hold on every way."""

    @property
    def path(self) -> str:
        """The launcher."""
        return self.file.path

    @cached_property
    def script(self) -> Script | None:
        """The script; None where there is none that can be read, or one of several."""
        path = self.script_path
        if path is None or not path.endswith(".py"):
            return None
        written = self.file.written.get(path)
        if written is not None:
            return self._of_text(path, written)
        try:
            return self.file.repository.programs.script(path)
        except ReadError:
            return None

    @property
    def script_error(self) -> ReadError | None:
        """Why the script, a file of the repository, cannot be read; None where it can, or where there is none."""
        path = self.script_path
        if path is None or not path.endswith(".py") or path in self.file.written:
            return None
        try:
            self.file.repository.source(path)
        except ReadError as error:
            return error
        return None

    def read_again(self, launched: dict[str, str]) -> Script | None:
        """The script as it is in this job only, with these paths for the values of its options."""
        if self.script is None:
            return None
        script = self.script
        found = Script(script.tree, script.path, script.lines, self.file.repository.around)
        found.analysis.evaluator.launched.update(launched)
        return found

    def _of_text(self, path: str, written: Written) -> Script | None:
        try:
            tree = parsed(written.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        repository = self.file.repository
        full = os.path.join(repository.root, path)
        return read(tree, full, lines_of(written.text), repository.around)

    @property
    def lines_before(self) -> int | None:
        """Of a script that a cell writes, the lines of the notebook before it; None of a script that is a file."""
        written = self.file.written.get(self.script_path or "")
        return written.before if written is not None else None

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that the estimator starts, by itself or for a tuner."""
        return self.estimator.jobs

    @cached_property
    def tuners(self) -> tuple[Tuner, ...]:
        """The tuners that vary its hyperparameters."""
        return tuple(
            tuner
            for tuner in self.estimator.launcher.tuners
            if any(one.node is self.estimator.node for one in tuner.estimators)
        )

    def report_node(self, node: ast.AST) -> ast.AST:
        """A node if it stands in the launcher, else the estimator that does."""
        return self.estimator.launcher.own(node, self.estimator.node)

    def inputs_of(self, job: Job) -> ast.AST:
        """Where the inputs of a job are given, or the call that starts it."""
        if isinstance(self.estimator, RequestedEstimator):
            return self.estimator.inputs_at
        for keyword in job.node.keywords:
            if keyword.arg in _INPUTS:
                return keyword.value if not isinstance(keyword.value, ast.Name) else keyword
        if job.method in ("fit", "train") and job.node.args:
            return job.node.args[0]
        return job.node

    def in_script(self, node: ast.AST | None, message: str) -> tuple[Related, ...]:
        """The other side: a place in the script, or the script as a whole for what stands in another file."""
        if self.script_path is None:
            return ()
        own = node is not None and self.script is not None and self.script.owns(node)
        line = getattr(node, "lineno", 1) if own else 1
        if self.lines_before is not None:
            return (self.file.related(line + self.lines_before, message),)
        return (Related(self.script_path, line, message),)

    def from_launcher(self, message: str) -> tuple[Related, ...]:
        """The other side of what is said in the script: the estimator in the launcher."""
        return (self.file.related(self.estimator.node.lineno, message),)


def launches(file: LauncherFile, script_of_step: str | None = None) -> Iterator[Launch]:
    """Yield what a launcher starts: each estimator once for each way to its function.

    The builder of a step starts the step's script where its entry point is a field of a configuration.
    """
    launcher = file.launcher
    if launcher.starts_nothing:
        return
    for estimator in (*launcher.estimators, *launcher.requested):
        if launcher.is_expected_to_fail(estimator.node):
            continue
        found = started(file, estimator)
        if script_of_step and len(launcher.estimators) == 1 and _is_left_to_step(estimator, found):
            found = replace(found, paths=(script_of_step,), certain=True)
        several = len(found.paths) > 1 or (bool(found.paths) and not found.certain)
        for path in found.paths or (None,):
            yield Launch(file, estimator, found, path, several)


def _is_left_to_step(estimator: Estimator, found: ResolvedEntryPoint) -> bool:
    """Whether nothing but the step says which script an estimator starts."""
    entry = estimator.entry_point
    if found.paths or found.missing or found.by_command or entry is None:
        return False
    fetched = ("git_config", "training_recipe", "image_uri")
    return tuple(entry.values) == (UNKNOWN,) and not any(name in estimator.arguments for name in fetched)
