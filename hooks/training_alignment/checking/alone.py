"""The findings of flake8 in files of a repository that no step or launch covers: what one file decides."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_training.checker import check_script
from flake8_training.finding import Finding
from flake8_training.left_out import is_left_out
from flake8_training.record import replace
from flake8_training.rules.registry import script_rules
from flake8_training.script.recognition import may_be_training_script
from flake8_training.settings import Settings, glob_in
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.configurations import Configurations
from training_alignment.repository.repository import Repository
from training_alignment.scan.launchers import may_launch

if TYPE_CHECKING:
    from training_alignment.checking.selection import Checked

_WORDS = (b"SM_", b"opt/ml", b"estimator_config", b"agemaker", b"ageMaker")


def findings_alone(
    repository: Repository,
    configurations: Configurations,
    paths: Iterable[str],
    checked: Checked | None,
) -> Iterator[Finding]:
    """Yield the findings of the rules over one file in those Python files over which ``checked`` did not run them."""
    root = repository.root
    for path in sorted(paths):
        full = os.path.join(root, path)
        if not path.endswith(".py") or is_left_out(path):
            continue
        configuration = configurations.of(path)
        named = tuple(glob_in(str(root), glob) for glob in configuration.training_scripts)
        settings = Settings(named, configuration.select, configuration.ignore)
        try:
            data = repository.data(path)
            if not (
                settings.names_training_script(full)
                or any(word in data for word in _WORDS)
                or may_launch(path, data)
            ):
                continue
            source = repository.source(path)
        except ReadError:
            continue
        if is_covered(path, data, source.lines, checked):
            continue
        rules = script_rules(advice=False, wants=settings.wants)
        for finding in check_script(source.tree, full, source.lines, settings, rules):
            yield replace(finding, path=path)


def is_covered(path: str, data: bytes, lines: list[str], checked: Checked | None) -> bool:
    """Return whether a check has run the rules over one file over this one, as a script and as a launcher."""
    if checked is None:
        return False
    as_script, as_launcher = path in checked.as_scripts, path in checked.as_launchers
    return (as_script or not may_be_training_script(lines)) and (as_launcher or not may_launch(path, data))
