"""The findings of two checkouts of this project over the same folders, and every difference.

``python -m benchmarks.compare CHECKOUT_A CHECKOUT_B FOLDER... [--messages]`` ``python -m benchmarks.compare --keep FILE
CHECKOUT FOLDER...`` ``python -m benchmarks.compare FILE CHECKOUT [FOLDER...]``

Two checks run over each folder: flake8 over its Python files, advice included, and ``training-alignment check --all``.
A checkout runs with ``CHECKOUT/.venv/bin/python``, or, without one, with this interpreter and ``PYTHONPATH``. Two
findings are equal if code, file, line and severity are; ``--messages`` compares the wording too. ``--keep`` saves the
findings of one checkout. The file then replaces that checkout, and its folders are used if the command names none. Exit
codes: 0, no difference; 1, differences; 2, a checkout or a folder cannot be used.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import posixpath
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from flake8_training.printable import printable

# Each field is written as a Python literal, because a path or a message may contain any separator.
FLAKE8 = (
    *("-m", "flake8", "--isolated", "--jobs=1", "--select=TRN", "--enable-extensions=TRN9"),
    *("--format=(%(code)r, %(path)r, %(row)d, %(text)r)", "."),
)
ALIGNMENT = (
    *("-c", "from training_alignment.cli import main; raise SystemExit(main())"),
    *("check", "--all", "--format", "json", "--root", "."),
)
ORIGIN = "import flake8_training, training_alignment as t; print(flake8_training.__file__); print(t.__file__)"
FAILED = "failed"
"""The severity of the entry for a check that failed."""


class Unusable(Exception):
    """A checkout, a file or a folder cannot be compared."""


class Reported(NamedTuple):
    """One finding; a finding of flake8 has the severity ``flake8``."""

    code: str
    path: str
    line: int
    severity: str
    message: str

    def __str__(self) -> str:
        return _shown(f"{self.severity} {self.code} {self.path}:{self.line} {self.message}")


class Outcome(NamedTuple):
    """The findings of one side in a folder, and the user plus system seconds of the checks."""

    reported: tuple[Reported, ...]
    seconds: float


class Difference(NamedTuple):
    """The findings of only one side."""

    only_a: list[Reported]
    only_b: list[Reported]


class Side(Protocol):
    """A source of findings for a folder."""

    def outcome(self, folder: Path) -> Outcome:
        """Return the findings of this side in a folder."""


class Checkout:
    """The checks of one checkout, run as processes of its own interpreter."""

    def __init__(self, folder: Path) -> None:
        own = folder / ".venv" / "bin" / "python"
        self._environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
        if own.exists():
            self._python = str(own)
        else:
            self._python = sys.executable
            self._environment["PYTHONPATH"] = os.pathsep.join(map(str, (folder, folder / "hooks")))
        origin = self._run(("-c", ORIGIN), folder)
        files = [Path(line).resolve() for line in origin.stdout.splitlines()]
        if origin.returncode or not all(file.is_relative_to(folder) for file in files):
            why = origin.stderr.strip()[-300:] or f"it imports {', '.join(map(str, files))}"
            raise Unusable(f"{folder} is not a checkout that can run: {why}")

    def outcome(self, folder: Path) -> Outcome:
        """Run both checks in a folder."""
        before = os.times()
        runs = [self._run(command, folder) for command in (FLAKE8, ALIGNMENT)]
        after = os.times()
        reported = [*_read(runs[0], "flake8", of_flake8), *_read(runs[1], "alignment", of_alignment)]
        return Outcome(tuple(sorted(reported, key=_order)), sum(after[2:4]) - sum(before[2:4]))

    def _run(self, command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        # -P: the folder may contain modules with the names of libraries, and none of its code may run.
        return subprocess.run(
            [self._python, "-P", *command],
            cwd=folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )


class Kept:
    """Earlier findings of a checkout, read from a file that ``--keep`` wrote."""

    def __init__(self, file: Path) -> None:
        seconds: dict[Path, float] = {}
        reported: dict[Path, list[Reported]] = {}
        folder = Path()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                if "folder" in row:
                    folder = Path(row["folder"])
                    seconds[folder], reported[folder] = float(row["seconds"]), []
                else:
                    reported[folder].append(_of_fields(row))
            except (ValueError, KeyError, TypeError, RecursionError):
                raise Unusable(f"{file}:{number} is no line that --keep writes") from None
        self.outcomes = {each: Outcome(tuple(reported[each]), seconds[each]) for each in reported}

    def outcome(self, folder: Path) -> Outcome:
        """Return the saved findings for a folder. Raises `Unusable` if there are none."""
        if folder not in self.outcomes:
            raise Unusable(f"the file of kept findings has none of {folder}")
        return self.outcomes[folder]


def main(argv: Sequence[str] | None = None) -> int:
    """Compare two sides, or save the findings of one; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="checkouts or kept findings, then folders")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="save what one checkout reports")
    parser.add_argument("--messages", action="store_true", help="a changed wording is a difference too")
    arguments = parser.parse_args(argv)
    names = [Path(name).resolve() for name in arguments.names]
    count = 1 if arguments.keep else 2
    if len(names) < count:
        parser.error("two checkouts are compared")
    try:
        sides = [side(name) for name in names[:count]]
        folders = names[count:] or [f for kept in sides if isinstance(kept, Kept) for f in kept.outcomes]
        if not folders:
            raise Unusable("no folder is named")
        for folder in folders:
            if not folder.is_dir():
                raise Unusable(f"{folder} is no folder")
        if arguments.keep:
            with arguments.keep.open("w", encoding="utf-8") as stream:
                keep(sides[0], folders, stream)
            return 0
        return compare(sides[0], sides[1], folders, messages=arguments.messages)
    except Unusable as error:
        print(f"compare: {_shown(str(error))}", file=sys.stderr)
        return 2


