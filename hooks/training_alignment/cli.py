"""The command line of ``training-alignment``.

Every commit starts the command, and most commits touch no step. The modules that do the work are therefore imported
only when there is work.
"""

from __future__ import annotations

import gc
import os
import sys

from training_alignment import output
from training_alignment.exit_codes import INTERRUPTED, OK, USAGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import NoReturn


def command() -> NoReturn:
    """Run the command of this process, and end the process.

    All is written by then. The interpreter would still release each object, which takes a tenth of a check, and a
    fifth of a commit that touches no step. It does so where something waits for the end of the process.
    """
    code = main()
    if "atexit" in sys.modules or "threading" in sys.modules:
        sys.exit(code)
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with ``argv``; return its exit code.

    0 done, 1 findings, 2 usage error or a report that cannot be written, 130 interrupted.
    """
    # Syntax trees hold no cycles; the garbage collector would take a fifth of the run time to look for them.
    gc.set_threshold(500_000)
    output.prepare()
    try:
        try:
            words = sys.argv[1:] if argv is None else argv
            arguments = _usual(words)
            if arguments is None:
                from training_alignment.command_parser import parser

                arguments = parser().parse_args(words)
            message = _folder_error(arguments)
            if message:
                output.complain(message)
                return USAGE
            if arguments.verb != "check":
                return _run(arguments)
            return OK if _is_irrelevant(arguments) else _check(arguments)
        finally:
            output.finish()
    except KeyboardInterrupt:
        return INTERRUPTED
    except output.Unwritable as error:
        output.complain(f"{error.place}: {error}")
        return USAGE


def _folder_error(arguments: argparse.Namespace) -> str:
    """Return a message about the folder that the command cannot work in, or an empty string."""
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


def _is_irrelevant(arguments: argparse.Namespace) -> bool:
    """Return whether ``check`` has nothing to do: no file can be part of a step, and nothing has to be written."""
    if arguments.all or not arguments.files or arguments.output_file:
        return False
    if arguments.format:
        from training_alignment.check_options import SILENT

        if any(one.file is not None or one.format not in SILENT for one in arguments.format):
            return False
    if arguments.show_unknown or arguments.show_settings or arguments.watch or "-" in arguments.files:
        return False
    if arguments.baseline or arguments.write_baseline is not None:
        return False
    from training_alignment.checking.relevance import is_no_concern

    if not all(map(os.path.lexists, arguments.files)):
        return False
    return is_no_concern(arguments.files, arguments.root)


_MODULES = {
    "draft": "draft_command",
    "init": "init_command",
    "report": "report_command",
    "validate-config": "configuration_commands",
}
"""The modules of the verbs that are not in ``commands``."""


def _check(arguments: argparse.Namespace) -> int:
    """Check, or repeat what an earlier run has printed if nothing has changed since."""
    from training_alignment.checking.kept_run import KeptRun, deleted_by_commit

    gone = deleted_by_commit(arguments)
    kept = KeptRun.of(arguments, gone)
    if kept is not None:
        return kept.code(lambda: _checked(arguments, gone))
    return _checked(arguments, gone)


def _checked(arguments: argparse.Namespace, gone: Sequence[str]) -> int:
    """Check; without the modules of the analysis if the files belong to no step and no launcher."""
    opened = None
    if _is_plain(arguments):
        from training_alignment.checking.request import OpenedFiles

        files = [*arguments.files, *(os.path.join(arguments.root, path) for path in gone)]
        opened = OpenedFiles(arguments.root, files)
        if opened.is_nothing:
            return OK
    from training_alignment.check_command import check

    return check(arguments, gone, opened)


_OTHER_ENDS = (
    "all",
    "format",
    "output_file",
    "show_unknown",
    "statistics",
    "show_files",
    "show_settings",
    "watch",
    "fix",
    "diff",
    "unsafe_fixes",
    "baseline",
    "write_baseline",
)
"""Options with which a check prints something even if the files belong to nothing, or fails, or does something else."""


def _is_plain(arguments: argparse.Namespace) -> bool:
    """Return whether a check prints nothing if the files belong to nothing: existing files of the repository."""
    return (
        bool(arguments.files)
        and not any(getattr(arguments, option) not in (None, False) for option in _OTHER_ENDS)
        and not output.is_terminal(sys.stderr)
        and not any(
            file == "-"
            or os.path.isabs(file)
            or file.startswith("..")
            or not os.path.lexists(file)
            or os.path.isdir(file)
            for file in arguments.files
        )
    )


def _run(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    module = import_module(f"training_alignment.{_MODULES.get(arguments.verb, 'commands')}")
    code: int = getattr(module, arguments.verb.replace("-", "_"))(arguments)
    return code


class _Arguments:
    """The arguments of ``check`` with its defaults, as the parser returns them."""

    def __init__(self, files: list[str]) -> None:
        self.verb = "check"
        self.files = files
        self.root = "."
        self.stdin_display_name = self.output_file = self.cache_dir = None
        self.select = self.ignore = self.levels = self.format = self.strict = None
        self.baseline = self.write_baseline = self.jobs = None
        self.all = self.show_unknown = self.statistics = self.show_files = self.show_settings = False
        self.watch = self.fix = self.diff = self.unsafe_fixes = self.exit_zero = self.no_cache = False


def _usual(words: Sequence[str]) -> argparse.Namespace | None:
    """Return the arguments of a usual ``check``; None for all others, which the parser reads.

    Each commit starts the command, and the parser takes as long as the interpreter.
    """
    if not words or words[0] != "check":
        return None
    files = [word for word in words[1:] if not word.startswith("-")]
    flags = {word for word in words[1:] if word.startswith("-")}
    if not flags <= {"--all", "--no-cache", "--show-unknown"} or "" in words:
        return None
    if files and words[words.index(files[0], 1) :][: len(files)] != files:
        return None  # options between the files are an error
    arguments = _Arguments(files)
    arguments.all = "--all" in flags
    arguments.no_cache = "--no-cache" in flags
    arguments.show_unknown = "--show-unknown" in flags
    return arguments  # type: ignore[return-value]
