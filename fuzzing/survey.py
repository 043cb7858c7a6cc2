"""The crash survey: every Python file below folders, checked as a training script by every rule.

``python -m fuzzing.survey FOLDER... [--command] [--jobs 2]``

Each file is read by both plugins, advice too, as flake8 reads a file that ``--training-scripts`` names. Prints how many
files there are, the TRN001, the exceptions, and the files that take more than a second of the processor for
1,000 lines.
``--command`` runs ``training-alignment check --all`` over each folder besides.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from fuzzing.execution import SECONDS, bound_memory, plugin_findings

SECONDS_A_THOUSAND_LINES = 1.0
SHOWN = 10
TOO_LONG = 120
"""Seconds after which a file's check is ended by the system."""


class Surveyed(NamedTuple):
    """What the check of one file came to."""

    path: str
    lines: int
    seconds: float
    internal_errors: tuple[str, ...] = ()
    exception: str = ""

    @property
    def is_slow(self) -> bool:
        """Whether it took more than it may; a short file may take as long as one of a thousand lines."""
        return self.seconds > SECONDS_A_THOUSAND_LINES * max(self.lines, 1000) / 1000


def survey(path: str) -> Surveyed:
    """Check one file in this process."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + TOO_LONG, resource.RLIM_INFINITY))
    lines = 0
    start = time.process_time()
    try:
        lines = Path(path).read_bytes().count(b"\n")
        found = plugin_findings(path)
    except Exception as error:
        return Surveyed(path, lines, time.process_time() - start, (), f"{type(error).__name__}: {error}")
    errors = tuple(text for _, _, text in found if text.startswith("TRN001"))
    return Surveyed(path, lines, time.process_time() - start, errors)


def survey_all(paths: Sequence[str], jobs: int) -> list[Surveyed]:
    """Check files in worker processes; one that ends its worker is an exception, and the others are checked anew."""
    done: list[Surveyed] = []
    size = 200
    for at in range(0, len(paths), size):
        batch = paths[at : at + size]
        try:
            done += _together(batch, jobs)
        except BrokenProcessPool:
            for path in batch:
                try:
                    done += _together([path], 1)
                except BrokenProcessPool:
                    done.append(Surveyed(path, 0, TOO_LONG, (), "the process ended"))
        if sys.stderr.isatty():
            print(f"\r{len(done)} of {len(paths)}", end="", file=sys.stderr)
    return done


def _together(paths: Sequence[str], jobs: int) -> list[Surveyed]:
    with ProcessPoolExecutor(jobs, initializer=bound_memory) as pool:
        return list(pool.map(survey, paths, chunksize=10))


def command(folder: str) -> bool:
    """Run ``check --all`` over a folder in a process of its own; print and return whether it was well."""
    import subprocess

    program = (
        "import sys; from training_alignment.cli import main;"
        "sys.exit(main(['check', '--all', '--format', 'json', '--root', sys.argv[1]]))"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    internal = done.stdout.count('"TRN001"')
    well = done.returncode in (0, 1) and not internal and "Traceback" not in done.stderr
    print(f"check --all {folder}: exit code {done.returncode}, {seconds:.1f} s of CPU, TRN001 {internal}")
    if not well:
        print(done.stderr[-2000:])
    return well


def main() -> int:
    """Survey the folders and print what was found; return 0 if nothing was wrong."""
    parser = argparse.ArgumentParser(prog="fuzzing.survey", description="Checks every file of folders.")
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--command", action="store_true", help="run check --all over each folder too")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--files", type=int, metavar="N", help="no more than N files, evenly spread")
    arguments = parser.parse_args()
    paths = [
        str(path)
        for folder in arguments.folders
        for path in sorted(Path(folder).rglob("*.py"))
        if path.is_file()
    ]
    if arguments.files and arguments.files < len(paths):
        paths = [paths[n * len(paths) // arguments.files] for n in range(arguments.files)]
    done = survey_all(paths, arguments.jobs)
    failed = [one for one in done if one.exception or one.internal_errors]
    slow = [one for one in done if one.is_slow]
    errors, exceptions = (
        sum(bool(one.internal_errors) for one in done),
        sum(bool(one.exception) for one in done),
    )
    print(
        f"Files {len(done)}, lines {sum(one.lines for one in done)}, CPU {sum(one.seconds for one in done):.0f} s, "
        f"with TRN001 {errors}, exceptions {exceptions}, "
        f"over {SECONDS_A_THOUSAND_LINES:.0f} s a thousand lines {len(slow)}, "
        f"over {SECONDS:.0f} s {sum(one.seconds > SECONDS for one in done)}"
    )
    for one in failed:
        print(f"{one.path}: {'; '.join(dict.fromkeys(one.internal_errors)) or one.exception}")
    print("Slowest:")
    for one in sorted(done, key=lambda one: -one.seconds)[:SHOWN]:
        print(f"{one.seconds:6.2f} s, {one.lines:6} lines{', too slow' if one.is_slow else ''}: {one.path}")
    outcomes = [command(folder) for folder in arguments.folders] if arguments.command else []
    return 0 if all(outcomes) and not failed and not slow else 1


if __name__ == "__main__":
    sys.exit(main())
