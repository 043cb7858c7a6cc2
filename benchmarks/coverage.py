"""The share of questions that the check answers, and the reasons of the others, over many repositories.

``python -m benchmarks.coverage REPOSITORY... [--rules] [--places NUMBER]``

Each argument is the folder of a repository. The whole repository is checked with all rules but the advice family, and
the ledger of verdicts is summed up: one table of the verdicts, one of the reasons. ``--rules`` adds a table of the
rules with the most unknown answers, ``--places NUMBER`` that many places of each reason.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from training_alignment.checking.run import Verdicts, check_repository

MOST_RULES = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Check the repositories, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path, metavar="REPOSITORY", help="a folder")
    parser.add_argument("--rules", action="store_true", help="list the rules with the most unknown answers")
    parser.add_argument(
        "--places", type=int, default=0, metavar="NUMBER", help="list so many places of each reason"
    )
    arguments = parser.parse_args(argv)
    absent = [folder for folder in arguments.repositories if not folder.is_dir()]
    if absent:
        parser.error(f"no folder {absent[0]}")
    found = {
        folder: check_repository(folder, with_verdicts=True).verdicts for folder in arguments.repositories
    }
    print("\n".join(tables(found, with_rules=arguments.rules, places=arguments.places)))
    return 0


def tables(found: dict[Path, Verdicts], *, with_rules: bool, places: int) -> Iterator[str]:
    """Yield the lines of the tables in Markdown."""
    totals = [one.totals for one in found.values()]
    reported, fine, unknown = (
        sum(getattr(one, name) for one in totals) for name in ("reported", "fine", "unknown")
    )
    questions = reported + fine + unknown
    yield "| repositories | questions | reported | fine | unknown | answered |"
    yield "|---|---|---|---|---|---|"
    yield (
        f"| {len(found)} | {questions} | {reported} | {fine} | {unknown} "
        f"| {_share(questions - unknown, questions)} |"
    )
    yield ""
    yield from _ranking(found, "reason")
    if with_rules:
        yield ""
        yield from list(_ranking(found, "code"))[: MOST_RULES + 2]
    if places:
        yield ""
        yield from _places(found, places)


def _ranking(found: dict[Path, Verdicts], field: str) -> Iterator[str]:
    """Yield the table of the unknown answers by one of their fields, the most frequent first."""
    numbers: Counter[str] = Counter()
    repositories: defaultdict[str, set[Path]] = defaultdict(set)
    for folder, verdicts in found.items():
        for one in verdicts.unanswered:
            numbers[str(getattr(one, field))] += 1
            repositories[str(getattr(one, field))].add(folder)
    whole = numbers.total()
    yield f"| {field} | unknown answers | share | repositories |"
    yield "|---|---|---|---|"
    for name, number in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"| {name} | {number} | {_share(number, whole)} | {len(repositories[name])} |"


def _places(found: dict[Path, Verdicts], most: int) -> Iterator[str]:
    """Yield the places that stop the most questions, for each reason."""
    stopped: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for folder, verdicts in found.items():
        for one in verdicts.unanswered:
            stopped[str(one.reason)][f"{folder}/{one.path} line {one.line}"] += 1
    for reason, numbers in stopped.items():
        yield reason
        yield from _indented(numbers.most_common(most))


def _indented(numbers: Iterable[tuple[str, int]]) -> Iterator[str]:
    return (f"  {number:4} {place}" for place, number in numbers)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
