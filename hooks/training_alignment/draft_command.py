"""The verb ``draft``: it writes what a script needs and does as an artefact, and checks both together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_training.record import Record
from training_alignment.exit_codes import FINDINGS, OK, USAGE
from training_alignment.output import complain, say, write, write_file

if TYPE_CHECKING:
    import argparse

    from flake8_training.finding import Finding
    from training_alignment.drafting.needs import Needs

_YAML = "yaml"
_OF_THE_STEP = "TRN004"
"""A step lacks an artefact: that is no defect of the draft of another."""


def draft(arguments: argparse.Namespace) -> int:
    """Print the draft, or write it to a new file; complain about what the check finds in it."""
    from training_alignment.drafting.needs import needs_of
    from training_alignment.repository.root import find_root
    from training_alignment.script_api import UnreadableScript, read_script

    path: str = arguments.script
    wanted: str | None = arguments.output_file
    if wanted is not None and os.path.lexists(wanted):
        complain(f"{wanted} exists and is not overwritten")
        return USAGE
    try:
        needs = needs_of(read_script(path))
    except UnreadableScript as error:
        complain(str(error))
        return USAGE
    if needs is None:
        complain(f"{path} trains no model, and uses no folder of a processing job")
        return USAGE
    if arguments.artefact == "launcher" and not needs.is_training:
        complain(
            f"{path} is the script of a processing job: a launcher is drafted for a training script only"
        )
        return USAGE
    root = find_root(Path("."))
    if not os.path.realpath(path).startswith(f"{os.fspath(root).rstrip(os.sep)}{os.sep}"):
        root = find_root(Path(os.path.dirname(path)))
    found = Draft.of(arguments.artefact, path, needs, root, form=arguments.format, sdk=arguments.sdk)
    if wanted is None:
        write(found.source, end="")
    else:
        write_file(wanted, found.source)
        say(f"Written: {wanted}")
    caused = findings_of(root, path, wanted or found.path, found.source)
    for finding in caused:
        complain(f"{finding.path} line {finding.line}: {finding.code} {finding.message}")
    return FINDINGS if caused else OK


class Draft(Record):
    """A draft: its usual path, as seen from the current folder, and its source."""

    path: str
    source: str

    @classmethod
    def of(cls, kind: str, path: str, needs: Needs, root: Path, *, form: str, sdk: str | None) -> Draft:
        """Return the draft of a kind for the script at ``path``; ``root`` is the script's repository.

        Without ``sdk``, a launcher is written for the generation of the SDK that the repository requires.
        """
        from training_alignment.drafting import artefacts
        from training_alignment.drafting.written_tree import python_source, yaml_source

        stem = artefacts.stem_of(needs)
        if kind == "launcher":
            return cls._launcher(path, needs, root, sdk, f"launch_{stem}.py")
        beside = os.path.dirname(path)
        title = artefacts.title_of(kind.replace("-", " "), needs)
        if kind == "step-file":
            lines = artefacts.step_file_lines(needs)
            return cls(os.path.join(beside, f"{stem}.step.yaml"), title + yaml_source(lines))
        word = "contract" if kind == "contract" else "spec"
        lines = (
            artefacts.contract_lines(needs) if kind == "contract" else artefacts.specification_lines(needs)
        )
        name = os.path.join(beside, f"{stem}_{word}")
        if form == _YAML:
            return cls(f"{name}.yaml", title + yaml_source(lines))
        return cls(f"{name}.py", f"{title}\n{python_source(f'{stem}_{word}'.upper(), lines)}")

    @classmethod
    def _launcher(cls, path: str, needs: Needs, root: Path, sdk: str | None, name: str) -> Draft:
        """Return a launcher for the current folder, or for the root of a script that is not below it."""
        from training_alignment.drafting.code_folder import code_folder
        from training_alignment.drafting.launchers import launcher_source

        here = os.path.realpath(os.getcwd())
        base = (
            here
            if f"{here}{os.sep}".startswith(f"{os.fspath(root).rstrip(os.sep)}{os.sep}")
            else os.fspath(root)
        )
        folder = code_folder(needs.script, os.fspath(root))
        source_dir = os.path.relpath(folder, base).replace(os.sep, "/")
        entry = os.path.relpath(os.path.realpath(path), folder).replace(os.sep, "/")
        target = os.path.join(base, name)
        generation = sdk or _required_generation(target, source_dir)
        return cls(target, launcher_source(needs, generation, source_dir, entry))


def _required_generation(target: str, source_dir: str) -> str:
    """Return the generation of the SDK for a launcher at ``target``: v3 if the repository requires that."""
    from flake8_training.launcher.required_sdk import required_sdk

    required = required_sdk(target, frozenset({os.path.basename(source_dir)}))
    return "v3" if required is not None and required.generations == {3} else "v2"


def findings_of(root: Path, script: str, target: str, source: str) -> list[Finding]:
    """Return the findings that a draft causes: those in it, and those of which it is the other side.

    Their paths are relative to the repository at ``root``.
    """
    from training_alignment.checking.request import Request
    from training_alignment.checking.run import Choice, check_opened
    from training_alignment.repository.configurations import Configurations
    from training_alignment.repository.repository import Repository

    listed = Repository.open(root)
    drafted = listed.relative(target)
    if drafted is None:
        return []  # the check of its own repository compares it with another script
    repository = Repository(listed.root, listed.files, {drafted: source.encode("utf-8")})
    requested = [path for path in (listed.relative(script), drafted) if path is not None]
    configurations = Configurations(repository)
    request = Request(repository, requested, configurations.whole)
    seen_from = os.fspath(listed.root)
    outcome = check_opened(repository, configurations, request, Choice(), seen_from=seen_from)
    return [
        finding
        for finding in outcome.findings
        if finding.code != _OF_THE_STEP
        and drafted in (finding.path, *(place.path for place in finding.related))
    ]
