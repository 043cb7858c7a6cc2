"""Speed of whole processes: cold and warm, small and large, against what cannot be avoided.

``python -m benchmarks.speed [--sizes 250,1000] [--tree FOLDER --file FILE] [--pairs 7] [--write docs/benchmarks.md]``
``python -m benchmarks.speed --against CHECKOUT [--pairs 7]``

The repositories are written for the run: steps, a launcher, a notebook, files of no step, under git. Each case runs in
pairs with its yardstick, in alternating order. A figure is user plus system time of the process and its children: the
median, and the range in parentheses. Beside it stands the time by the clock, which several processes shorten. "Cold" is
a run without the store. "Edited" changes the file before each run. A tree of the user is compared with the parse of the
Python files that its check covers.

Each checkout runs from a copy in a folder ``site-packages``, compiled, as an installed package: in a checkout, the tool
looks at each of its own files to know whether it has changed.

With ``--against``, the yardstick is the same command of another checkout, over a copy of the tree with a store of its
own. The exit code is 1 if the median of the ratios of a case is above 1.1.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks import scale

ROOT = Path(__file__).parents[1]
SLOWER = 1.1
"""The ratio of two checkouts that fails."""
_COMMAND = "from training_alignment import cli; raise SystemExit(getattr(cli, 'command', cli.main)())"
"""What the script of an installed package does; earlier versions have no ``command``."""
_PARSE = """\
import ast, sys
with open(sys.argv[1], encoding="utf-8") as names: paths = names.read().split("\\n")
for path in paths:
    try:
        with open(path, "rb") as file: ast.parse(file.read())
    except (SyntaxError, ValueError): pass
    except OSError: raise SystemExit(3)
"""
_FLOOR = "import ast, sqlite3, argparse"
_NEW = 3.0
"""Seconds in which files are so new that their next change may not show: they are read again, and no user's are so."""
_START, _END = "<!-- speed: written by benchmarks.speed -->", "<!-- speed: end -->"


class Case(NamedTuple):
    """A command line of ``check`` and its yardstick.

    ``edited`` is a file that is changed before each run; each run checks the next one of ``others``, if there are any.
    """

    name: str
    words: tuple[str, ...]
    yardstick: str
    bare: tuple[str, ...]
    edited: str = ""
    others: tuple[str, ...] = ()


class Cost(NamedTuple):
    """The cost of a process: seconds of user and system time, seconds by the clock, and its largest size in MB."""

    seconds: float
    by_the_clock: float
    megabytes: float


class Figures(NamedTuple):
    """The costs of a case and of its yardstick, pair by pair."""

    case: Case
    pairs: tuple[tuple[Cost, Cost], ...]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair."""
        return [ours.seconds / max(other.seconds, 0.001) for ours, other in self.pairs]

    @property
    def ratio_by_the_clock(self) -> float:
        """The median of the ratios of the times by the clock."""
        return statistics.median(
            ours.by_the_clock / max(other.by_the_clock, 0.001) for ours, other in self.pairs
        )


class Tree:
    """A repository under git, and a process that runs a checkout over it."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self._home = home
        self._edits = 0
        self._lists = 0
        self._asked = 0

    def copied(self) -> Tree:
        """Return a copy beside it, with a home of its own."""
        folder, home = (path.with_name(f"{path.name}-other") for path in (self.folder, self._home))
        shutil.copytree(self.folder, folder, symlinks=True)
        return Tree(folder, home)

    def cost(self, program: Sequence[str], packages: Path) -> Cost:
        """Return the cost of a Python process with its children."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPATH": str(packages), "XDG_CACHE_HOME": str(self._home)}
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        by_the_clock = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"{program[-1]} ends with {process.returncode}")
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return Cost(usage.ru_utime + usage.ru_stime, by_the_clock, usage.ru_maxrss / unit)

    def parse(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Return a program that only parses Python files."""
        self._lists += 1
        names = self.folder.with_name(f"{self.folder.name}-files-{self._lists}")
        names.write_text("\n".join(paths), encoding="utf-8")
        return "-c", _PARSE, str(names)

    def next_of(self, paths: Sequence[str]) -> str:
        """Return another path each time."""
        self._asked += 1
        return paths[self._asked % len(paths)]

    def edit(self, path: str) -> None:
        """Change a file."""
        self._edits += 1
        with open(self.folder / path, "a", encoding="utf-8") as stream:
            stream.write(f"# edit {self._edits}\n")


