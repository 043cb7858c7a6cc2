"""The parser of the command line. ``cli`` imports it for all but the usual words of ``check``."""

from __future__ import annotations

import argparse
from typing import NoReturn

from flake8_training import __version__
from training_alignment import output
from training_alignment.fixes.options import add_options as add_fix_options

SERVER_TITLE = "start the language server on standard input and output (extra: lsp)"
FORMATS = ("text", "json", "sarif", "github", "junit")
"""The formats of the report of ``check``."""


def parser() -> argparse.ArgumentParser:
    command = _Parser(
        prog="training-alignment",
        description="Checks SageMaker training steps before the training job does.",
    )
    command.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        default=argparse.SUPPRESS,
        help="print this version and those of the packages behind the tables, and exit",
    )
    verbs = command.add_subparsers(required=True, metavar="VERB")

    verb = verbs.add_parser("check", help="check the steps of the named files, or the whole repository")
    verb.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="files or folders; without any, the whole repository is checked",
    )
    verb.add_argument("--all", action="store_true", help="check the whole repository and ignore FILE")
    verb.add_argument(
        "--root",
        default=".",
        metavar="FOLDER",
        help="any folder of the repository; by default the current folder",
    )
    verb.add_argument("--format", choices=FORMATS, default="text", help="the format of the report")
    verb.add_argument(
        "--select", type=_codes, metavar="CODES", help="report only codes with these prefixes: TRN1,TRN201"
    )
    verb.add_argument("--ignore", type=_codes, metavar="CODES", help="report no codes with these prefixes")
    verb.add_argument(
        "--levels",
        type=_levels,
        metavar="LEVELS",
        help="report only findings of these levels, from 1 to 4: 2,3",
    )
    verb.add_argument(
        "--show-unknown",
        action="store_true",
        help="list the questions without an answer, with the place and the reason, and the number of all questions "
        "(formats text and json)",
    )
    verb.add_argument("--strict", action="store_true", default=None, help="exit with 1 for any finding")
    verb.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        help="keep results of this run in FOLDER for the next one; by default in the git directory",
    )
    verb.add_argument(
        "--no-cache", action="store_true", help="neither keep results nor use those of earlier runs"
    )
    add_fix_options(verb)
    verb.set_defaults(verb="check")

    verb = verbs.add_parser("steps", help="list the steps with their files, and why each file was chosen")
    verb.add_argument(
        "--root",
        default=".",
        metavar="FOLDER",
        help="any folder of the repository; by default the current folder",
    )
    _add_format(verb)
    verb.set_defaults(verb="steps")

    verb = verbs.add_parser(
        "graph", help="draw the steps and the data flow between them; steps with findings are marked"
    )
    verb.add_argument(
        "--root",
        default=".",
        metavar="FOLDER",
        help="any folder of the repository; by default the current folder",
    )
    verb.add_argument(
        "--format", choices=("mermaid", "dot"), default="mermaid", help="the format of the graph"
    )
    verb.add_argument("--step", metavar="NAME", help="draw only this step and its direct neighbours")
    verb.set_defaults(verb="graph")

    verb = verbs.add_parser(
        "facts", help="show what a script needs and does, or what a launcher passes to its jobs"
    )
    verb.add_argument("script", metavar="SCRIPT", help="a Python file, or a notebook that is a launcher")
    _add_format(verb)
    verb.set_defaults(verb="facts")

    verb = verbs.add_parser("server", help=SERVER_TITLE)
    verb.set_defaults(verb="server")

    verb = verbs.add_parser("explain", help="explain a code: what it means and how to fix it")
    verb.add_argument("code", metavar="CODE", type=str.upper, help="a code such as TRN104")
    _add_format(verb)
    verb.set_defaults(verb="explain")

    verb = verbs.add_parser("rules", help="list the rules")
    _add_format(verb)
    verb.set_defaults(verb="rules")
    return command


class _Parser(argparse.ArgumentParser):
    """Reports a usage error on one safe line, since a hook may pass file names with any characters."""

    def error(self, message: str) -> NoReturn:
        from flake8_training.printable import printable

        super().error(printable(message))


class _Version(argparse.Action):
    """Prints the version of the tool and of the packages behind the SageMaker tables, and exits."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from flake8_training.sagemaker.table_files import all_versions

        tables = ", ".join(f"{package} {version}" for package, version in all_versions().items())
        output.write(f"{parser.prog} {__version__} (tables of SageMaker from {tables})")
        parser.exit()


def _add_format(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--format", choices=("text", "json"), default="text", help="the format of the output")


def _codes(argument: str) -> tuple[str, ...]:
    """Return the comma-separated prefixes of codes. Raises ``ArgumentTypeError`` if one is a prefix of no code."""
    codes = tuple(code.strip().upper() for code in argument.split(",") if code.strip())
    from flake8_training.rules.catalogue import CATALOGUE
    from flake8_training.spelling import closest

    for code in codes:
        if not any(known.startswith(code) for known in CATALOGUE):
            near = closest(code, CATALOGUE)
            raise argparse.ArgumentTypeError(
                f"{code} begins no code{f', did you mean {near}?' if near else ''}"
            )
    return codes


def _levels(argument: str) -> tuple[int, ...]:
    """Return the comma-separated levels. Raises ``ArgumentTypeError`` if one is not a level."""
    words = [word.strip() for word in argument.split(",") if word.strip()]
    wrong = [word for word in words if word not in ("1", "2", "3", "4")]
    if wrong or not words:
        raise argparse.ArgumentTypeError(f"{wrong[0] if wrong else 'nothing'} is no level from 1 to 4")
    return tuple(int(word) for word in words)
