"""The run of one input in this process, through the public entry points, and the checks of its results."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import os
import shutil
import sys
import tempfile
import time
import tokenize
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from fuzzing.cases import Case
from fuzzing.reports import faults, faults_of_message, findings_in

SECONDS = 2.0
"""Of the processor, for one run over at most 20 kB; more for more."""

SIZE = 20_000

DOCUMENTED = {"check": {0, 1, 2}, "facts": {0, 2}, "steps": {0, 2}, "graph": {0, 2}, "explain": {0, 2}}
"""Exit codes by verb."""


class Problem(NamedTuple):
    """One failure: ``kind`` is crash, TRN001, report, exit or slow; ``what`` tells one cause from another."""

    kind: str
    what: str
    command: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """The results of a case."""

    problems: list[Problem]
    slowest: float
    """Seconds of the slowest run."""
    digest: str
    """Of all that was printed."""


def allowed_seconds(case: Case) -> float:
    """The time that one run over a case may take."""
    return SECONDS * max(1.0, case.size / SIZE)


def execute(case: Case, began: Callable[[tuple[str, ...]], None] = lambda _: None) -> Outcome:
    """Write a case into an empty folder and run all that it asks for; ``began`` is called before each run."""
    problems: list[Problem] = []
    slowest, printed = 0.0, hashlib.sha256()
    with _folder(case) as folder:
        counts = {path: lines_of(content) for path, content in case.files.items()}
        for command in (*(("flake8", path) for path in case.scripts), *case.commands):
            began(command)
            start = time.process_time()
            try:
                if command[0] == "flake8":
                    output = _plugin(command[1], counts, problems)
                else:
                    output = _command(command, counts, problems)
                # SARIF names the root of its relative addresses; each run has a folder of its own.
                output = output.replace(f"file://{folder}/", "file:///")
                printed.update(output.encode("utf-8", "surrogatepass"))
            except Exception as error:
                problems.append(Problem("crash", f"{type(error).__name__} in {_place(error)}", command))
            taken = time.process_time() - start
            slowest = max(slowest, taken)
            if taken > allowed_seconds(case):
                problems.append(Problem("slow", f"{command[0]}", command))
            os.chdir(folder)
    return Outcome(problems, slowest, printed.hexdigest())


@contextlib.contextmanager
def _folder(case: Case) -> Iterator[Path]:
    before = os.getcwd()
    folder = Path(tempfile.mkdtemp(prefix="case-")).resolve()
    try:
        case.write(folder)
        os.chdir(folder)
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def lines_of(content: bytes) -> int:
    """The lines of a file, by the most generous way of counting them."""
    return len(content.decode("utf-8", "replace").splitlines()) + 1


def _plugin(path: str, counts: dict[str, int], problems: list[Problem]) -> str:
    """Run both plugins over a file that is named as a training script; return what they print."""
    run = ("flake8", path)
    printed = []
    for line, column, text in plugin_findings(path):
        printed.append(f"{path}:{line}:{column + 1}: {text}")
        what = [f"{text[:6]} {fault}" for fault in faults_of_message(text)]
        if not 1 <= line <= max(counts[path], 1) or column < 0:
            what.append(f"{text[:6]} at a place that does not exist")
        problems += [Problem("report", one, run) for one in what]
        if text.startswith("TRN001"):
            problems.append(Problem("TRN001", text[7:], run))
    return "\n".join(printed)


def plugin_findings(path: str) -> Sequence[tuple[int, int, str]]:
    """Run both plugins as flake8 runs them over a file that is named as a training script; nothing if it is no Python.

    Returns line, column from 0 and text of each finding.
    """
    from flake8_training.plugin import AdvicePlugin, TrainingPlugin
    from flake8_training.settings import Settings

    lines = _source(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = []
    for plugin in (TrainingPlugin, AdvicePlugin):
        # A subclass: the classes themselves hold the options of whoever runs flake8 in this process.
        configured = type(plugin.__name__, (plugin,), {"settings": Settings(training_scripts=("*",))})
        found += [(line, column, text) for line, column, text, _ in configured(tree, path, lines).run()]
    return found


def _source(path: str) -> list[str]:
    """The lines of a file as flake8 reads them."""
    try:
        with tokenize.open(path) as stream:
            lines = stream.readlines()
    except (SyntaxError, UnicodeError):
        with open(path, encoding="latin-1") as stream:
            lines = stream.readlines()
    if lines and lines[0].startswith("\ufeff"):
        lines[0] = lines[0][1:]
    return lines


def _command(line: tuple[str, ...], counts: dict[str, int], problems: list[Problem]) -> str:
    """Run the command with its output caught; return what it prints."""
    from training_alignment.cli import main

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code: object = main(list(line))
        except SystemExit as error:
            code = error.code
    raw = []
    for stream in streams:
        stream.flush()
        raw.append(stream.buffer.getvalue())
    output, errors = raw[0].decode("utf-8", "surrogateescape"), raw[1].decode("utf-8", "surrogateescape")
    verb = line[0]
    if code not in DOCUMENTED[verb]:
        problems.append(Problem("exit", f"{verb} ends with {code}", line))
    if "Traceback (most" in errors:
        problems.append(Problem("crash", f"{verb} prints a traceback", line))
    # A usage error is told on the other stream, and there is no report.
    if output or code != 2:
        problems += [
            Problem("report", f"{' '.join(_shape(line))}: {fault}", line)
            for fault in faults(line, output, counts)
        ]
    if verb == "check" and "json" in line:
        for finding in findings_in(output):
            if finding.get("code") == "TRN001":
                problems.append(Problem("TRN001", str(finding["message"]), line))
    return f"{code}\n{output}\n{errors}"


def _shape(line: tuple[str, ...]) -> tuple[str, ...]:
    return (line[0], line[line.index("--format") + 1]) if "--format" in line else (line[0],)


def _place(error: BaseException) -> str:
    """The innermost place of the project's own in a traceback."""
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "flake8_training" in frame.filename or "training_alignment" in frame.filename
    ]
    if not own:
        return "the fuzz lane: " + "".join(traceback.format_exception(error))[-600:]
    if isinstance(error, RecursionError):
        return "a recursion through " + max({Path(frame.filename).name for frame in own[-60:]})
    return f"{Path(own[-1].filename).name}, {own[-1].name}"


def bound_memory() -> None:
    """Let this process have no more than 3 GB."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
