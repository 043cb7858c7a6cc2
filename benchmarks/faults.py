"""Seeded faults: one fault in one file of a step, checked by the real command.

``python -m benchmarks.faults [--tree FOLDER] [--step NAME ...] [--every] [--all]``
``python -m benchmarks.faults --tree FOLDER --launchers`` or ``--list FILE``, ``[--most N] [--seed N] [--format json]``

Without ``--tree`` the steps and launchers of ``examples/good`` are used. A fault changes the file of one part of a
step, found by its tree and never by a file's name. A fault counts as found if one of its expected codes is new at the
expected file. ``--every`` seeds each fault in every possible place.

``--tree`` and ``--list`` also use the launchers and training scripts of any repository, ``--launchers`` nothing else:
at most ``--most`` faults of a kind in each, chosen at random by ``--seed``. A fault counts as said if
``check`` of the launcher and its script, or flake8, newly reports a right code in the changed file, or names that file
as a related place. The list has lines ``OWNER/NAME@COMMIT FOLDER``, with folders that the user fetched.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.seeding.measuring import Outcome, Tree
from benchmarks.seeding.repositories import Measured, Repository, as_data, as_tables, measure, read_list

EXAMPLES = Path(__file__).parents[1] / "examples"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print the table and the missed faults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, help="a repository; by default examples/")
    parser.add_argument("--step", action="append", help="a step; by default all good steps of the tree")
    parser.add_argument("--every", action="store_true", help="seed each fault in every possible place")
    parser.add_argument(
        "--fault", default="", help="only faults with this string in their names; of launchers, a pattern"
    )
    parser.add_argument(
        "--all", action="store_true", help="print the findings on each fault, not only on missed ones"
    )
    parser.add_argument("--show", action="store_true", help="print the changed lines too")
    parser.add_argument("--launchers", action="store_true", help="use launchers and scripts, not steps")
    parser.add_argument("--list", type=Path, help="a file that lists repositories")
    parser.add_argument("--most", type=int, default=2, help="the most faults of a kind in a repository")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random choice")
    parser.add_argument("--jobs", type=int, default=1, help="processes, for a list")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for launchers and lists")
    arguments = parser.parse_args(argv)
    if arguments.list is not None:
        try:
            return _launchers(read_list(arguments.list), arguments)
        except (OSError, ValueError) as error:
            parser.error(str(error))
    if not arguments.launchers:
        _steps(arguments)
    if arguments.tree is not None:
        _launchers([Repository(arguments.tree.resolve().name, arguments.tree)], arguments)
    return 0


def _steps(arguments: argparse.Namespace) -> None:
    """Measure the steps of a tree; of another repository than the examples, only those in the project's forms."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(arguments.tree or EXAMPLES, Path(scratch))
        names = arguments.step or tree.good_steps
        if arguments.tree is not None and not arguments.step:
            names = [name for name in names if tree.steps[name].kind != "launcher"]
        outcomes = list(tree.outcomes(arguments.fault, names, every=arguments.every)) if names else []
        os.chdir(before)
    for outcome in outcomes:
        if arguments.all or not outcome.right or outcome.new:
            print(described(outcome))
            if arguments.show:
                print(textwrap.indent(outcome.difference, "    "))
    if names:
        print(table(outcomes))


def _launchers(repositories: Sequence[Repository], arguments: argparse.Namespace) -> int:
    """Measure the launchers and scripts of repositories, and print the tables and the missed faults."""
    run = partial(measure, most=arguments.most, seed=arguments.seed, words=arguments.fault)
    measured: list[Measured] = []
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for one in pool.map(run, repositories) if arguments.jobs > 1 else map(run, repositories):
            measured.append(one)
            print(f"{one.repository}: {len(one.outcomes)} faults", file=sys.stderr)
    if arguments.format == "json":
        print(json.dumps(as_data(measured, arguments.seed), indent=1))
        return 0
    for one in measured:
        for outcome in one.outcomes:
            if arguments.all or not outcome.said:
                word = " ".join(outcome.said) or f"MISSED ({outcome.reason})"
                besides = f" (also {' '.join(outcome.besides)})" if outcome.besides else ""
                print(f"{word} {outcome.kind}: {one.repository} {outcome.path}:{outcome.line}{besides}")
                if arguments.show:
                    print(f"    {outcome.difference}")
    print(f"seed {arguments.seed}, at most {arguments.most} faults of a kind in a repository")
    print("\n".join(as_tables(measured)))
    return 0


def described(outcome: Outcome) -> str:
    """Return the lines that describe one fault and the findings on it."""
    fault = outcome.fault
    expected = " ".join(code if part == fault.part else f"{code}@{part}" for code, part in fault.said)
    word = "found" if outcome.right else "MISSED"
    lines = [f"{word} {outcome.step}: {fault.part}: {fault.name} [{outcome.place}], {expected}"]
    lines.extend(f"    right {f.code} {f.path}:{f.line} {f.message}" for f in outcome.right)
    marked = set(outcome.new)
    lines.extend(
        f"    {'NEW' if f in marked else 'also'}  {f.code} {f.path}:{f.line} {f.message}"
        for f in outcome.besides
    )
    return "\n".join(lines)


def table(outcomes: list[Outcome]) -> str:
    """Return the table of faults by part: seeded, found, and found with the right code at the right file."""
    seeded = Counter(outcome.fault.part for outcome in outcomes)
    found = Counter(outcome.fault.part for outcome in outcomes if outcome.right or outcome.besides)
    right = Counter(outcome.fault.part for outcome in outcomes if outcome.right)
    lines = ["| part | seeded | found | right code at the right file |", "|---|---|---|---|"]
    lines.extend(f"| {part} | {seeded[part]} | {found[part]} | {right[part]} |" for part in seeded)
    whole = seeded.total(), found.total(), right.total()
    lines.append(f"| all | {whole[0]} | {whole[1]} | {whole[2]} ({whole[2] / max(whole[0], 1):.1%}) |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
