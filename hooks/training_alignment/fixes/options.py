"""The options of ``check`` for fixes, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training_alignment.exit_codes import FINDINGS, OK
from training_alignment.output import complain, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from training_alignment.checking.run import Choice, Outcome


def add_options(verb: argparse.ArgumentParser) -> None:
    """Declare the options of ``check``."""
    verb.add_argument("--fix", action="store_true", help="apply the safe fixes, and report what is left")
    verb.add_argument(
        "--diff",
        action="store_true",
        help="print the safe fixes as a diff and change no file; exit with 1 for any",
    )
    verb.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff, also apply fixes that may not be meant",
    )


def usage_error(arguments: argparse.Namespace) -> str:
    """Return a message about options that do not go together, or an empty string."""
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        return "--unsafe-fixes needs --fix or --diff"
    if (arguments.fix or arguments.diff) and arguments.show_unknown:
        return "--show-unknown does not go with --fix or --diff"
    return ""


def show_difference(
    root: str | Path, files: Sequence[str | Path] | None, choice: Choice, *, unsafe: bool
) -> int:
    """Print the fixes as a diff; return 1 if there is one."""
    from training_alignment.fixes.writing import difference

    fixed = _fixed(root, files, choice, unsafe=unsafe)
    if not fixed.after:
        return OK
    write(difference(fixed.before, fixed.after))
    complain(f"{fixed.count} {_findings(fixed.count)} would be fixed")
    return FINDINGS


def fix(root: str | Path, files: Sequence[str | Path] | None, choice: Choice, *, unsafe: bool) -> Outcome:
    """Write the fixed files; return the outcome of the check afterwards."""
    from training_alignment.checking.run import check_repository
    from training_alignment.fixes.writing import write_file
    from training_alignment.repository.root import find_root

    fixed = _fixed(root, files, choice, unsafe=unsafe)
    outcome, failed = fixed.outcome, False
    for path, after in sorted(fixed.after.items()):
        try:
            write_file(find_root(root), path, fixed.before[path], after)
        except OSError as error:
            complain(f"{path}: not fixed: {error.strerror}")
            failed = True
    if failed:
        outcome = check_repository(root, files, choice)
    elif fixed.count:
        number = len(fixed.after)
        complain(f"{fixed.count} {_findings(fixed.count)} fixed in {number} file{'s' if number > 1 else ''}")
    return outcome


def _findings(count: int) -> str:
    return "finding" if count == 1 else "findings"


def _fixed(root: str | Path, files: Sequence[str | Path] | None, choice: Choice, *, unsafe: bool) -> Fixed:
    from flake8_training.configuration import read_configuration
    from training_alignment.checking.request import requested_paths
    from training_alignment.fixes.rounds import Rounds
    from training_alignment.repository.repository import Repository
    from training_alignment.repository.root import find_root

    root = find_root(root)
    configuration = read_configuration(root)
    repository = Repository.open(root)
    requested = None if files is None else list(requested_paths(repository, files))
    return Rounds(root, repository.files, configuration, requested, choice, unsafe=unsafe).run()


if TYPE_CHECKING:
    from training_alignment.fixes.rounds import Fixed
