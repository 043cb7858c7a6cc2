"""The parser of the command line. ``cli`` imports it for all but the usual words of ``check``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from flake8_training import __version__
from training_alignment import output

SERVER_TITLE = "start the language server on standard input and output (extra: lsp)"


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
    for name, (summary, fill) in _VERBS.items():
        verb = verbs.add_parser(name, help=summary)
        verb.set_defaults(verb=name)
        verb.fill = fill
    return command


def _check(verb: argparse.ArgumentParser) -> None:
    from training_alignment import check_options

    check_options.fill(verb)


def _steps(verb: argparse.ArgumentParser) -> None:
    _add_root(verb)
    _add_format(verb)


def _graph(verb: argparse.ArgumentParser) -> None:
    _add_root(verb)
    verb.add_argument(
        "--format", choices=("mermaid", "dot"), default="mermaid", help="the format of the graph"
    )
    verb.add_argument("--step", metavar="NAME", help="draw only this step and its direct neighbours")


def _report(verb: argparse.ArgumentParser) -> None:
    from training_alignment import check_options

    _add_root(verb)
    verb.add_argument("--html", required=True, metavar="FILE", help="the file that the page is written to")
    check_options.add_choice(verb)


def _facts(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("script", metavar="SCRIPT", help="a Python file, or a notebook that is a launcher")
    _add_format(verb)


def _draft(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "artefact",
        metavar="ARTEFACT",
        choices=("contract", "specification", "launcher", "step-file"),
        help="contract, specification, launcher or step-file",
    )
    verb.add_argument("script", metavar="SCRIPT", help="a training script, or the script of a processing job")
    verb.add_argument(
        "--sdk",
        choices=("v2", "v3"),
        help="the SageMaker SDK of a launcher; by default the one that the repository requires, else v2",
    )
    verb.add_argument(
        "--format",
        choices=("python", "yaml"),
        default="python",
        help="the format of a contract or specification (default: python)",
    )
    verb.add_argument(
        "--output-file",
        metavar="FILE",
        help="write the draft to this file, which must not exist; by default it is printed",
    )


def _explain(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("code", metavar="CODE", type=str.upper, help="a code such as TRN104")
    verb.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="the format of the output"
    )


def _validate_config(verb: argparse.ArgumentParser) -> None:
    _add_root(verb)


def _init(verb: argparse.ArgumentParser) -> None:
    _add_root(verb)
    verb.add_argument("--yes", action="store_true", help="write the files without asking")


def _schema(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "name",
        metavar="NAME",
        choices=("configuration", "findings", "step-file"),
        help="configuration (the section of pyproject.toml), findings (of check) or step-file (*.step.yaml)",
    )


_VERBS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("check the steps of the named files, or the whole repository", _check),
    "steps": ("list the steps with their files, and why each file was chosen", _steps),
    "graph": (
        "draw the steps and the data flow between them; steps with findings are marked",
        _graph,
    ),
    "report": ("write a page with the graph, the findings and both sides of their sources", _report),
    "facts": ("show what a script needs and does, or what a launcher passes to its jobs", _facts),
    "draft": ("write a contract, specification, launcher or step file for a script", _draft),
    "server": (SERVER_TITLE, lambda _: None),
    "explain": ("explain a code: what it means and how to fix it", _explain),
    "rules": ("list the rules", lambda verb: _add_format(verb)),
    "validate-config": ("check the section [tool.flake8-training] of pyproject.toml", _validate_config),
    "init": ("add the configuration, the commit hook, a job for CI and a baseline", _init),
    "schema": ("print a JSON schema", _schema),
}
"""The verbs: a summary for the help, and the function that adds the options."""


class _Parser(argparse.ArgumentParser):
    """Parses the command line, or the arguments of one verb.

    It reports a usage error on one safe line, since a hook may pass file names with any characters. The options of a
    verb are added when the verb is parsed, since a commit needs one verb only.
    """

    fill: Callable[[argparse.ArgumentParser], None] | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Add the options of the verb, then parse."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(self)
        return super().parse_known_args(args, namespace)

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


def _add_root(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--root",
        default=".",
        metavar="FOLDER",
        help="any folder of the repository; by default the current folder",
    )


def _add_format(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--format", choices=("text", "json"), default="text", help="the format of the output")
