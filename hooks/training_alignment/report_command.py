"""The verb ``report``: a page that shows the repository."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from training_alignment.exit_codes import OK, USAGE
from training_alignment.output import complain, is_terminal, say, write_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from flake8_training.finding import Finding
    from flake8_training.ledger import Totals
    from training_alignment.page.model import Coverage


def report(arguments: argparse.Namespace) -> int:
    """Write the page of a repository."""
    from flake8_training.finding import with_paths
    from training_alignment.checking.run import Choice, check_repository, find_steps
    from training_alignment.checking.selection import step_scripts
    from training_alignment.launches.search import Search
    from training_alignment.page.gathering import graph_of_repository
    from training_alignment.page.html import name_of, page_html
    from training_alignment.progress import Progress
    from training_alignment.reports.places import Sources, from_root
    from training_alignment.repository.repository import Repository
    from training_alignment.steps.graph_reading import graph_of

    root = Path(arguments.root)
    choice = Choice(arguments.select, arguments.ignore, arguments.levels)
    progress = Progress(sys.stderr) if is_terminal(sys.stderr) else None
    try:
        outcome = check_repository(root, None, choice, with_verdicts=True, progress=progress)
    finally:
        if progress is not None:
            progress.clear()
    if outcome.problem:
        complain(outcome.problem)
        return USAGE
    discovery = find_steps(root)
    repository = Repository.open(Path(outcome.root))
    graph = graph_of_repository(
        graph_of(discovery), Search(repository, None, step_scripts(repository)).found()
    )
    relative = from_root(outcome.root)
    findings = with_paths(outcome.findings, relative)
    page = page_html(
        name_of(outcome.root),
        graph,
        findings,
        _coverage(
            ((step, relative(path), totals) for step, path, totals in outcome.verdicts.by_subject), findings
        ),
        {rule.code: rule.summary for rule in outcome.rules},
        Sources(outcome.root),
    )
    write_file(arguments.html, page)
    kibibytes = os.path.getsize(arguments.html) // 1024
    say(f"{arguments.html}: {len(graph.nodes)} nodes, {len(outcome.findings)} findings, {kibibytes} KiB")
    return USAGE if outcome.misconfigured else OK


def _coverage(by_subject: Iterable[tuple[str, str, Totals]], findings: Iterable[Finding]) -> list[Coverage]:
    """Return the answers by step; a subject without a step counts by its file.

    What a rule has reported and what is no finding (a comment silences it, another finding has the cause) counts as
    fine.
    """
    from training_alignment.page.model import Coverage

    left = Counter(finding.step or finding.path for finding in findings)
    found: dict[str, Coverage] = {}
    steps: set[str] = set()
    for step, path, totals in by_subject:
        subject = step or ("the repository" if path == "." else path)
        if step:
            steps.add(step)
        reported = min(totals.reported, left[subject])
        left[subject] -= reported
        before = found.get(subject, Coverage(subject, 0, 0, 0))
        found[subject] = Coverage(
            subject,
            before.reported + reported,
            before.fine + totals.fine + totals.reported - reported,
            before.unknown + totals.unknown,
        )
    return sorted(found.values(), key=lambda one: (one.subject not in steps, one.subject))
