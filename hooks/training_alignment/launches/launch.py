"""A launch: an estimator of a launcher, its jobs and the script that they run."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from functools import cached_property

from flake8_training.engine.values.values import UNKNOWN, Constant, StringTemplate, Value
from flake8_training.finding import Related
from flake8_training.launcher.boto3_requests import RequestedEstimator
from flake8_training.launcher.located_expressions import LocatedExpression
from flake8_training.launcher.sdk_objects import Estimator, Job, Tuner
from flake8_training.ledger import Reason, note_unknown, open_ledger
from flake8_training.record import Record, replace
from flake8_training.script import Script
from training_alignment.artefacts.read_error import ReadError
from training_alignment.launches.entry_point import ResolvedEntryPoint, started
from training_alignment.launches.launcher_file import LauncherFile
from training_alignment.launches.started_script import (
    error_of,
    lines_before,
    place_in_script,
    read_started,
    read_with_options,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flake8_training.engine.syntax.program import Program

_INPUTS = ("inputs", "input_data_config")


class Launch(Record, slots=False):
    """One estimator of a launcher with the script that it starts.

    ``started`` is the resolved entry point; ``script_path`` is the script's path, None if it is unknown.
    """

    file: LauncherFile
    estimator: Estimator
    started: ResolvedEntryPoint
    script_path: str | None
    is_one_of_several: bool = False
    """Whether the launcher may start another script as well."""

    @property
    def alternatives(self) -> bool:
        """Whether the script is one of several: then a finding must hold on every path through the launcher.

        It is noted for the rule that asks, if the rule reports nothing.
        """
        if self.is_one_of_several:
            note_unknown(Reason.SEVERAL, self.estimator.node, weak=True)
        return self.is_one_of_several

    @property
    def is_namesake(self) -> bool:
        """Whether the script only has the name of the entry point, whose folder the repository lacks."""
        return bool(self.started.missing) and not self.started.certain

    @property
    def path(self) -> str:
        """Return the launcher's path."""
        return self.file.path

    @property
    def script(self) -> Script | None:
        """Return the script, or None if it is unknown or unreadable."""
        found = self._script
        if found is None and open_ledger() is not None:
            self._note_missing_script()
        return found

    def _note_missing_script(self) -> None:
        """Note for the rule that asks why there is no script to compare with, if the rule reports nothing."""
        error, entry, node = self.script_error, self.estimator.entry_point, self.estimator.node
        if error is not None:
            note_unknown(Reason.UNPARSED, error, weak=True)
        elif self.script_path is not None:
            note_unknown(Reason.UNPARSED, 1, self.script_path, weak=True)
        elif self.started.missing:
            note_unknown(Reason.ABSENT, node, what=self.started.missing, weak=True)
        elif entry is not None:
            if entry.is_known:
                note_unknown(Reason.ABSENT, entry.node, weak=True)

    @cached_property
    def _script(self) -> Script | None:
        return read_started(self.file, self.script_path)

    @property
    def programs(self) -> tuple[Program, ...]:
        """Return the programs of the launcher and of the script, as far as they have been read."""
        script = self.__dict__.get("_script")
        return (self.file.launcher.program, *((script.program,) if script is not None else ()))

    @property
    def script_error(self) -> ReadError | None:
        """Return why the script's file is unreadable; None if it is readable, or if there is none."""
        return error_of(self.file, self.script_path)

    def read_again(self, launched: dict[str, str], unset: frozenset[str] = frozenset()) -> Script | None:
        """Return the script as it runs in this job; None without a script.

        ``launched`` are paths of its options; ``unset`` are variables that have their defaults.
        """
        script = self.script
        return read_with_options(self.file, script, launched, unset) if script is not None else None

    @property
    def lines_before(self) -> int | None:
        """Return the number of notebook lines before a script that a cell writes; None for any other script."""
        return lines_before(self.file, self.script_path)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Return the jobs that the estimator starts, by itself or for a tuner."""
        return self.estimator.jobs

    @cached_property
    def tuners(self) -> tuple[Tuner, ...]:
        """Return the tuners that vary the estimator's hyperparameters."""
        return tuple(
            tuner
            for tuner in self.estimator.launcher.tuners
            if any(one.node is self.estimator.node for one in tuner.estimators)
        )

    def report_node(self, node: ast.AST) -> ast.AST:
        """Return the node if it is in the launcher's file, else the estimator's."""
        return self.estimator.launcher.own(node, self.estimator.node)

    def at_value(self, expression: LocatedExpression) -> ast.AST:
        """Return the node of an expression as :meth:`report_node`, or the literal in a data file that is its value."""
        launcher = self.estimator.launcher
        literal = launcher.literal(expression, expression.constant, expression.node)
        return literal if launcher.data_path(literal) is not None else self.report_node(expression.node)

    def inputs_of(self, job: Job) -> ast.AST:
        """Return the node of a job's inputs, or of the call that starts it."""
        if isinstance(self.estimator, RequestedEstimator):
            return self.estimator.inputs_at
        for keyword in job.node.keywords:
            if keyword.arg in _INPUTS:
                return keyword.value if not isinstance(keyword.value, ast.Name) else keyword
        if job.method in ("fit", "train") and job.node.args:
            return job.node.args[0]
        return job.node

    def in_script(self, node: ast.AST | None, message: str) -> tuple[Related, ...]:
        """Return the other side of a finding: a place in the script, or its first line for a node of another file."""
        return place_in_script(self.file, self.script_path, self.script, node, message)

    def from_launcher(self, message: str) -> tuple[Related, ...]:
        """Return the other side of a finding in the script: the estimator in the launcher."""
        return (self.file.related(self.estimator.node.lineno, message),)


