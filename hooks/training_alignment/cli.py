"""The command ``training-alignment``: reads the command line, calls what does the work, prints its report."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from flake8_training import __version__
from flake8_training.rules.catalogue import CATALOGUE
from flake8_training.rules.pages import data, page
from flake8_training.rules.registry import rules
from flake8_training.sagemaker.near import nearest
from training_alignment.reports.facts_text import columns, facts_text
from training_alignment.scripts import UnreadableScript, facts

OK, USAGE = 0, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the given arguments; return its exit code: 0 done, 2 usage error."""
    arguments = _parser().parse_args(argv)
    run = arguments.run
    try:
        code: int = run(arguments)
    except BrokenPipeError:
        # The reader of a pipe has seen enough; nothing more can be written, not even at exit.
        sys.stderr.close()
        return OK
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="training-alignment",
        description="Checks SageMaker training steps before the training job does.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

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


def _facts(arguments: argparse.Namespace) -> int:
    try:
        found = facts(arguments.script)
    except UnreadableScript as error:
        print(f"training-alignment: {error}", file=sys.stderr)
        return USAGE
    print(json.dumps(found, indent=2) if arguments.format == "json" else facts_text(found))
    return OK


def _explain(arguments: argparse.Namespace) -> int:
    rule = next((rule for rule in rules() if rule.code == arguments.code), None)
    if rule is None:
        near = nearest(arguments.code, [rule.code for rule in rules()])
        hint = f", did you mean {near}?" if near else ""
        what = "is not implemented yet" if arguments.code in CATALOGUE else f"is no code{hint}"
        print(f"training-alignment: {arguments.code} {what}", file=sys.stderr)
        return USAGE
    print(json.dumps(data(rule), indent=2) if arguments.format == "json" else page(rule).rstrip())
    return OK


def _rules(arguments: argparse.Namespace) -> int:
    if arguments.format == "json":
        print(json.dumps([data(rule) for rule in rules()], indent=2))
    else:
        print("\n".join(columns([(rule.code, str(rule.severity), rule.summary) for rule in rules()])))
    return OK
