"""The options of ``check``, and the values that they accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_training.named_tuple import NamedTuple
from flake8_training.spelling import did_you_mean

if TYPE_CHECKING:
    import argparse

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "rdjson")
SILENT = ("text", "github")
"""The formats whose report of no findings is empty."""

DESCRIPTION = """\
Check the steps and launchers of the named files, or of the whole repository.
Nothing is run or imported."""
EPILOG = """\
exit codes:
  0  no finding of severity error
  1  at least one error; with --strict, at least one finding
  2  usage or configuration error, or a report cannot be written

examples:
  training-alignment check
  training-alignment check src/train.py --strict
  training-alignment check --format text --format sarif:training.sarif
  training-alignment check --write-baseline training-baseline.json

The section [tool.flake8-training] of pyproject.toml holds the defaults; options
on the command line override it."""


class Report(NamedTuple):
    """A report that the user asks for: its format, and the file that it goes to (None: standard output)."""

    format: str
    file: str | None = None


def _refused(message: str) -> Exception:
    """Return the error that the parser reports with a message."""
    from argparse import ArgumentTypeError

    return ArgumentTypeError(message)


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``check``."""
    import argparse

    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="files or folders; without any, the whole repository is checked; - is standard input",
    )
    parser.add_argument(
        "--stdin-display-name",
        metavar="FILE",
        help="the file whose content standard input holds: the file - is checked as this one",
    )
    parser.add_argument("--all", action="store_true", help="check the whole repository and ignore FILE")
    parser.add_argument(
        "--root",
        default=".",
        metavar="FOLDER",
        help="any folder of the repository; by default the current folder",
    )
    add_choice(parser)
    _add_reports(parser)
    _add_baseline(parser)
    parser.add_argument(
        "--show-files", action="store_true", help="list the files that the check covers, and no findings"
    )
    parser.add_argument(
        "--show-settings",
        action="store_true",
        help="print the settings and where they come from; check nothing",
    )
    parser.add_argument(
        "--watch", action="store_true", help="check again whenever a file changes, until it is interrupted"
    )
    from training_alignment.fixes.options import add_options

    add_options(parser)
    parser.add_argument("--strict", action="store_true", default=None, help="exit with 1 for any finding")
    parser.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        help="keep results of this run in FOLDER for the next one; by default in the git directory",
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="neither keep results nor use those of earlier runs"
    )
    parser.add_argument(
        "--jobs",
        type=_jobs,
        metavar="N",
        help="the most processes that check a large repository; by default one for each usable core",
    )
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 although there are findings")


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Add the options that select findings."""
    parser.add_argument(
        "--select", type=_codes, metavar="CODES", help="report only codes with these prefixes: TRN1,TRN201"
    )
    parser.add_argument("--ignore", type=_codes, metavar="CODES", help="report no codes with these prefixes")
    parser.add_argument(
        "--levels",
        type=_levels,
        metavar="LEVELS",
        help="report only findings of these levels, from 1 to 4: 2,3",
    )


def _add_reports(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        type=_report,
        action="append",
        metavar="FORMAT[:FILE]",
        help=f"the format of the report ({', '.join(FORMATS)}; text by default), and the file that it goes to; "
        "repeat it for several reports",
    )
    parser.add_argument(
        "--output-file", metavar="FILE", help="write the report without a file of its own there"
    )
    parser.add_argument(
        "--show-unknown",
        action="store_true",
        help="list the questions without an answer, with the place and the reason, and the number of all questions "
        "(formats text and json)",
    )
    parser.add_argument(
        "--statistics", action="store_true", help="count the findings of each code, below the report"
    )


def _add_baseline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help="do not report the findings that FILE lists; an empty name ignores the baseline of pyproject.toml",
    )
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write all findings to FILE as the baseline, and report none"
    )


def reports(arguments: argparse.Namespace) -> list[Report]:
    """Return the reports that the command line asks for. Raises `ValueError` if two go to one place."""
    asked: list[Report] = arguments.format or [Report("text")]
    found = [
        one._replace(file=arguments.output_file) if one.file is None and arguments.output_file else one
        for one in asked
    ]
    places = [one.file for one in found]
    for place in places:
        if places.count(place) > 1:
            where = "standard output" if place is None else place
            raise ValueError(f"two reports on {where}: name a file for one, as in --format sarif:FILE")
    if arguments.output_file and all(one.file is not None for one in asked):
        raise ValueError("--output-file: each report has a file of its own")
    return found


def _report(argument: str) -> Report:
    """Return the report of ``FORMAT`` or ``FORMAT:FILE``. Raises ``ArgumentTypeError`` for an unknown format."""
    name, colon, file = argument.partition(":")
    if name not in FORMATS:
        from flake8_training.spelling import closest

        near = closest(name, FORMATS)
        hint = f"did you mean {near}?" if near else f"choose from {', '.join(FORMATS)}"
        raise _refused(f"invalid choice: {name!r} ({hint})")
    if colon and not file:
        raise _refused(f"{argument} names no file")
    return Report(name, file or None)


def _codes(argument: str) -> tuple[str, ...]:
    """Return the comma-separated prefixes of codes. Raises ``ArgumentTypeError`` if one is a prefix of no code."""
    codes = tuple(code.strip().upper() for code in argument.split(",") if code.strip())
    from flake8_training.rules.catalogue import CATALOGUE
    from flake8_training.spelling import closest

    for code in codes:
        if not any(known.startswith(code) for known in CATALOGUE):
            near = closest(code, CATALOGUE)
            raise _refused(f"{code} begins no code{did_you_mean(near)}")
    return codes


def _jobs(argument: str) -> int | None:
    """Return a number of processes; None for one for each core. Raises ``ArgumentTypeError`` for anything else."""
    if argument == "auto":
        return None
    if not argument.isascii() or not argument.isdigit() or int(argument[:9]) < 1:
        raise _refused(f"{argument} is no number of processes: 1, 2, ... or auto")
    return int(argument[:9])


def _levels(argument: str) -> tuple[int, ...]:
    """Return the comma-separated levels. Raises ``ArgumentTypeError`` if one is not a level."""
    words = [word.strip() for word in argument.split(",") if word.strip()]
    wrong = [word for word in words if word not in ("1", "2", "3", "4")]
    if wrong or not words:
        raise _refused(f"{wrong[0] if wrong else 'nothing'} is no level from 1 to 4")
    return tuple(int(word) for word in words)