def installed(checkout: Path, folder: Path) -> Path:
    """Copy the packages of a checkout to a folder as if they were installed, and compile them; return their folder."""
    packages = folder / "site-packages"
    for package in (checkout / "flake8_training", checkout / "hooks" / "training_alignment"):
        shutil.copytree(package, packages / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(packages, quiet=1)
    return packages


_NOTES = tuple(f"tools/note_{number}.py" for number in range(24))
"""Files of no step, of which each run checks another one."""


def write_tree(folder: Path, steps: int) -> Path:
    """Write a repository of steps, with a launcher, a notebook, and files of no step."""
    scale.repository(folder, steps)
    launcher = (
        "from sagemaker.pytorch import PyTorch\n\n"
        'PyTorch(entry_point="fit.py", role="r", instance_type="ml.m5.xlarge", instance_count=1,\n'
        '    framework_version="2.1", py_version="py310").fit({"train": "s3://bucket/train"})\n'
    )
    script = (
        "import os\n\nimport pandas as pd\n\nfrom shared import label\n\n"
        'print(label(pd.read_csv(os.environ["SM_CHANNEL_TRAIN"])))\n'
    )
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": launcher.splitlines(keepends=True)}
    files = {
        "launch/launch.py": launcher,
        "launch/fit.py": script,
        "launch/shared.py": "def label(table):\n    return table['label']\n",
        "launch/launch.ipynb": json.dumps(
            {"cells": [cell], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
        ),
        "tools/clean.py": "import sys\n\nprint(sys.argv)\n",
        "tools/notes.py": "import sys\n\nprint(sys.argv)\n",
        "README.md": "# Steps\n",
    }
    files |= dict.fromkeys(_NOTES, "import sys\n\nprint(sys.argv)\n")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    _git(folder)
    return folder


def _git(folder: Path) -> None:
    identity = ("-c", "user.name=speed", "-c", "user.email=speed@example.com", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "steps")):
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def cases_of(tree: Tree, steps: int) -> Iterator[Case]:
    """Yield the cases of a written repository."""
    name = scale.snake(next(islice(scale.names(), steps // 2, None)))
    base = "src/pipeline"
    parts = {
        part: f"{base}/{part}/{name}{'' if part == 'scripts' else '_' + part.rstrip('s')}.py"
        for part in ("scripts", "contracts", "specs", "builders", "configs")
    }
    step = tree.parse(list(parts.values()))
    every = sorted(str(path.relative_to(tree.folder)) for path in tree.folder.rglob("*.py"))
    nothing, floor = ("-c", "pass"), ("-c", _FLOOR)
    yield Case("a commit of README.md", ("README.md",), "`python -c pass`", nothing)
    path = "tools/notes.py"
    yield Case("a commit of a `.py` of no step, cold", ("--no-cache", path), "`python -c pass`", nothing)
    yield Case("the same, edited", (path,), "`python -c pass`", nothing, path)
    yield Case("another `.py` of no step each time", (), "`python -c pass`", nothing, others=_NOTES)
    path = "tools/clean.py"
    yield Case(
        "a `.py` of no step, named like steps, cold", ("--no-cache", path), "`python -c pass`", nothing
    )
    yield Case("the same, unchanged", (path,), "`python -c pass`", nothing)
    for what, path in (("script", parts["scripts"]), ("contract", parts["contracts"])):
        yield Case(f"one {what} of a step, cold", ("--no-cache", path), "parse of its step", step)
        yield Case(f"one {what} of a step, edited", (path,), "parse of its step", step, path)
    others = tuple(f"{base}/scripts/{scale.snake(one)}.py" for one in islice(scale.names(), min(steps, 24)))
    yield Case("the script of another step each time", (), "parse of its step", step, others=others)
    yield Case(
        "a shared module of a launched script, edited",
        ("launch/shared.py",),
        "parse of its step",
        step,
        "launch/shared.py",
    )
    yield Case("one script of a step, unchanged", (parts["scripts"],), f"`{_FLOOR}`", floor)
    yield from _whole(tree, every, parts["scripts"])


def _whole(tree: Tree, parsed: Sequence[str], edited: str) -> Iterator[Case]:
    """Yield the cases of a whole check; ``parsed`` are the files of the yardstick, ``edited`` is one to change."""
    parse = tree.parse(parsed)
    cold = ("--no-cache", "--all")
    yield Case("whole repository, cold, one process", (*cold, "--jobs=1"), "parse of all", parse)
    yield Case("whole repository, cold, two processes", (*cold, "--jobs=2"), "parse of all", parse)
    ruff = ("-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero", ".")
    yield Case("the same, beside ruff over the tree", (*cold, "--jobs=2"), "`ruff check`", ruff)
    if edited:
        yield Case("whole repository, one file edited", ("--all",), "parse of all", parse, edited)
    yield Case("whole repository, unchanged", ("--all",), f"`{_FLOOR}`", ("-c", _FLOOR))


def cases_of_tree(tree: Tree, file: str, packages: Path) -> Iterator[Case]:
    """Yield the cases of a repository of the user."""
    if file:
        parse = tree.parse(_covered(tree, packages, file))
        yield Case("one file, cold", ("--no-cache", file), "parse of what its check covers", parse)
        yield Case("one file, edited", (file,), "parse of what its check covers", parse, file)
        yield Case("one file, unchanged", (file,), f"`{_FLOOR}`", ("-c", _FLOOR))
    yield from _whole(tree, _covered(tree, packages, "--all"), file)


def _covered(tree: Tree, packages: Path, word: str) -> list[str]:
    """Return the Python files that a check covers."""
    shown = subprocess.run(
        [sys.executable, "-c", _COMMAND, "check", "--no-cache", "--show-files", word],
        cwd=tree.folder,
        env={**os.environ, "PYTHONPATH": str(packages)},
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    )
    return [path for path in shown.stdout.split("\n") if path.endswith(".py")]


def measure(
    tree: Tree, case: Case, pairs: int, packages: Path, other: tuple[Path, Tree] | None = None
) -> Figures:
    """Return the figures of a case; with ``other``, the yardstick is the same command of those packages in its tree."""
    ours = ("-c", _COMMAND, "check", *case.words)

    def run(program: Sequence[str], where: Path, here: Tree) -> Cost:
        if case.edited and program[1] == _COMMAND:
            here.edit(case.edited)
        if case.others and program[1] == _COMMAND:
            program = (*program, here.next_of(case.others))
        return here.cost(program, where)

    sides: tuple[Callable[[], Cost], ...] = (
        lambda: run(ours, packages, tree),
        lambda: run(case.bare, packages, tree) if other is None else run(ours, *other),
    )
    for side in sides * (2 if case.edited else 1):
        side()  # the first run warms caches and keeps a result, the second one of a changed file also its parts
    found: list[tuple[Cost, Cost]] = []
    for number in range(pairs):
        costs = {side: sides[side]() for side in ((0, 1) if number % 2 else (1, 0))}
        found.append((costs[0], costs[1]))
    return Figures(case, tuple(found))


def table(figures: Sequence[Figures]) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        "| case | seconds | yardstick | seconds | ratio | by the clock | ratio | MB |",
        "|---|---:|---|---:|---:|---:|---:|---:|",
    ]
    for one in figures:
        ours, other = ([pair[side].seconds for pair in one.pairs] for side in (0, 1))
        ratio = f"{one.ratio:.2f} ({min(one.ratios):.2f} to {max(one.ratios):.2f})"
        clock = statistics.median(cost.by_the_clock for cost, _ in one.pairs)
        rows.append(
            f"| {one.case.name} | {_spread(ours)} | {one.case.yardstick} | {_spread(other)} | {ratio} "
            f"| {clock:.3f} | {one.ratio_by_the_clock:.2f} | {max(cost.megabytes for cost, _ in one.pairs):.0f} |"
        )
    return "\n".join(rows)


def _spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.3f} ({min(seconds):.3f} to {max(seconds):.3f})"


def written(page: str, report: str) -> str:
    """Return a page with the report in place of the one before. Raises ``ValueError`` if it has no place for one."""
    start, end = page.find(_START), page.find(_END)
    if not 0 <= start < end:
        raise ValueError(f"the page has no lines {_START} and {_END}")
    return f"{page[: start + len(_START)]}\n\n{report}\n\n{page[end:]}"


def slower(ratios: Mapping[str, float]) -> list[str]:
    """Return a line for each case that is slower than in the other checkout."""
    return [f"{name}: {ratio:.2f} times" for name, ratio in ratios.items() if ratio > SLOWER]


def main() -> int:
    """Measure, and print or write the tables; with another checkout, return 1 if a case is slower."""
    parser = argparse.ArgumentParser(description="Measures whole processes in pairs.")
    parser.add_argument("--sizes", default="250", help="numbers of steps of the written repositories")
    parser.add_argument("--tree", type=Path, help="a repository under git, which is copied")
    parser.add_argument("--file", default="", help="a file of it to check alone")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="compare with another checkout")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the tables into a page")
    arguments = parser.parse_args()
    parts: list[str] = []
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as built:
        trees: list[tuple[str, Tree, list[Case]]] = []
        packages = installed(ROOT, Path(built, "ours"))
        against = (
            installed(arguments.against, Path(built, "other")) if arguments.against is not None else None
        )
        if arguments.tree is not None:
            copied = Path(built, "tree")
            shutil.copytree(arguments.tree, copied, symlinks=True)
            tree = Tree(copied, Path(built, "home"))
            trees.append((arguments.tree.name, tree, list(cases_of_tree(tree, arguments.file, packages))))
        for steps in (int(size) for size in arguments.sizes.split(",") if size):
            tree = Tree(write_tree(Path(built, str(steps)), steps), Path(built, "home"))
            trees.append((f"{steps:,} steps", tree, list(cases_of(tree, steps))))
        time.sleep(_NEW)
        for title, tree, cases in trees:
            other = None if against is None else (against, tree.copied())
            figures = [measure(tree, case, arguments.pairs, packages, other) for case in cases]
            ratios.update({f"{title}, {one.case.name}": one.ratio for one in figures})
            store = tree.folder / ".git" / "training-alignment" / "store.sqlite"
            size = f" The store has {store.stat().st_size:,} bytes." if store.exists() else ""
            parts.append(f"**{title}**.{size}\n\n{table(figures)}")
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {arguments.pairs} pairs"
    report = "\n\n".join([f"Seconds of user and system time: median and range. {machine}.", *parts])
    if arguments.write is not None:
        page = arguments.write.read_text(encoding="utf-8")
        arguments.write.write_text(written(page, report), encoding="utf-8")
    print(report)
    lines = slower(ratios) if arguments.against is not None else []
    print("\n".join(["", *(f"slower: {line}" for line in lines)]) if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