def side(name: Path) -> Side:
    """Return the side for a name on the command line. Raises `Unusable` if it is no checkout and no file."""
    if name.is_file():
        return Kept(name)
    if name.is_dir():
        return Checkout(name)
    raise Unusable(f"{name} is neither a checkout nor a file of kept findings")


def compare(a: Side, b: Side, folders: Sequence[Path], *, messages: bool) -> int:
    """Print the counts and differences of each folder; return 1 if there is a difference, else 0."""
    total, seconds = 0, [0.0, 0.0]
    for folder in folders:
        one, two = a.outcome(folder), b.outcome(folder)
        only = difference(one.reported, two.reported, messages=messages)
        total += len(only.only_a) + len(only.only_b)
        seconds = [seconds[0] + one.seconds, seconds[1] + two.seconds]
        print(
            f"{_shown(str(folder))}: A {len(one.reported)}, B {len(two.reported)}, "
            f"only A {len(only.only_a)}, only B {len(only.only_b)}; "
            f"CPU A {one.seconds:.2f} s, B {two.seconds:.2f} s"
        )
        for mark, found in (("-", only.only_a), ("+", only.only_b)):
            for each in found:
                print(f"  {mark} {each}")
        sys.stdout.flush()
    print(f"all: {total} differences; CPU A {seconds[0]:.2f} s, B {seconds[1]:.2f} s")
    return int(total > 0)


def keep(kept: Side, folders: Sequence[Path], stream: IO[str]) -> None:
    """Write the findings of a side, one line for each folder and each finding, and print the counts."""
    for folder in folders:
        outcome = kept.outcome(folder)
        rows: list[Mapping[str, object]] = [
            {"folder": str(folder), "seconds": round(outcome.seconds, 3)},
            *(each._asdict() for each in outcome.reported),
        ]
        stream.writelines(json.dumps(row) + "\n" for row in rows)
        stream.flush()
        print(f"{_shown(str(folder))}: {len(outcome.reported)}; CPU {outcome.seconds:.2f} s", flush=True)


def difference(a: Sequence[Reported], b: Sequence[Reported], *, messages: bool) -> Difference:
    """Return the findings of only one side; a finding that one side reports more often remains there."""

    def key(each: Reported) -> Reported:
        return each if messages else each._replace(message="")

    def rest(mine: Sequence[Reported], others: Sequence[Reported]) -> list[Reported]:
        matched = Counter(map(key, others))
        left = []
        for each in mine:
            if matched[key(each)]:
                matched[key(each)] -= 1
            else:
                left.append(each)
        return left

    return Difference(rest(a, b), rest(b, a))


def of_flake8(output: str) -> Iterator[Reported]:
    """Yield the findings in flake8's output, each line a tuple of literals."""
    for line in output.splitlines():
        try:
            code, path, row, message = ast.literal_eval(line)
        except (SyntaxError, TypeError, ValueError):
            raise ValueError(f"no finding: {line[:200]}") from None
        yield _of_fields({"code": code, "path": path, "line": row, "severity": "flake8", "message": message})


def of_alignment(output: str) -> Iterator[Reported]:
    """Yield the findings in the JSON list of ``training-alignment``."""
    rows = json.loads(output)
    if not isinstance(rows, list):
        raise ValueError("no list of findings")
    for row in rows:
        yield _of_fields(row)


def _read(
    run: subprocess.CompletedProcess[str], check: str, reader: Callable[[str], Iterator[Reported]]
) -> list[Reported]:
    """Return the findings of a run, or one entry that reports the failure of the run."""
    try:
        reported = list(reader(run.stdout))
        # An uncaught exception ends with exit code 1 too, as findings do.
        ended = run.returncode == 0 or (run.returncode == 1 and reported)
        if ended and "Traceback (most recent call last)" not in run.stderr:
            return reported
        why = f"exit code {run.returncode}: {run.stderr.strip()[-300:]}"
    except (ValueError, RecursionError) as error:
        why = f"exit code {run.returncode}, {error}: {run.stderr.strip()[-300:]}"
    return [Reported(check, ".", 0, FAILED, why)]


def _order(each: Reported) -> tuple[object, ...]:
    return (each.path, each.line, each)


def _of_fields(row: object) -> Reported:
    if not isinstance(row, dict):
        raise ValueError(f"no finding: {str(row)[:200]}")
    values = [row.get(name) for name in Reported._fields]
    match values:
        case [str(code), str(path), int(line), str(severity), str(message)]:
            return Reported(code, posixpath.normpath(Path(path).as_posix()), line, severity, message)
    raise ValueError(f"no finding: {str(values)[:200]}")


def _shown(string: str) -> str:
    """Return a string as one safe line for a terminal: names and messages come from untrusted folders."""
    return printable(string)


if __name__ == "__main__":
    raise SystemExit(main())
