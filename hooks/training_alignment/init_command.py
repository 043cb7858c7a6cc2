"""The verb ``init``: it adds the configuration, the hook, the job for CI and a baseline to a repository."""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from training_alignment.exit_codes import OK, USAGE
from training_alignment.output import complain, is_terminal, say, write, write_file

if TYPE_CHECKING:
    import argparse

MAX_BYTES = 1_000_000
"""The largest file that is extended."""


def init(arguments: argparse.Namespace) -> int:
    """Show what would be added to the repository as a diff, and write it if the user agrees."""
    from training_alignment.repository.root import find_root

    root = find_root(Path(arguments.root))
    proposed = _proposed(root)
    if isinstance(proposed, int):
        return proposed
    changes = [(path, before, after) for path, before, after in proposed if before != after]
    if not changes:
        say("Everything is there already.")
        return OK
    for path, before, after in changes:
        write(_difference(path, before, after), end="")
    if not arguments.yes:
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            say("Nothing is written; --yes writes it.")
            return OK
        sys.stdout.flush()
        print("Write this? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            say("Nothing is written.")
            return OK
    for path, _, after in changes:
        os.makedirs(root / os.path.dirname(path), exist_ok=True)
        write_file(os.fspath(root / path), after)
    say(f"Written: {', '.join(path for path, _, _ in changes)}")
    return OK


def _proposed(root: Path) -> list[tuple[str, str, str]] | int:
    """Return path, content and new content of each file; an exit code if the repository cannot be set up."""
    from flake8_training import __version__
    from flake8_training.baseline import Baseline
    from flake8_training.finding import with_paths
    from flake8_training.project_folder import has_section
    from training_alignment import setup_files
    from training_alignment.checking.run import Choice, check_repository
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.places import from_root

    if has_section(root):
        outcome = check_repository(root)
    else:
        outcome = check_repository(root, None, Choice(baseline=""), merge_copies=False)
    if outcome.misconfigured:
        complain(
            "the section of pyproject.toml is wrong: training-alignment validate-config names the mistakes"
        )
        return USAGE
    covered = outcome.checked
    if covered is None or not (covered.launchers or covered.steps):
        complain("no launcher and no step was found: see 'Why does it say nothing?' in the documentation")
    else:
        say(
            f"Found {covered.launchers} launchers, {covered.steps} steps and {len(outcome.findings)} findings."
        )
    try:
        found: list[tuple[str, str, str]] = []
        with_baseline = bool(outcome.findings) and not has_section(root)
        if not has_section(root):
            before = _content(root, setup_files.PYPROJECT)
            found.append(
                (setup_files.PYPROJECT, before, setup_files.with_section(before, baseline=with_baseline))
            )
        if with_baseline:
            findings = with_paths(outcome.findings, from_root(outcome.root))
            data = json_text(Baseline.of(findings).data) + "\n"
            found.append((setup_files.BASELINE, _content(root, setup_files.BASELINE), data))
        before = _content(root, setup_files.PRE_COMMIT)
        after = setup_files.with_hook(before, __version__)
        if after is None:
            complain(f"{setup_files.PRE_COMMIT}: has a form that is not extended; add the hook by hand")
        else:
            found.append((setup_files.PRE_COMMIT, before, after))
        before = _content(root, setup_files.GITLAB)
        if before:
            found.append((setup_files.GITLAB, before, setup_files.with_job(before, __version__)))
        elif not _content(root, setup_files.WORKFLOW):
            found.append((setup_files.WORKFLOW, "", setup_files.workflow(__version__)))
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}")
        return USAGE
    return found


def _content(root: Path, path: str) -> str:
    """Return the content of a file; empty if it does not exist. Raises `OSError` for a link out of the repository."""
    from flake8_training.source_file import Refused, Root

    inside = Root(root)
    if not inside.contains(path):
        raise Refused(path, "a link that leaves the repository")
    try:
        return inside.read(path, MAX_BYTES).decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise Refused(path, "no UTF-8 text") from None


def _difference(path: str, before: str, after: str) -> str:
    """Return the change as a diff that is safe to print."""
    from flake8_training.printable import escaped

    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), path if before else "/dev/null", path, lineterm=""
    )
    return "".join(f"{escaped(line)}\n" for line in lines)
