"""Seeds harmful changes in copies of whole repositories, checks each, and says why a missed one was missed."""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from training_alignment.checking.run import check_repository

from benchmarks.seeding import job_changes, launcher_changes, script_changes
from benchmarks.seeding.changes import KINDS, Kind
from benchmarks.seeding.launched import Place, places
from flake8_training.ledger import collecting, reported_as
from flake8_training.plugin import TrainingPlugin
from flake8_training.rules.registry import rules

MODULES = (launcher_changes, script_changes, job_changes)
"""Each module adds its kinds at import."""
MAX_BYTES = 5_000_000
"""Larger files are not copied: they are data."""
FINE = "rule says fine"
Said = tuple[str, str, str]
"""Code, path and message of a finding; a place that it names counts as one of its paths."""


class Repository(NamedTuple):
    """One repository: its name, with the commit if the list has it, and its folder."""

    name: str
    folder: Path


class Change(NamedTuple):
    """One changed file of a repository; ``checked`` are the files of the launch."""

    kind: Kind
    path: str
    content: str
    line: int
    checked: tuple[str, ...]


class Outcome(NamedTuple):
    """A change and whether it was said; ``reason`` is why not, ``besides`` the other new codes."""

    repository: str
    kind: str
    path: str
    line: int
    difference: str
    said: tuple[str, ...]
    reason: str
    besides: tuple[str, ...]


class Measured(NamedTuple):
    """The outcomes in one repository, and the number of its launchers."""

    repository: str
    launchers: int
    outcomes: tuple[Outcome, ...]


def read_list(path: Path) -> list[Repository]:
    """Return the repositories of a list: lines ``OWNER/NAME@COMMIT FOLDER``, ``#`` begins a comment.

    Raises ``ValueError`` for another line, and for a folder that does not exist.
    """
    found: list[Repository] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split(maxsplit=1)
        if not words:
            continue
        if len(words) != 2 or "/" not in words[0] or "@" not in words[0]:
            raise ValueError(f"{path} line {number}: not OWNER/NAME@COMMIT FOLDER")
        folder = path.parent / words[1].strip()
        if not folder.is_dir():
            raise ValueError(f"{path} line {number}: no folder {folder}")
        found.append(Repository(words[0], folder))
    return found


