"""The verb ``check``: the check itself, its reports and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from training_alignment.check_options import Report, reports
from training_alignment.exit_codes import FINDINGS, OK, USAGE
from training_alignment.output import complain, is_coloured, is_terminal, say, write, write_file

if TYPE_CHECKING:
    import argparse

    from flake8_training.finding import Finding
    from training_alignment.checking.request import OpenedFiles
    from training_alignment.checking.run import Choice, Outcome

_STDIN = "-"


def check(arguments: argparse.Namespace, gone: Sequence[str] = (), opened: OpenedFiles | None = None) -> int:
    """Check steps and launchers, once or whenever a file changes.

    ``gone`` are the files that the commit deletes. ``opened`` holds the files in their repository, if it has been
    opened.
    """
    message = _usage_error(arguments)
    if message:
        complain(message)
        return USAGE
    if arguments.show_settings:
        return _show_settings(arguments)
    if arguments.watch:
        return _watch(arguments)
    return _check_once(arguments, gone, opened)


def _usage_error(arguments: argparse.Namespace) -> str:
    """Return a message about options that do not go together, or about a file; an empty string if all is right."""
    try:
        asked = reports(arguments)
    except ValueError as error:
        return str(error)
    if arguments.show_unknown:
        for one in asked:
            if one.format not in _WITH_VERDICTS:
                return f"--show-unknown has no report in the format {one.format}: use text or json"
    root: str = arguments.root
    if arguments.fix or arguments.diff or arguments.unsafe_fixes:
        from training_alignment.fixes.options import usage_error

        if message := usage_error(arguments):
            return message
    if _STDIN in arguments.files:
        if arguments.fix or arguments.diff:
            return "--fix and --diff change files, not standard input"
        if not arguments.stdin_display_name:
            return "-: --stdin-display-name has to name the file that standard input holds"
        if arguments.watch:
            return "--watch has nothing to watch in standard input"
    if arguments.files and not arguments.all:
        files = [file for file in arguments.files if file != _STDIN]
        if _STDIN in arguments.files and _inside(arguments.stdin_display_name, root) is None:
            return f"{arguments.stdin_display_name} is not in the repository: name its repository with --root"
        return _outside(files, root) or _missing(files, root)
    return ""


def _inside(file: str, folder: str) -> str | None:
    """Return the path of a file, which need not exist, in the repository around a folder; None if it is outside."""
    from training_alignment.repository.repository import Repository
    from training_alignment.repository.root import find_root

    return Repository(find_root(folder), ()).relative(file)


def _standard_input() -> bytes:
    """Return what standard input holds. Raises `Refused` for more than a file may hold."""
    from flake8_training.source_file import Refused
    from training_alignment.artefacts.read_error import MAX_BYTES

    stream = getattr(sys.stdin, "buffer", None)
    data: bytes = stream.read(MAX_BYTES + 1) if stream is not None else b""
    if len(data) > MAX_BYTES:
        raise Refused(_STDIN, f"larger than {MAX_BYTES:,} bytes")
    return data


def _check_once(
    arguments: argparse.Namespace, gone: Sequence[str] = (), opened: OpenedFiles | None = None
) -> int:
    from training_alignment.checking.run import check_repository

    root: str = arguments.root
    choice = _choice(arguments)
    if isinstance(choice, str):
        complain(choice)
        return USAGE
    files = None
    unsaved: dict[str, bytes] = {}
    if _STDIN in arguments.files:
        try:
            unsaved[arguments.stdin_display_name] = _standard_input()
        except OSError as error:
            complain(f"standard input: {error.strerror}")
            return USAGE
    if arguments.files and not arguments.all:
        named = [arguments.stdin_display_name if file == _STDIN else file for file in arguments.files]
        files = [*named, *(os.path.join(root, path) for path in gone)]
    if arguments.diff:
        from training_alignment.fixes.options import show_difference

        return show_difference(root, files, choice, unsafe=arguments.unsafe_fixes)
    progress = None
    if is_terminal(sys.stderr):
        from training_alignment.progress import Progress

        progress = Progress(sys.stderr)
    try:
        if arguments.fix:
            from training_alignment.fixes.options import fix

            outcome = fix(root, files, choice, unsafe=arguments.unsafe_fixes)
        else:
            outcome = check_repository(
                root,
                files,
                choice,
                with_verdicts=arguments.show_unknown,
                progress=progress,
                unsaved=unsaved,
                opened=opened,
                merge_copies=arguments.write_baseline is None,
                jobs=arguments.jobs,
            )
    finally:
        if progress is not None:
            progress.clear()
    if outcome.problem:
        complain(f"{outcome.problem} (--write-baseline writes it)")
        return USAGE
    if arguments.write_baseline is not None:
        return _write_baseline(arguments.write_baseline, outcome)
    if arguments.show_files:
        write("\n".join(_files(outcome)), end="\n" if outcome.checked else "")
        return OK
    for one in reports(arguments):
        _write_report(one, outcome, with_verdicts=arguments.show_unknown)
    if arguments.statistics:
        _write_statistics(outcome.findings, reports(arguments))
    _tell(outcome)
    if outcome.misconfigured:
        return USAGE
    return FINDINGS if outcome.failed and not arguments.exit_zero else OK


def _choice(arguments: argparse.Namespace) -> Choice | str:
    """Return the chosen findings, or a message about the baseline."""
    from training_alignment.checking.run import Choice

    baseline: str | None = arguments.baseline
    if arguments.write_baseline is not None:
        baseline = ""
    elif baseline:
        inside = _inside(baseline, arguments.root)
        if inside is None:
            return f"{baseline} is not in the repository"
        baseline = inside
    return Choice(arguments.select, arguments.ignore, arguments.levels, arguments.strict, baseline)


def _write_report(report: Report, outcome: Outcome, *, with_verdicts: bool) -> None:
    coloured = report.file is None and is_coloured(sys.stdout)
    text = _WITH_VERDICTS[report.format](outcome) if with_verdicts else _text_of(report, outcome, coloured)
    if report.file is not None:
        write_file(report.file, f"{text}\n" if text else "")
    elif text:
        write(text)


def _text_of(report: Report, outcome: Outcome, coloured: bool) -> str:
    if report.format == "text":
        from training_alignment.reports.findings_text import findings_text

        return findings_text(outcome.findings, coloured=coloured)
    return _REPORTS[report.format](outcome)


def _tell(outcome: Outcome) -> None:
    """Report on standard error what the reports do not hold."""
    for path in outcome.cut_short:
        complain(f"{path}: unknown values are not reported: the limit on steps for one file is reached")
    if outcome.unfollowed:
        first, *more = outcome.unfollowed
        others = f" and {len(more)} other files" if more else ""
        complain(f"{first}{others}: not followed: the limit on steps for one check is reached")
    if outcome.stale:
        first_entry, count = outcome.stale[0], len(outcome.stale)
        entries = "1 entry of the baseline is" if count == 1 else f"{count} entries of the baseline are"
        complain(
            f"{entries} no longer found, such as {first_entry.code} in {first_entry.path}: "
            "--write-baseline writes it again"
        )
    if is_terminal(sys.stderr):
        from training_alignment.reports.summary_text import summary_text

        covered = outcome.checked
        counts = (covered.launchers, covered.steps, covered.files) if covered is not None else ()
        known = f" ({outcome.known} in the baseline)" if outcome.known else ""
        say(summary_text(outcome.findings, *counts) + known)


def _write_baseline(file: str, outcome: Outcome) -> int:
    from flake8_training.baseline import Baseline
    from flake8_training.finding import with_paths
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.places import from_root

    if outcome.misconfigured:
        complain("the configuration is wrong: no baseline is written")
        return USAGE
    baseline = Baseline.of(with_paths(outcome.findings, from_root(outcome.root)))
    write_file(file, json_text(baseline.data) + "\n")
    count = sum(baseline.known.values())
    say(f"{file}: {count} finding{'' if count == 1 else 's'}")
    return OK


def _files(outcome: Outcome) -> list[str]:
    """Return the files that the check covered, as seen from the current folder."""
    if outcome.checked is None:
        return []
    from flake8_training.printable import escaped

    return [
        escaped(os.path.relpath(os.path.join(outcome.root, path)).replace(os.sep, "/"))
        for path in outcome.checked.paths
    ]


def _write_statistics(findings: Sequence[Finding], asked: Sequence[Report]) -> None:
    """Write the number of findings of each code: to standard output if the text report is there."""
    from training_alignment.reports.statistics import statistics_text

    text = statistics_text(findings)
    if not text:
        return
    if any(one.file is None and one.format != "text" for one in asked):
        for line in text.split("\n"):
            say(line)
    else:
        write(text)


def _show_settings(arguments: argparse.Namespace) -> int:
    from flake8_training.configuration import read_configuration
    from training_alignment.reports.settings_text import settings_text
    from training_alignment.repository.root import find_root

    choice = _choice(arguments)
    if isinstance(choice, str):
        complain(choice)
        return USAGE
    root = find_root(arguments.root)
    configuration = read_configuration(root)
    chosen = choice.or_else(configuration)
    write(
        settings_text(
            configuration,
            os.fspath(root),
            {
                "select": chosen.select,
                "ignore": chosen.ignore,
                "levels": chosen.levels,
                "strict": chosen.strict,
                "baseline": chosen.baseline,
            },
            {
                name
                for name in ("select", "ignore", "levels", "strict", "baseline")
                if getattr(choice, name) is not None
            },
        )
    )
    for error in configuration.errors:
        complain(str(error))
    return USAGE if configuration.errors else OK


def _watch(arguments: argparse.Namespace) -> int:
    """Check whenever a file changes, until the user interrupts it."""
    from pathlib import Path

    from training_alignment.checking.watching import changes

    for changed in changes(Path(arguments.root)):
        if changed and is_terminal(sys.stdout):
            write("\x1b[2J\x1b[H", end="")
        code = _check_once(arguments)
        say(f"Watching for changes, exit code {code} so far. Press Ctrl-C to stop.")
        sys.stdout.flush()
    return OK


def _outside(files: list[str], folder: str) -> str:
    """Return a message about the first existing file of another repository, or an empty string.

    Such a file would silently be left out of the check.
    """
    outside = [
        file for file in files if (os.path.isabs(file) or file.startswith("..")) and os.path.exists(file)
    ]
    if not outside:
        return ""
    from pathlib import Path

    from training_alignment.repository.root import find_root

    root = os.path.realpath(find_root(folder))
    for file in outside:
        # a link in the repository may point anywhere
        whole = os.path.join(os.path.realpath(os.path.dirname(file)), os.path.basename(file))
        if not any(Path(path).is_relative_to(root) for path in (whole, os.path.realpath(file))):
            return f"{file} is not in {root}: name its repository with --root"
    return ""


def _missing(files: list[str], folder: str) -> str:
    """Return a message about the first file that neither exists nor was deleted by a commit, or an empty string."""
    from training_alignment.repository.git import knew
    from training_alignment.repository.root import find_root

    for file in files:
        if not os.path.lexists(file) and not knew(find_root(folder), os.path.abspath(file)):
            return f"{file}: no such file or folder"
    return ""


def _json(outcome: Outcome) -> str:
    from training_alignment.reports.findings_json import findings_json

    return findings_json(outcome.findings)


def _sarif(outcome: Outcome) -> str:
    from training_alignment.reports.findings_sarif import findings_sarif
    from training_alignment.reports.places import Sources

    top = _top(outcome)
    return findings_sarif(_at_the_top(outcome), tuple(outcome.rules), Sources(top), top)


def _github(outcome: Outcome) -> str:
    from training_alignment.reports.findings_github import findings_github

    return findings_github(_at_the_top(outcome))


def _gitlab(outcome: Outcome) -> str:
    from training_alignment.reports.findings_gitlab import findings_gitlab

    return findings_gitlab(_at_the_top(outcome))


def _rdjson(outcome: Outcome) -> str:
    from training_alignment.reports.findings_rdjson import findings_rdjson
    from training_alignment.reports.places import Sources

    return findings_rdjson(_at_the_top(outcome), Sources(_top(outcome)))


def _junit(outcome: Outcome) -> str:
    from training_alignment.reports.findings_junit import findings_junit

    return findings_junit(_at_the_top(outcome))


def _top(outcome: Outcome) -> str:
    """Return the top folder of git's repository, or the root without git."""
    from flake8_training.source_file import repository_top

    return repository_top(outcome.root) or outcome.root


def _at_the_top(outcome: Outcome) -> list[Finding]:
    """Return the findings with paths from the repository's top, where the hosts of code look for them."""
    from flake8_training.finding import with_paths
    from training_alignment.reports.places import from_root

    return with_paths(outcome.findings, from_root(outcome.root, _top(outcome)))


_REPORTS: dict[str, Callable[[Outcome], str]] = {
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "rdjson": _rdjson,
}


def _text_with_verdicts(outcome: Outcome) -> str:
    from training_alignment.reports.findings_text import findings_text
    from training_alignment.reports.verdicts import verdicts_text

    found = outcome.verdicts
    texts = (findings_text(outcome.findings), verdicts_text(found.totals, found.unanswered, found.suppressed))
    return "\n\n".join(text for text in texts if text)


def _json_with_verdicts(outcome: Outcome) -> str:
    from training_alignment.reports.findings_json import finding_data
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.verdicts import verdicts_data

    found = outcome.verdicts
    data = verdicts_data(found.totals, found.unanswered, found.suppressed)
    return json_text({"findings": [finding_data(one) for one in outcome.findings], **data})


_WITH_VERDICTS: dict[str, Callable[[Outcome], str]] = {
    "text": _text_with_verdicts,
    "json": _json_with_verdicts,
}