def launches(
    file: LauncherFile, script_of_step: str | None = None, of_tests: bool = False
) -> Iterator[Launch]:
    """Yield the launches of a launcher: each estimator once for each script that it may start.

    The launches of tests are left out; with ``of_tests``, these are yielded instead.

    If the entry point of a step's builder is unknown, or has the name of the step's script, the builder starts the
    step's script.
    """
    launcher = file.launcher
    for estimator in (*launcher.estimators, *launcher.requested):
        if launcher.is_expected_to_fail(estimator.node) != of_tests:
            continue
        found = started(file, estimator)
        if (
            script_of_step
            and len(launcher.estimators) == 1
            and _is_left_to_step(estimator, found, script_of_step)
        ):
            found = replace(found, paths=(script_of_step,), certain=True)
        several = len(found.paths) > 1 or (bool(found.paths) and not found.certain)
        for path in found.paths or (None,):
            yield Launch(file, estimator, found, path, several)


def _is_left_to_step(estimator: Estimator, found: ResolvedEntryPoint, script: str) -> bool:
    """Return whether only the step determines the script: the entry point may be that of ``script``."""
    entry = estimator.entry_point
    if (found.paths and not found.by_name) or found.missing or found.by_command or entry is None:
        return False
    if any(name in estimator.arguments for name in ("git_config", "training_recipe", "image_uri")):
        return False
    if estimator.overridden & {"entry_point", "source_dir", "source_code"}:
        return False
    values = tuple(entry.values)
    return values == (UNKNOWN,) or (len(values) == 1 and _may_name(values[0], posixpath.basename(script)))


def _may_name(value: Value, name: str) -> bool:
    """Return whether an entry point is a path that ends with the name of a script."""
    if isinstance(value, StringTemplate):
        end = value.parts[-1]
        return end == name or (isinstance(end, str) and end.endswith(f"/{name}"))
    return (
        isinstance(value, Constant)
        and isinstance(value.value, str)
        and not value.value.startswith("s3://")
        and posixpath.basename(value.value.replace("\\", "/")) == name
    )
