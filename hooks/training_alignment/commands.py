"""The verbs of the command: each takes the parsed command line, returns an exit code.

Each function imports only what it needs, because each verb starts a process.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flake8_training.spelling import did_you_mean
from training_alignment.exit_codes import OK, USAGE
from training_alignment.output import complain, is_coloured, write

if TYPE_CHECKING:
    import argparse

    from flake8_training.rules.rule import Rule
    from training_alignment.launches.overview import StartedStep
    from training_alignment.repository.repository import Repository
    from training_alignment.steps.discovery import Discovery


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
            hint = did_you_mean(near)
            complain(f"{arguments.step} is no step{hint}")
            return USAGE
        shown = shown.around(named)
    write(mermaid(shown) if arguments.format == "mermaid" else dot(shown))
    return OK


def facts(arguments: argparse.Namespace) -> int:
    """Show the facts of a script, and what a launcher passes to its jobs."""
    from flake8_training.source_file import is_file
    from training_alignment.launches.launch_summary import launcher_facts
    from training_alignment.reports.facts_text import facts_text
    from training_alignment.reports.json_text import json_text
    from training_alignment.reports.launches_text import launches_text
    from training_alignment.scan.launchers import DATA, NOTEBOOK
    from training_alignment.script_api import UnreadableScript
    from training_alignment.script_api import facts as facts_of

    path: str = arguments.script
    try:
        launches = launcher_facts(path, _step_scripts)
        # A notebook or a data file is not a script: if it starts no job, it has no facts.
        is_data = path.endswith((NOTEBOOK, *DATA))
        if is_data and not launches and is_file(path):
            complain(f"{path}: starts no training job that can be read")
            return USAGE
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
    from flake8_training.spelling import closest

    rule = next((rule for rule in _every_rule() if rule.code == arguments.code), None)
    if rule is None:
        near = closest(arguments.code, [rule.code for rule in _every_rule()])
        hint = did_you_mean(near)
        complain(f"{arguments.code} is no code{hint}")
        return USAGE
    write(_explanation(rule, arguments.format))
    return OK


def _explanation(rule: Rule[Any], format_name: str) -> str:
    if format_name == "json":
        from flake8_training.rules.pages import data
        from training_alignment.reports.json_text import json_text

        return json_text(data(rule))
    if format_name == "markdown":
        from flake8_training.rules.pages import page

        return page(rule).rstrip()
    from training_alignment.reports.rule_text import rule_text

    return rule_text(rule, coloured=is_coloured(sys.stdout))


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


def schema(arguments: argparse.Namespace) -> int:
    """Print a JSON schema."""
    from training_alignment.schemas import schema_text

    write(schema_text(arguments.name), end="")
    return OK


def _every_rule() -> tuple[Rule[Any], ...]:
    from flake8_training.rules import registry
    from training_alignment.rules.step_rule import PACKAGE

    return registry.rules(PACKAGE)
