"""Names in a launcher or script whose other side is in another place: hyperparameters, channels and property paths."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flake8_training.columns import character_column
from flake8_training.engine.values.values import Constant
from flake8_training.launcher.processing_outputs import outputs_of
from flake8_training.record import Record, replace
from flake8_training.sagemaker.variables import CHANNEL_PREFIX
from training_alignment.launches.accepted_options import acceptance
from training_alignment.launches.launch import Launch, launches
from training_alignment.launches.launcher_file import LauncherFile, read_launcher_file
from training_alignment.launches.passed_hyperparameters import sent
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import candidates

_MOST_VALUES = 5


class Target(Record):
    """The other side: a place and what is there. Lines and columns count from 1, columns in characters."""

    path: str
    line: int
    column: int
    description: str


class Link(Record):
    """A range on one line of a file, the name in it, and the other sides of the name."""

    line: int
    column: int
    end_column: int
    name: str
    targets: tuple[Target, ...]

    def inside(self, root: Path) -> Link:
        """Return the link with absolute paths."""
        return replace(
            self, targets=tuple(replace(one, path=os.path.join(root, one.path)) for one in self.targets)
        )

    def contains(self, line: int, column: int) -> bool:
        """Return whether a place is in the range, or at its end."""
        return self.line == line and self.column <= column <= self.end_column


def links_in(repository: Repository, path: str) -> list[Link]:
    """Return the links in a file of the repository, merged by range."""
    merged: dict[tuple[int, int, int, str], dict[Target, None]] = {}
    for link in _links(repository, path):
        key = (link.line, link.column, link.end_column, link.name)
        merged.setdefault(key, {}).update(dict.fromkeys(link.targets))
    return [Link(*key, tuple(sorted(targets, key=_order))) for key, targets in merged.items()]


def _order(target: Target) -> tuple[object, ...]:
    return (target.path, target.line, target.column, target.description)


def _links(repository: Repository, path: str) -> Iterator[Link]:
    for candidate in list(candidates(repository, [path])):
        with repository.guarded(candidate):
            file = read_launcher_file(repository, candidate)
            # The places in a notebook are those of its module, not of the file.
            if file is None or file.notebook is not None:
                continue
            for launch in launches(file):
                if path == file.path:
                    yield from _of_launcher(launch)
                elif path == launch.script_path:
                    yield from _of_script(launch)
            if path == file.path:
                yield from _of_properties(file)


def _of_launcher(launch: Launch) -> Iterator[Link]:
    script, script_path = launch.script, launch.script_path
    if script is None or script_path is None or launch.lines_before is not None:
        return
    accepted = acceptance(script.analysis)
    for one in sent(launch):
        options = accepted.match(one.flag)[1] if accepted is not None else ()
        targets = [
            _target(script_path, option.node, script.lines, _described(option.node))
            for option in options
            if script.owns(option.node)
        ]
        yield from _link(one.argument.at, one.name, launch.file.launcher.lines, targets)
    reads = list(_channel_reads(launch))
    for job in launch.jobs:
        for channel in job.channels.entries:
            targets = [
                _target(script_path, node, script.lines, f"`{variable}` is read here")
                for variable, node in reads
                if variable == f"{CHANNEL_PREFIX}{channel.name.upper()}"
            ]
            yield from _link(channel.at, channel.name, launch.file.launcher.lines, targets)


def _of_script(launch: Launch) -> Iterator[Link]:
    script = launch.script
    if script is None or launch.lines_before is not None:
        return
    launcher = launch.file.launcher
    accepted = acceptance(script.analysis)
    for one in sent(launch):
        at = launch.report_node(one.argument.at)
        value = _values(one.values())
        target = _target(launch.path, at, launcher.lines, f"hyperparameter `{one.name}`{value}")
        for option in accepted.match(one.flag)[1] if accepted is not None else ():
            if script.owns(option.node) and isinstance(option.node, ast.Call):
                for flag in option.node.args:
                    yield from _link(flag, option.name, script.lines, [target])
    for variable, node in _channel_reads(launch):
        name = variable.removeprefix(CHANNEL_PREFIX)
        targets = [
            _target(
                launch.path,
                launch.report_node(channel.at),
                launcher.lines,
                f"channel `{channel.name}`{_values(_constants(channel.expression))}",
            )
            for job in launch.jobs
            for channel in job.channels.entries
            if channel.name.upper() == name
        ]
        for literal in ast.walk(node):
            if isinstance(literal, ast.Constant) and literal.value == variable:
                yield from _link(literal, name.lower(), script.lines, targets)


def _of_properties(file: LauncherFile) -> Iterator[Link]:
    launcher = file.launcher
    for use in launcher.properties:
        targets: list[Target] = []
        for step in use.steps:
            name = step.get("name")
            title = f"`{name.text}`" if name is not None and name.text else "the step"
            outputs = outputs_of(launcher, step) if step.kind == "Processing" else None
            shown = f", outputs: {', '.join(outputs)}" if outputs else ""
            targets.append(_target(file.path, step.node, launcher.lines, f"{step.name} {title}{shown}"))
        yield from _link(use.node, "properties", launcher.lines, targets)


def _channel_reads(launch: Launch) -> Iterator[tuple[str, ast.AST]]:
    """Yield the channels' variables that the script itself reads, with the reads."""
    assert launch.script is not None
    for read in launch.script.analysis.environment.reads:
        if read.name.startswith(CHANNEL_PREFIX) and launch.script.owns(read.node):
            yield read.name, read.node


def _link(node: ast.AST, name: str, lines: Sequence[str], targets: list[Target]) -> Iterator[Link]:
    """Yield the link of a node, if it is on one line and has another side; of a keyword, only its name."""
    line, end = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    if not targets or line is None or not 1 <= line <= len(lines):
        return
    start = getattr(node, "col_offset", 0)
    stop = getattr(node, "end_col_offset", start) if line == end else len(lines[line - 1].encode())
    if isinstance(node, ast.keyword):
        stop = start + len((node.arg or "").encode())
    yield Link(
        line,
        character_column(lines[line - 1], start),
        character_column(lines[line - 1], stop),
        name,
        tuple(targets),
    )


def _target(path: str, node: ast.AST, lines: Sequence[str], description: str) -> Target:
    line, start = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    column = character_column(lines[line - 1], start) if 1 <= line <= len(lines) else 1
    return Target(path, line, column, description)


def _described(node: ast.AST) -> str:
    """Return a declaration as source, on one line."""
    source = " ".join(ast.unparse(node).split())
    return f"`{source if len(source) <= 200 else source[:197] + '...'}`"


def _constants(passed: object) -> list[object] | None:
    values = getattr(passed, "values", ())
    return [value.value for value in values if isinstance(value, Constant)] or None


def _values(values: Iterable[object] | None) -> str:
    """Return known values as the end of a description."""
    known = [repr(value) for value in values or ()][:_MOST_VALUES]
    return f" = {' or '.join(known)}" if known else ""
