"""The command ``training-alignment``: reads the command line, and calls what does the work.

It is started by every commit, most of which touch no step: what does the work is imported when there is some.
"""

from __future__ import annotations

import argparse
import gc
import os
from typing import TYPE_CHECKING

from flake8_training import __version__
from training_alignment import output

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130
FORMATS = ("text", "json", "sarif", "github", "junit")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the given arguments; return its exit code.

    0 done, 1 findings, 2 usage error, or the report cannot be written, 130 interrupted.
    """
    # Syntax trees hold no cycles, and looking for some in them is a fifth of the work.
    gc.set_threshold(100_000)
    output.prepare()
    try:
        try:
            arguments = _parser().parse_args(argv)
            wrong = _not_there(arguments)
            if wrong:
                output.complain(wrong)
                return USAGE
            return OK if arguments.verb == "check" and _is_no_concern(arguments) else _run(arguments)
        finally:
            output.finish()
    except KeyboardInterrupt:
        return INTERRUPTED
    except output.Unwritable as error:
        output.complain(f"standard output: {error}")
        return USAGE


def _not_there(arguments: argparse.Namespace) -> str:
    """Say which folder the command cannot work in; empty if all is well."""
    root = getattr(arguments, "root", None)
    if root is None:
        return ""
    try:
        os.getcwd()
    except OSError as error:
        return f"the current folder: {error.strerror}"
    try:
        os.stat(root)
    except (OSError, ValueError) as error:
        return f"{root}: {error.strerror if isinstance(error, OSError) else error}"
    return ""


def _is_no_concern(arguments: argparse.Namespace) -> bool:
    """Whether none of the files that ``check`` is given can be of a step or a launcher, and nothing is to be said."""
    if arguments.format not in ("text", "github") or arguments.all or not arguments.files:
        return False
    from training_alignment.relevance import is_no_concern

    if not all(map(os.path.lexists, arguments.files)):
        return False
    return is_no_concern(arguments.files, arguments.root)


def _run(arguments: argparse.Namespace) -> int:
    from training_alignment import verbs

    code: int = getattr(verbs, arguments.verb)(arguments)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="training-alignment",
        description="Checks SageMaker training steps before the training job does.",
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="the version, and those of the packages behind the tables"
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    verb = verbs.add_parser("check", help="check the steps that files belong to, or the whole repository")
    verb.add_argument(
        "files", nargs="*", metavar="FILE", help="any files of steps; none for the whole repository"
    )
    verb.add_argument("--all", action="store_true", help="the whole repository, whatever files are given")
    verb.add_argument(
        "--root", default=".", metavar="FOLDER", help="the repository, if not around this folder"
    )
    verb.add_argument("--format", choices=FORMATS, default="text")
    verb.add_argument("--select", type=_codes, metavar="CODES", help="beginnings of codes: TRN1,TRN201")
    verb.add_argument("--ignore", type=_codes, metavar="CODES", help="beginnings of codes")
    verb.add_argument("--levels", type=_levels, metavar="LEVELS", help="levels from 1 to 4: 2,3")
    verb.add_argument("--strict", action="store_true", default=None, help="warnings fail too")
    verb.set_defaults(verb="check")

    verb = verbs.add_parser("steps", help="the steps found, which file plays which part, and why")
    verb.add_argument(
        "--root", default=".", metavar="FOLDER", help="the repository, if not around this folder"
    )
    _add_format(verb)
    verb.set_defaults(verb="steps")

    verb = verbs.add_parser("graph", help="the steps and what flows between them, those with findings marked")
    verb.add_argument(
        "--root", default=".", metavar="FOLDER", help="the repository, if not around this folder"
    )
    verb.add_argument("--format", choices=("mermaid", "dot"), default="mermaid")
    verb.add_argument("--step", metavar="NAME", help="this step, and those before and behind it")
    verb.set_defaults(verb="graph")

    verb = verbs.add_parser("facts", help="what a script needs and does, or what a launcher gives")
    verb.add_argument("script", metavar="SCRIPT")
    _add_format(verb)
    verb.set_defaults(verb="facts")

    verb = verbs.add_parser("explain", help="what a code means, why, and how to mend it")
    verb.add_argument("code", metavar="CODE", type=str.upper)
    _add_format(verb)
    verb.set_defaults(verb="explain")

    verb = verbs.add_parser("rules", help="every rule")
    _add_format(verb)
    verb.set_defaults(verb="rules")
    return parser


class _Version(argparse.Action):
    """Prints the version and what the tables of SageMaker were read from, and ends."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from flake8_training.sagemaker.table_files import all_versions

        tables = ", ".join(f"{package} {version}" for package, version in all_versions().items())
        output.write(f"{parser.prog} {__version__} (tables of SageMaker from {tables})")
        parser.exit()


def _add_format(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--format", choices=("text", "json"), default="text")


def _codes(text: str) -> tuple[str, ...]:
    """A list of beginnings of codes; raises where one begins no code."""
    codes = tuple(code.strip().upper() for code in text.split(",") if code.strip())
    from flake8_training.rules.catalogue import CATALOGUE
    from flake8_training.sagemaker.near import nearest

    for code in codes:
        if not any(known.startswith(code) for known in CATALOGUE):
            near = nearest(code, CATALOGUE)
            raise argparse.ArgumentTypeError(
                f"{code} begins no code{f', did you mean {near}?' if near else ''}"
            )
    return codes


def _levels(text: str) -> tuple[int, ...]:
    """A list of levels; raises where one is none."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    wrong = [word for word in words if word not in ("1", "2", "3", "4")]
    if wrong or not words:
        raise argparse.ArgumentTypeError(f"{wrong[0] if wrong else 'nothing'} is no level from 1 to 4")
    return tuple(int(word) for word in words)
