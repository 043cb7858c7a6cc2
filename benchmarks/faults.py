"""Seeded faults: each is put into one file of a step, and the real check has to say what it should, where it should.

``python -m benchmarks.faults [--tree FOLDER] [--step NAME ...] [--every] [--all]``

Without ``--tree`` the steps and launchers of ``examples/good`` are taken. Faults act on the parts that files play in a
step, by their trees; no name of a file is known to them. A fault is found if one of the codes that it should give is
new at the file where it should stand. ``--every`` puts each fault into each of the places that it can have.
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
    """Measure, and print the table and what was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, default=EXAMPLES, help="a repository; examples/ without it")
    parser.add_argument(
        "--step", action="append", help="a step; those of examples/good without --tree, else all"
    )
    parser.add_argument("--every", action="store_true", help="each fault in every place that it can have")
    parser.add_argument("--fault", default="", help="only faults with these words in their names")
    parser.add_argument("--all", action="store_true", help="what was said of each, not only of the missed")
    parser.add_argument("--show", action="store_true", help="the changed lines with it")
    arguments = parser.parse_args()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(arguments.tree, Path(scratch))
        outcomes = list(tree.outcomes(arguments.fault, arguments.step or (), every=arguments.every))
        os.chdir(before)
    for outcome in outcomes:
        if arguments.all or not outcome.right or outcome.new:
            print(told(outcome))
            if arguments.show:
                print(textwrap.indent(outcome.difference, "    "))
    print(table(outcomes))
    return 0


def told(outcome: Outcome) -> str:
    """One fault and what was said of it, in lines."""
    fault = outcome.fault
    wanted = " ".join(code if part == fault.part else f"{code}@{part}" for code, part in fault.said)
    word = "found" if outcome.right else "MISSED"
    lines = [f"{word} {outcome.step}: {fault.part}: {fault.name} [{outcome.place}], {wanted}"]
    lines.extend(f"    right {f.code} {f.path}:{f.line} {f.message}" for f in outcome.right)
    marked = set(outcome.new)
    lines.extend(
        f"    {'NEW' if f in marked else 'also'}  {f.code} {f.path}:{f.line} {f.message}"
        for f in outcome.besides
    )
    return "\n".join(lines)


def table(outcomes: list[Outcome]) -> str:
    """How many faults of each part were seeded, said, and said with the right code at the right file."""
    seeded = Counter(outcome.fault.part for outcome in outcomes)
    said = Counter(outcome.fault.part for outcome in outcomes if outcome.right or outcome.besides)
    right = Counter(outcome.fault.part for outcome in outcomes if outcome.right)
    lines = ["| part | seeded | found | right code at the right file |", "|---|---|---|---|"]
    lines.extend(f"| {part} | {seeded[part]} | {said[part]} | {right[part]} |" for part in seeded)
    whole = seeded.total(), said.total(), right.total()
    lines.append(f"| all | {whole[0]} | {whole[1]} | {whole[2]} ({whole[2] / max(whole[0], 1):.1%}) |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