def measure(repository: Repository, most: int, seed: int, words: str = "") -> Measured:
    """Seed at most ``most`` changes of each kind in a copy of a repository, chosen at random by ``seed``."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve() / "tree"
        shutil.copytree(repository.folder, root, ignore=left_out, ignore_dangling_symlinks=True)
        with chdir(root):
            found, launchers = places(root)
            chosen = [
                c
                for c in choose(changes(found), most, f"{seed} {repository.name}")
                if re.search(words, c.kind.name)
            ]
            outcomes = tuple(_outcomes(repository.name, root, chosen))
    return Measured(repository.name, launchers, outcomes)


def left_out(folder: str, names: list[str]) -> set[str]:
    """Return the names in a folder that are not copied."""
    return {
        name
        for name in names
        if name in (".git", "__pycache__", ".venv", "node_modules")
        or (os.path.isfile(path := os.path.join(folder, name)) and os.path.getsize(path) > MAX_BYTES)
    }


def kinds_with_a_rule() -> list[Kind]:
    """Return the kinds that a rule of this version may report."""
    codes = {rule.code for rule in rules("training_alignment.rules")}
    return [kind for kind in KINDS if kind.codes & codes]


def changes(found: Iterable[Place]) -> Iterator[Change]:
    """Yield every possible change of each kind once, even where several launches share a file."""
    known: set[tuple[str, str, str]] = set()
    kinds = kinds_with_a_rule()
    for place in found:
        for kind in kinds:
            for file, module in kind.seed(place):
                if (kind.name, file.path, module) in known:
                    continue
                known.add((kind.name, file.path, module))
                content = file.changed(module)
                if content is not None:
                    checked = tuple(dict.fromkeys([*place.paths, file.path]))
                    yield Change(
                        kind, file.path, content, _first_difference(file.source.text, module), checked
                    )


def choose(found: Iterable[Change], most: int, seed: str) -> list[Change]:
    """Return at most ``most`` changes of each kind, chosen at random by ``seed``."""
    by_kind: dict[str, list[Change]] = {}
    for change in found:
        by_kind.setdefault(change.kind.name, []).append(change)
    chosen: list[Change] = []
    for name, several in by_kind.items():
        # The choice of one kind does not depend on the other kinds.
        chooser = random.Random(f"{seed} {name}")
        chosen += several if len(several) <= most else chooser.sample(several, most)
    return chosen


def _outcomes(name: str, root: Path, chosen: list[Change]) -> Iterator[Outcome]:
    clean: dict[tuple[str, ...], Counter[Said]] = {}
    for change in chosen:
        files = change.checked
        file = root / change.path
        if files not in clean:
            clean[files] = _said(root, files)
        before = file.read_bytes()
        file.write_text(change.content, encoding="utf-8")
        try:
            new = _said(root, files) - clean[files]
            said = tuple(
                sorted({code for code, path, _ in new if code in change.kind.codes and path == change.path})
            )
            reason = "" if said else _reason(root, change, new)
        finally:
            file.write_bytes(before)
        besides = tuple(sorted({code for code, _, _ in new} - set(said)))
        yield Outcome(
            name, change.kind.name, change.path, change.line, _line_of(change), said, reason, besides
        )


def _said(root: Path, files: Sequence[str]) -> Counter[Said]:
    """Return the findings of the command and of flake8 in the files, once for each file that a finding names."""
    found: Counter[Said] = Counter()
    for finding in check_repository(root, [root / path for path in files]).findings:
        for path in {finding.path, *(other.path for other in finding.related)}:
            found[finding.code, path, finding.message] += 1
    for path in files:
        if path.endswith(".py"):
            found.update(_said_by_flake8(root, path))
    return found


def _said_by_flake8(root: Path, path: str) -> Iterator[Said]:
    try:
        text = (root / path).read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError):
        return
    for _, _, message, _ in TrainingPlugin(tree, str(root / path), text.splitlines(keepends=True)).run():
        code, _, rest = message.partition(" ")
        yield code, path, f"flake8: {rest}"


def _reason(root: Path, change: Change, new: Counter[Said]) -> str:
    """Return why no rule reports a change: another file, an unknown answer, a silence on purpose, or none of these."""
    if any(code in change.kind.codes for code, _, _ in new):
        return "reported in another file"
    verdicts = check_repository(root, [root / path for path in change.checked], with_verdicts=True).verdicts
    unanswered, suppressed = [*verdicts.unanswered], [*verdicts.suppressed]
    for path in change.checked:
        with collecting() as ledger, reported_as(path):
            if path.endswith(".py"):
                Counter(_said_by_flake8(root, path))
        unanswered += ledger.unanswered
        suppressed += ledger.suppressed
    for word, notes in (("unknown", unanswered), ("silent", suppressed)):
        reasons = Counter(
            str(one.reason)
            for one in notes
            if one.code in change.kind.codes and {one.subject, one.path}.intersection(change.checked)
        )
        if reasons:
            return f"{word}: {reasons.most_common(1)[0][0]}"
    return FINE


def _first_difference(before: str, after: str) -> int:
    """Return the first line, from 1, in which two sources differ."""
    lines = before.split("\n"), after.split("\n")
    return next((n for n, (a, b) in enumerate(zip(*lines, strict=False), 1) if a != b), min(map(len, lines)))


def _line_of(change: Change) -> str:
    """Return the first changed line; empty in a notebook, whose lines are those of its module."""
    lines = change.content.split("\n")
    is_plain = not change.path.endswith(".ipynb") and change.line <= len(lines)
    return lines[change.line - 1].strip() if is_plain else ""


def as_tables(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield the lines of three tables: by kind, by repository summed up, by reason of a miss."""
    outcomes = [outcome for one in measured for outcome in one.outcomes]
    seeded = Counter(outcome.kind for outcome in outcomes)
    said = Counter(outcome.kind for outcome in outcomes if outcome.said)
    yield "| kind of fault | seeded | said | share |"
    yield "|---|---|---|---|"
    for kind in KINDS:
        if seeded[kind.name]:
            yield (
                f"| {kind.name} | {seeded[kind.name]} | {said[kind.name]} "
                f"| {_share(said[kind.name], seeded[kind.name])} |"
            )
    yield f"| all | {len(outcomes)} | {said.total()} | {_share(said.total(), len(outcomes))} |"
    yield ""
    with_launcher = [one for one in measured if one.launchers]
    with_seeds = [one for one in with_launcher if one.outcomes]
    yield "| repositories | with a launcher | of these with seeds | share | others with seeds |"
    yield "|---|---|---|---|---|"
    others = sum(bool(one.outcomes) for one in measured if not one.launchers)
    share = _share(len(with_seeds), len(with_launcher))
    yield f"| {len(measured)} | {len(with_launcher)} | {len(with_seeds)} | {share} | {others} |"
    yield ""
    reasons = Counter(outcome.reason for outcome in outcomes if not outcome.said)
    yield "| reason of a miss | faults | share |"
    yield "|---|---|---|"
    for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"| {reason} | {number} | {_share(number, reasons.total())} |"


def as_data(measured: Sequence[Measured], seed: int) -> dict[str, object]:
    """Return the outcomes as plain data."""
    return {
        "seed": seed,
        "repositories": [
            {"name": one.repository, "launchers": one.launchers, "seeds": len(one.outcomes)}
            for one in measured
        ],
        "outcomes": [outcome._asdict() for one in measured for outcome in one.outcomes],
    }


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"
