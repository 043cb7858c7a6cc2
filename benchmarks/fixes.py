"""Fixes of seeded near misses: whether ``check --fix`` restores the original bytes and changes nothing else.

``python -m benchmarks.fixes --list FILE [--most N] [--seed N] [--kind PATTERN] [--show]``

The changes are the misspellings of `benchmarks.faults`, seeded one at a time in copies of the listed repositories. A
copy is fixed as a whole first, so that a fix of the repository's own mistakes does not count. A change is ``restored``
if every file has its original bytes afterwards, ``unreported`` if no right code is new, ``kept`` if one is and no fix
touches it; ``otherwise`` are the rest.
"""

from __future__ import annotations

import argparse
import difflib
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from functools import partial
from pathlib import Path
from typing import NamedTuple

from training_alignment.checking.run import Choice
from training_alignment.checking.workspace import Workspace
from training_alignment.fixes.rounds import Fixed, Rounds
from training_alignment.repository.repository import Repository as Files

from benchmarks.seeding.launched import places
from benchmarks.seeding.repositories import Change, Repository, changes, choose, left_out, read_list
from flake8_training.configuration import read_configuration

KINDS = frozenset(
    {
        "an argument of the estimator misspelt",
        "an instance type misspelt",
        "the entry point misspelt",
        "a hyperparameter misspelt",
        "a channel renamed in the launcher",
        "an objective misspelt",
        "a property misspelt",
        "an output of a step misspelt",
        "an option renamed in the script",
        "an attribute of the options misspelt",
        "a variable of the container misspelt",
        "a channel renamed in the script",
        "a path of the container misspelt",
        "a relative import",
    }
)
"""The changes of one name, of which the right one is known from other places."""


class Outcome(NamedTuple):
    """One change: its kind and place, what became of it, and the difference that is left."""

    kind: str
    path: str
    line: int
    result: str
    difference: str


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the table and the changes that are not restored."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", type=Path, required=True, help="a file that lists repositories")
    parser.add_argument("--most", type=int, default=2, help="the most changes of a kind in a repository")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random choice")
    parser.add_argument("--kind", default="", help="only kinds that match this pattern")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--show", action="store_true", help="print the differences that are left")
    arguments = parser.parse_args(argv)
    run = partial(measure, most=arguments.most, seed=arguments.seed, words=arguments.kind)
    repositories = read_list(arguments.list)
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for name, found in pool.map(run, repositories):
            outcomes += found
            print(f"{name}: {len(found)} changes", file=sys.stderr)
            for one in found:
                if one.result != "restored":
                    print(f"{one.result} {one.kind}: {name} {one.path}:{one.line}")
                    if arguments.show:
                        print(one.difference)
    print(f"seed {arguments.seed}, at most {arguments.most} changes of a kind in a repository")
    print("\n".join(table(outcomes)))
    return 0


def measure(repository: Repository, most: int, seed: int, words: str) -> tuple[str, list[Outcome]]:
    """Seed and fix at most ``most`` changes of each kind in a copy of a repository."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve() / "tree"
        shutil.copytree(repository.folder, root, ignore=left_out, ignore_dangling_symlinks=True)
        with chdir(root):
            for path, data in fixed(root, None).after.items():
                (root / path).write_bytes(data)
            found, _ = places(root)
            near = (
                one
                for one in changes(found)
                if one.kind.name in KINDS
                and re.search(words, one.kind.name)
                and _is_of_one_line(root / one.path, one.content)
            )
            chosen = choose(near, most, f"{seed} {repository.name}")
            outcomes = [outcome for change in chosen for outcome in _outcome(root, change)]
    return repository.name, outcomes


def _is_of_one_line(file: Path, content: str) -> bool:
    """Return whether a change keeps the number of lines: others write a statement anew."""
    return len(file.read_text(encoding="utf-8").splitlines()) == len(content.splitlines())


def _outcome(root: Path, change: Change) -> Iterator[Outcome]:
    file = root / change.path
    before = file.read_bytes()
    seeded = like(before, change.content).encode("utf-8")
    if abs(len(seeded) - len(before)) > 1:
        return  # a variable that a misspelt literal replaces: no fix knows which one it was
    clean = _codes(root, change)
    file.write_bytes(seeded)
    try:
        after = fixed(root, change.checked).after
        is_reported = bool((_codes(root, change) - clean).keys() & change.kind.codes) if not after else True
    finally:
        file.write_bytes(before)
    others = {path for path in after if path != change.path}
    got = after.get(change.path, seeded)
    result = "restored" if got == before and not others else "otherwise" if after else "kept"
    result = result if is_reported else "unreported"
    left = difflib.unified_diff(
        before.decode("utf-8", "replace").splitlines(), got.decode("utf-8", "replace").splitlines(), n=0
    )
    difference = "\n".join([*(line for line in left if line[:3] not in ("---", "+++")), *sorted(others)])
    yield Outcome(change.kind.name, change.path, change.line, result, difference)


def _codes(root: Path, change: Change) -> Counter[str]:
    """Return how often each code is reported in the files of a change."""
    outcome = Workspace(root).check(change.checked, {}, with_alone=True)
    return Counter(one.code for one in (*outcome.findings, *outcome.alone))


def like(before: bytes, content: str) -> str:
    """Return a changed source with the line ends and quotes that it had before, so that only a name differs."""
    lines, changed = before.decode("utf-8").split("\n"), content.split("\n")
    for number, (old, new) in enumerate(zip(lines, changed, strict=False)):
        end = "\r" if old.endswith("\r") else ""
        if old.rstrip("\r") != new.rstrip("\r"):
            lines[number] = _quoted_as(old.rstrip("\r"), new.rstrip("\r")) + end
    return "\n".join(lines)


def _quoted_as(old: str, new: str) -> str:
    """Return the new line; a literal that differs keeps its quotes."""
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    was, now = old[start : len(old) - end], new[start : len(new) - end]
    for quote in ('"', '\\"'):
        if was[:1] == was[-1:] == "'" and now.startswith(quote) and now.endswith(quote):
            return f"{new[:start]}'{now[len(quote) : -len(quote)]}'{new[len(new) - end :]}"
    return new


def _alike(one: str, other: str) -> int:
    """Return the number of characters with which both strings begin."""
    differing = (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(differing, min(len(one), len(other)))


def fixed(root: Path, checked: Sequence[str] | None) -> Fixed:
    """Return the safe fixes of the repository, or of the checked files."""
    configuration = read_configuration(root)
    files = Files.open(root).files
    return Rounds(root, files, configuration, checked, Choice().or_else(configuration), unsafe=False).run()


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines of the table by kind."""
    yield "| kind of change | seeded | unreported | restored | kept | otherwise |"
    yield "|---|---:|---:|---:|---:|---:|"
    counted = Counter((one.kind, one.result) for one in outcomes)
    for kind in [*sorted(KINDS), ""]:
        rows = [counted[kind, result] for result in ("unreported", "restored", "kept", "otherwise")]
        if kind and sum(rows):
            yield f"| {kind} | {sum(rows)} | {' | '.join(map(str, rows))} |"
    results = Counter(one.result for one in outcomes)
    restored, silent = results["restored"], results["unreported"]
    share = f"{restored / max(len(outcomes) - silent, 1):.1%} of the reported"
    yield (
        f"| all | {len(outcomes)} | {silent} | {restored} ({share}) | {results['kept']} | {results['otherwise']} |"
    )


if __name__ == "__main__":
    sys.exit(main())
