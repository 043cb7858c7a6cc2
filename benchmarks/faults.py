"""Seeded faults: one fault in one file of a step, checked by the real command.

``python -m benchmarks.faults [--tree FOLDER] [--step NAME ...] [--every] [--all]``

Without ``--tree`` the steps and launchers of ``examples/good`` are used. A fault changes the file of one part of a
step, found by its tree and never by a file's name. A fault counts as found if one of its expected codes is new at the
expected file. ``--every`` seeds each fault in every possible place.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import textwrap
from collections import Counter
from pathlib import Path

from benchmarks.seeding.measuring import Outcome, Tree

EXAMPLES = Path(__file__).parents[1] / "examples"


def main() -> int:
    """Measure, and print the table and the missed faults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, default=EXAMPLES, help="a repository; by default examples/")
    parser.add_argument("--step", action="append", help="a step; by default all good steps of the tree")
    parser.add_argument("--every", action="store_true", help="seed each fault in every possible place")
    parser.add_argument("--fault", default="", help="only faults with this string in their names")
    parser.add_argument(
        "--all", action="store_true", help="print the findings on each fault, not only on missed ones"
    )
    parser.add_argument("--show", action="store_true", help="print the changed lines too")
    arguments = parser.parse_args()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(arguments.tree, Path(scratch))
        outcomes = list(tree.outcomes(arguments.fault, arguments.step or (), every=arguments.every))
        os.chdir(before)
    for outcome in outcomes:
        if arguments.all or not outcome.right or outcome.new:
            print(described(outcome))
            if arguments.show:
                print(textwrap.indent(outcome.difference, "    "))
    print(table(outcomes))
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
