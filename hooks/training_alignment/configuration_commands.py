"""The verb ``validate-config``: what is wrong or has no effect in the project's configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_training.spelling import did_you_mean
from training_alignment.exit_codes import OK, USAGE
from training_alignment.output import complain, write

if TYPE_CHECKING:
    import argparse

    from flake8_training.configuration import ProjectConfiguration
    from training_alignment.repository.repository import Repository


_FLAKE8_FILES = ("setup.cfg", "tox.ini", ".flake8")
_FLAKE8_OPTIONS = ("training-scripts", "training-alignment")
_MOST_BYTES = 1_000_000


def validate_config(arguments: argparse.Namespace) -> int:
    """Check the configuration: mistakes are errors, settings without effect are warnings."""
    from flake8_training.configuration import read_configuration
    from flake8_training.printable import printable
    from flake8_training.project_folder import FILE, SECTION, has_section
    from training_alignment.repository.repository import Repository
    from training_alignment.repository.root import find_root

    root = find_root(Path(arguments.root))
    path = root / FILE
    section = ".".join(SECTION)
    configuration = read_configuration(root)
    for error in configuration.errors:
        write(f"{error.path}:{error.line}:{error.column}: TRN003 error: {printable(error.message)}")
    if configuration.errors:
        return USAGE
    for file, key, near in _unknown_to_flake8(root):
        hint = f"{did_you_mean(near)} (flake8 ignores unknown keys)"
        write(printable(f"{file}: warning: [flake8] has the key {key}{hint}"))
    if not has_section(root):
        complain(f"{path}: no section [{section}]; the defaults hold")
        return OK
    for warning in _without_effect(configuration, Repository.open(root)):
        write(printable(f"{FILE}: warning: {warning}"))
    write(printable(f"{FILE}: [{section}] is valid"))
    return OK


def _unknown_to_flake8(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of flake8's configuration that misspell an option of the plugin: file, key, option."""
    from configparser import Error, RawConfigParser

    from flake8_training.source_file import Root
    from flake8_training.spelling import closest

    for file in _FLAKE8_FILES:
        parser = RawConfigParser()
        try:
            parser.read_string(Root(str(root)).read(file, _MOST_BYTES).decode("utf-8"))
        except (OSError, ValueError, Error):
            continue  # flake8 complains about it, if it is flake8's
        for key in parser["flake8"] if parser.has_section("flake8") else ():
            near = closest(key.replace("_", "-"), _FLAKE8_OPTIONS)
            if near is not None and key.replace("_", "-") != near:
                yield file, key, near


def _without_effect(configuration: ProjectConfiguration, repository: Repository) -> Iterator[str]:
    """Yield what the configuration names that does not exist."""
    from flake8_training.rules.catalogue import CATALOGUE
    from flake8_training.settings import glob_in, matches
    from flake8_training.spelling import closest

    for key, codes in (
        ("select", configuration.select),
        ("ignore", configuration.ignore),
        *((f"per-file-ignores of {glob}", codes) for glob, codes in configuration.per_file_ignores),
    ):
        for code in codes:
            if not any(known.startswith(code) for known in CATALOGUE):
                near = closest(code, CATALOGUE)
                yield f"{key}: {code} begins no code{did_you_mean(near)}"

    def is_used(glob: str) -> bool:
        whole = glob_in(str(repository.root), glob)
        return any(matches(f"{repository.root}/{file}", whole) for file in repository.files)

    globs: Iterable[tuple[str, tuple[str, ...]]] = (
        ("training-scripts", configuration.training_scripts),
        ("exclude", configuration.exclude),
        ("per-file-ignores", tuple(glob for glob, _ in configuration.per_file_ignores)),
    )
    for key, patterns in globs:
        for glob in patterns:
            if not is_used(glob):
                yield f"{key}: {glob} matches no file"
    if configuration.baseline and configuration.baseline not in repository.files:
        yield f"baseline: there is no file {configuration.baseline}; check --write-baseline writes it"
