"""The verbs of the command: each takes the parsed command line, returns an exit code.

Each function imports only what it needs, because ``check`` runs for every commit.
"""

from __future__ import annotations

import os
import sys

from training_alignment.exit_codes import FINDINGS, OK, USAGE
from training_alignment.output import complain, is_coloured, is_terminal, say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import Any

    from flake8_training.rules.rule import Rule
    from training_alignment.checking.kept_run import Answer
    from training_alignment.checking.run import Choice, Outcome
    from training_alignment.repository.repository import Repository


def check(arguments: argparse.Namespace) -> int:
    """Check steps and launchers."""
    from training_alignment.checking.kept_run import KeptRun

    files = None
    if arguments.files and not arguments.all:
        message = _outside(arguments.files, arguments.root) or _missing(arguments.files, arguments.root)
        if message:
            complain(message)
            return USAGE
        from training_alignment.repository.git import taken_away

        gone = taken_away(arguments.root)
        files = [*arguments.files, *(os.path.normpath(os.path.join(arguments.root, path)) for path in gone)]
    if arguments.show_unknown and arguments.format not in _WITH_VERDICTS:
        complain(f"--show-unknown has no report in the format {arguments.format}: use text or json")
        return USAGE
    if arguments.fix or arguments.diff or arguments.unsafe_fixes:
        from training_alignment.fixes import options as fixes

        message = fixes.usage_error(arguments)
        if message:
            complain(message)
            return USAGE
        if arguments.diff:
            from pathlib import Path

            choice = _choice(arguments)
            return fixes.show_difference(Path(arguments.root), files, choice, unsafe=arguments.unsafe_fixes)
    coloured = arguments.format == "text" and is_coloured(sys.stdout)
    kept = None if arguments.fix else KeptRun.of(arguments, files, is_coloured=coloured)
    answer = kept.answer(lambda: _checked(arguments, files)) if kept else _checked(arguments, files)
    if answer.report:
        write(answer.report)
    for complaint in answer.complaints:
        complain(complaint)
    if is_terminal(sys.stderr):
        say(answer.summary)
    return answer.code


def _checked(arguments: argparse.Namespace, files: list[str] | None) -> Answer:
    """Check the repository, and return what is printed about it."""
    from pathlib import Path

    from training_alignment.checking.kept_run import Answer
    from training_alignment.checking.run import check_repository
    from training_alignment.reports.summary_text import summary_text

    root, choice = Path(arguments.root), _choice(arguments)
    if arguments.fix:
        from training_alignment.fixes.options import fix

        outcome = fix(root, files, choice, unsafe=arguments.unsafe_fixes)
    else:
        outcome = check_repository(root, files, choice, with_verdicts=arguments.show_unknown)
    report = (_WITH_VERDICTS if arguments.show_unknown else _REPORTS)[arguments.format](outcome)
    complaints = [
        f"{path}: unknown values are not reported: the limit on steps for one file is reached"
        for path in outcome.cut_short
    ]
    if outcome.unfollowed:
        first, *more = outcome.unfollowed
        others = f" and {len(more)} other files" if more else ""
        complaints.append(f"{first}{others}: not followed: the limit on steps for one check is reached")
    covered = outcome.checked
    counts = (covered.launchers, covered.steps, covered.files) if covered is not None else ()
    code = USAGE if outcome.misconfigured else FINDINGS if outcome.failed else OK
    answer = Answer(report, complaints, summary_text(outcome.findings, *counts), code)
    # an internal error may come from the state of the machine
    answer.is_repeatable = not any(finding.code == "TRN001" for finding in outcome.findings)
    return answer


def _choice(arguments: argparse.Namespace) -> Choice:
    from training_alignment.checking.run import Choice

    return Choice(arguments.select, arguments.ignore, arguments.levels, arguments.strict)


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

    from training_alignment.repository.root import root_of

    root = root_of(folder)
    for file in outside:
        # a link in the repository may point anywhere
        whole = os.path.join(os.path.realpath(os.path.dirname(file)), os.path.basename(file))
        if not any(Path(path).is_relative_to(root) for path in (whole, os.path.realpath(file))):
            return f"{file} is not in {root}: name its repository with --root"
    return ""


def _missing(files: list[str], folder: str) -> str:
    """Return a message about the first file that neither exists nor was deleted by a commit, or an empty string."""
    for file in files:
        if not os.path.lexists(file):
            from training_alignment.repository.git import knew
            from training_alignment.repository.root import root_of

            if not knew(root_of(folder), os.path.abspath(file)):
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
    """Show the steps."""
    from pathlib import Path

    from training_alignment.checking.run import find_steps
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.steps_text import step_data, steps_text

    discovery = find_steps(Path(arguments.root))
    data = [step_data(step) for step in discovery.steps]
    write(json_text(data) if arguments.format == "json" else steps_text(discovery.steps))
    for error in discovery.configuration_errors:
        complain(f"{error.path} line {error.line}: {error.message}")
    return USAGE if discovery.configuration_errors else OK


def graph(arguments: argparse.Namespace) -> int:
    """Draw the data flow between the steps."""
    from pathlib import Path

    from flake8_training.spelling import closest
    from training_alignment.checking.run import check_repository, find_steps
    from training_alignment.reports.graph_text import dot, mermaid, picture
    from training_alignment.steps.graph_reading import graph_of

    discovery = find_steps(Path(arguments.root))
    shown = picture(graph_of(discovery), check_repository(Path(arguments.root)).findings)
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
        # A notebook is not a script; if it starts no job, it has no facts.
        found = None if launches and path.endswith(".ipynb") else facts_of(path)
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
