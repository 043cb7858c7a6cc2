"""The verbs of the command: each takes the parsed command line, returns an exit code.

Each function imports only what it needs, because ``check`` runs for every commit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training_alignment.exit_codes import FINDINGS, OK, USAGE
from training_alignment.output import complain, is_coloured, is_terminal, say, write

if TYPE_CHECKING:
    import argparse

    from flake8_training.rules.rule import Rule
    from training_alignment.checking.run import Outcome
    from training_alignment.launches.overview import StartedStep
    from training_alignment.repository.repository import Repository
    from training_alignment.steps.discovery import Discovery


def check(arguments: argparse.Namespace) -> int:
    """Check steps and launchers."""
    from training_alignment.checking.run import Choice, check_repository
    from training_alignment.fixes import options as fixes
    from training_alignment.repository.git import taken_away

    choice = Choice(arguments.select, arguments.ignore, arguments.levels, arguments.strict)
    root = Path(arguments.root)
    files = None
    if arguments.files and not arguments.all:
        message = _outside(arguments.files, root) or _missing(arguments.files, root)
        if message:
            complain(message)
            return USAGE
        files = [*arguments.files, *(root / path for path in taken_away(root))]
    with_verdicts: bool = arguments.show_unknown
    if with_verdicts and arguments.format not in _WITH_VERDICTS:
        complain(f"--show-unknown has no report in the format {arguments.format}: use text or json")
        return USAGE
    message = fixes.usage_error(arguments)
    if message:
        complain(message)
        return USAGE
    if arguments.diff:
        return fixes.show_difference(root, files, choice, unsafe=arguments.unsafe_fixes)
    if arguments.fix:
        outcome = fixes.fix(root, files, choice, unsafe=arguments.unsafe_fixes)
    else:
        outcome = check_repository(root, files, choice, with_verdicts=with_verdicts)
    report = (_WITH_VERDICTS if with_verdicts else _REPORTS)[arguments.format](outcome)
    if report:
        write(report)
    for path in outcome.cut_short:
        complain(f"{path}: unknown values are not reported: the limit on steps for one file is reached")
    if outcome.unfollowed:
        first, *more = outcome.unfollowed
        others = f" and {len(more)} other files" if more else ""
        complain(f"{first}{others}: not followed: the limit on steps for one check is reached")
    if is_terminal(sys.stderr):
        from training_alignment.reports.summary_text import summary_text

        covered = outcome.checked
        counts = (covered.launchers, covered.steps, covered.files) if covered is not None else ()
        say(summary_text(outcome.findings, *counts))
    if outcome.misconfigured:
        return USAGE
    return FINDINGS if outcome.failed else OK


def _outside(files: list[str], folder: Path) -> str:
    """Return a message about the first existing file of another repository, or an empty string.

    Such a file would silently be left out of the check.
    """
    outside = [
        file for file in files if (os.path.isabs(file) or file.startswith("..")) and os.path.exists(file)
    ]
    if not outside:
        return ""
    from training_alignment.repository.root import find_root

    root = os.path.realpath(find_root(folder))
    for file in outside:
        # a link in the repository may point anywhere
        whole = os.path.join(os.path.realpath(os.path.dirname(file)), os.path.basename(file))
        if not any(Path(path).is_relative_to(root) for path in (whole, os.path.realpath(file))):
            return f"{file} is not in {root}: name its repository with --root"
    return ""


def _missing(files: list[str], folder: Path) -> str:
    """Return a message about the first file that neither exists nor was deleted by a commit, or an empty string."""
    from training_alignment.repository.git import knew
    from training_alignment.repository.root import find_root

    for file in files:
        if not os.path.lexists(file) and not knew(find_root(folder), os.path.abspath(file)):
            return f"{file}: no such file or folder"
    return ""


def _text(outcome: Outcome) -> str:
    from training_alignment.reports.findings_text import findings_text

    return findings_text(outcome.findings, coloured=is_coloured(sys.stdout))


def _json(outcome: Outcome) -> str:
    from training_alignment.reports.findings_json import findings_json

    return findings_json(outcome.findings)


def _sarif(outcome: Outcome) -> str:
    from training_alignment.reports.findings_sarif import findings_sarif

    return findings_sarif(outcome.findings, outcome.rules)


def _github(outcome: Outcome) -> str:
    from training_alignment.reports.findings_github import findings_github

    return findings_github(outcome.findings)


def _junit(outcome: Outcome) -> str:
    from training_alignment.reports.findings_junit import findings_junit

    return findings_junit(outcome.findings)


_REPORTS: dict[str, Callable[[Outcome], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "junit": _junit,
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


def server(_: argparse.Namespace) -> int:
    """Start the language server."""
    from training_alignment.server.options import serve

    return serve()


def steps(arguments: argparse.Namespace) -> int:
    """Show the steps, and what the launchers start."""
    from training_alignment.checking.run import find_steps
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.steps_text import started_data, step_data, steps_text

    discovery = find_steps(Path(arguments.root))
    started = _started(discovery)
    data = [*(step_data(step) for step in discovery.steps), *map(started_data, started)]
    write(json_text(data) if arguments.format == "json" else steps_text(discovery.steps, started))
    for error in discovery.configuration_errors:
        complain(f"{error.path} line {error.line}: {error.message}")
    return USAGE if discovery.configuration_errors else OK


def _started(discovery: Discovery) -> list[StartedStep]:
    """Return what the launchers of a repository start that are in no step."""
    from training_alignment.launches.overview import started_steps

    known = {path for step in discovery.steps for path in step.paths}
    return list(started_steps(discovery.repository, known))


def graph(arguments: argparse.Namespace) -> int:
    """Draw the data flow between the steps."""
    from flake8_training.spelling import closest
    from training_alignment.checking.run import check_repository, find_steps
    from training_alignment.reports.graph_text import dot, mermaid, picture
    from training_alignment.steps.graph_reading import graph_of

    discovery = find_steps(Path(arguments.root))
    findings = check_repository(Path(arguments.root)).findings
    shown = picture(graph_of(discovery), findings, _started(discovery))
    if arguments.step is not None:
        named = [name for name in shown.boxes if arguments.step in (name, name.rpartition("_")[0])]
        if not named:
            near = closest(arguments.step, shown.boxes)
            hint = f", did you mean {near}?" if near else ""
            complain(f"{arguments.step} is no step{hint}")
            return USAGE
        shown = shown.around(named)
    write(mermaid(shown) if arguments.format == "mermaid" else dot(shown))
    return OK


def facts(arguments: argparse.Namespace) -> int:
    """Show the facts of a script, and what a launcher passes to its jobs."""
    from training_alignment.launches.launch_summary import launcher_facts
    from training_alignment.reports.facts_text import facts_text
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.launches_text import launches_text
    from training_alignment.script_api import UnreadableScript
    from training_alignment.script_api import facts as facts_of

    path: str = arguments.script
    try:
        launches = launcher_facts(path, _step_scripts)
        # A notebook or a data file is not a script; if it starts no job, it has no facts.
        found = None if launches and not path.endswith(".py") else facts_of(path)
    except UnreadableScript as error:
        complain(str(error))
        return USAGE
    except Exception as error:
        complain(f"{path}: internal error of the checker, {type(error).__name__} {error}")
        return USAGE
    if arguments.format == "json":
        shown: dict[str, object] = {"path": path} if found is None else {**found}
        write(json_text({**shown, "launches": launches} if launches else shown))
        return OK
    if found is not None and (found["is_training_script"] or not launches):
        write(facts_text(found))
    if launches:
        write(launches_text(path, launches))
    return OK


def _step_scripts(repository: Repository) -> dict[str, str]:
    from training_alignment.checking.selection import step_scripts

    return step_scripts(repository)


def explain(arguments: argparse.Namespace) -> int:
    """Explain a code."""
    from flake8_training.rules.pages import data, page
    from flake8_training.spelling import closest
    from training_alignment.reports.json_text import json_text

    rule = next((rule for rule in _every_rule() if rule.code == arguments.code), None)
    if rule is None:
        near = closest(arguments.code, [rule.code for rule in _every_rule()])
        hint = f", did you mean {near}?" if near else ""
        complain(f"{arguments.code} is no code{hint}")
        return USAGE
    write(json_text(data(rule)) if arguments.format == "json" else page(rule).rstrip())
    return OK


def rules(arguments: argparse.Namespace) -> int:
    """List the rules."""
    from flake8_training.rules.pages import data
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.screen import columns

    if arguments.format == "json":
        write(json_text([data(rule) for rule in _every_rule()]))
    else:
        write("\n".join(columns([(rule.code, str(rule.severity), rule.summary) for rule in _every_rule()])))
    return OK


def _every_rule() -> tuple[Rule[Any], ...]:
    from flake8_training.rules import registry
    from training_alignment.rules.step_rule import PACKAGE

    return registry.rules(PACKAGE)
