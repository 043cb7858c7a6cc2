"""The command ``training-alignment``: reads the command line, calls what does the work, prints its report."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from flake8_training import __version__
from flake8_training.rules.catalogue import CATALOGUE
from flake8_training.rules.pages import data, page
from flake8_training.rules.registry import rules
from flake8_training.sagemaker.near import nearest
from training_alignment.checking import Choice, Outcome, check_repository, find_steps
from training_alignment.levels.base import PACKAGE
from training_alignment.reports.facts_text import columns, facts_text
from training_alignment.reports.findings_text import findings_text
from training_alignment.reports.steps_text import step_data, steps_text
from training_alignment.scripts import UnreadableScript, facts

OK, FINDINGS, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the given arguments; return its exit code: 0 done, 1 findings, 2 usage error."""
    # Syntax trees hold no cycles, and looking for some in them is a fifth of the work.
    gc.set_threshold(100_000)
    try:
        try:
            arguments = _parser().parse_args(argv)
            code: int = arguments.run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe has seen enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="training-alignment",
        description="Checks SageMaker training steps before the training job does.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    verb = verbs.add_parser("check", help="check the steps that files belong to, or the whole repository")
    verb.add_argument(
        "files", nargs="*", metavar="FILE", help="any files of steps; none for the whole repository"
    )
    verb.add_argument("--all", action="store_true", help="the whole repository, whatever files are given")
    verb.add_argument(
        "--root", default=".", metavar="FOLDER", help="the repository, if not around this folder"
    )
    verb.add_argument("--format", choices=tuple(_REPORTS), default="text")
    verb.add_argument("--select", type=_codes, metavar="CODES", help="beginnings of codes: TRN1,TRN201")
    verb.add_argument("--ignore", type=_codes, metavar="CODES", help="beginnings of codes")
    verb.add_argument("--levels", type=_levels, metavar="LEVELS", help="levels from 1 to 4: 2,3")
    verb.add_argument("--strict", action="store_true", default=None, help="warnings fail too")
    verb.set_defaults(run=_check)

    verb = verbs.add_parser("steps", help="the steps found, which file plays which part, and why")
    verb.add_argument(
        "--root", default=".", metavar="FOLDER", help="the repository, if not around this folder"
    )
    _add_format(verb)
    verb.set_defaults(run=_steps)

    verb = verbs.add_parser("graph", help="the steps and what flows between them, those with findings marked")
    verb.add_argument(
        "--root", default=".", metavar="FOLDER", help="the repository, if not around this folder"
    )
    verb.add_argument("--format", choices=("mermaid", "dot"), default="mermaid")
    verb.add_argument("--step", metavar="NAME", help="this step, and those before and behind it")
    verb.set_defaults(run=_graph)

    verb = verbs.add_parser("facts", help="what a script needs from a launcher, and what it does with it")
    verb.add_argument("script", metavar="SCRIPT")
    _add_format(verb)
    verb.set_defaults(run=_facts)

    verb = verbs.add_parser("explain", help="what a code means, why, and how to mend it")
    verb.add_argument("code", metavar="CODE", type=str.upper)
    _add_format(verb)
    verb.set_defaults(run=_explain)

    verb = verbs.add_parser("rules", help="every rule")
    _add_format(verb)
    verb.set_defaults(run=_rules)
    return parser


def _add_format(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--format", choices=("text", "json"), default="text")


def _codes(text: str) -> tuple[str, ...]:
    """A list of beginnings of codes; raises where one begins no code."""
    codes = tuple(code.strip().upper() for code in text.split(",") if code.strip())
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


def _check(arguments: argparse.Namespace) -> int:
    choice = Choice(arguments.select, arguments.ignore, arguments.levels, arguments.strict)
    files = arguments.files if arguments.files and not arguments.all else None
    outcome = check_repository(Path(arguments.root), files, choice)
    report = _REPORTS[arguments.format](outcome)
    if report:
        print(report)
    if outcome.misconfigured:
        return USAGE
    return FINDINGS if outcome.failed else OK


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
    "text": lambda outcome: findings_text(outcome.findings),
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "junit": _junit,
}


def _steps(arguments: argparse.Namespace) -> int:
    discovery = find_steps(Path(arguments.root))
    data = [step_data(step) for step in discovery.steps]
    print(json.dumps(data, indent=2) if arguments.format == "json" else steps_text(discovery.steps))
    for error in discovery.configuration_errors:
        print(f"training-alignment: {error.path} line {error.line}: {error.message}", file=sys.stderr)
    return USAGE if discovery.configuration_errors else OK


def _graph(arguments: argparse.Namespace) -> int:
    from training_alignment.reports.graph_text import dot, mermaid, picture
    from training_alignment.steps.graph_reading import graph_of

    discovery = find_steps(Path(arguments.root))
    shown = picture(graph_of(discovery), check_repository(Path(arguments.root)).findings)
    if arguments.step is not None:
        named = [name for name in shown.boxes if arguments.step in (name, name.rpartition("_")[0])]
        if not named:
            near = nearest(arguments.step, shown.boxes)
            hint = f", did you mean {near}?" if near else ""
            print(f"training-alignment: {arguments.step} is no step{hint}", file=sys.stderr)
            return USAGE
        shown = shown.around(named)
    print(mermaid(shown) if arguments.format == "mermaid" else dot(shown))
    return OK


def _facts(arguments: argparse.Namespace) -> int:
    try:
        found = facts(arguments.script)
    except UnreadableScript as error:
        print("training-alignment:", str(error).replace("\n", "\\n"), file=sys.stderr)
        return USAGE
    print(json.dumps(found, indent=2) if arguments.format == "json" else facts_text(found))
    return OK


def _explain(arguments: argparse.Namespace) -> int:
    rule = next((rule for rule in rules(PACKAGE) if rule.code == arguments.code), None)
    if rule is None:
        near = nearest(arguments.code, [rule.code for rule in rules(PACKAGE)])
        hint = f", did you mean {near}?" if near else ""
        what = "is not implemented yet" if arguments.code in CATALOGUE else f"is no code{hint}"
        print(f"training-alignment: {arguments.code} {what}", file=sys.stderr)
        return USAGE
    print(json.dumps(data(rule), indent=2) if arguments.format == "json" else page(rule).rstrip())
    return OK


def _rules(arguments: argparse.Namespace) -> int:
    if arguments.format == "json":
        print(json.dumps([data(rule) for rule in rules(PACKAGE)], indent=2))
    else:
        print("\n".join(columns([(rule.code, str(rule.severity), rule.summary) for rule in rules(PACKAGE)])))
    return OK
