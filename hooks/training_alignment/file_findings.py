"""The findings of flake8's option ``--training-alignment``: what takes more than one file, seen from one of them.

flake8 calls this for each file of a run, so a file that can have no part in a step or a launch costs a search in its
lines. The check of one file searches the files of its repository: after some files of a run, one check of the whole
repository serves the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_training.collection import freeze_once
from flake8_training.finding import Finding
from flake8_training.pattern import pattern
from flake8_training.settings import Settings

if TYPE_CHECKING:
    from training_alignment.checking.run import Outcome

_WORDS = (b"SM_", b"opt/ml", b"sagemaker", b"__main__", b"argparse")
"""Words of a launcher or of a script that a launcher starts."""
_RUNS = pattern(rb"(?m)^(?:[A-Za-z_][\w.]*\(|(?:for|while|with) )")
"""A statement at the top level that does something: a launcher may start any such file."""
_FEW = 8
"""The files of a run that are checked one by one."""


def file_findings(
    filename: str,
    lines: Sequence[str],
    *,
    saved: bool,
    settings: Settings,
    alone: Callable[[], list[Finding]],
) -> list[Finding]:
    """Return the findings of a file with these lines, those of the file alone included.

    ``saved`` is False if the file on disk, if there is any, has other lines. ``alone`` returns the findings of the
    file alone; it is not called if the check of the repository has run the same rules over the file.
    """
    data = "".join(lines).encode("utf-8", "surrogatepass")
    if not (settings.names_training_script(filename) or _may_have_a_part(filename, data)):
        return alone()
    from training_alignment.checking.alone import is_covered
    from training_alignment.checking.run import Shown
    from training_alignment.checking.workspace import findings_seen_from

    full, here = os.path.abspath(filename), os.getcwd()
    checks = _checks(here)
    path = checks.workspace.relative(full)
    if path is None:
        checks = _checks(os.path.dirname(full))
        path = checks.workspace.relative(full)
    if path is None:
        return alone()
    outcome = checks.of_file(path, here) if saved else checks.of_unsaved(path, data, here)
    freeze_once()
    seen = Shown(checks.workspace.root, here)(path)
    across = [found for found in findings_seen_from(outcome.findings, seen) if settings.wants(found.code)]
    if is_covered(path, data, list(lines), outcome.checked):
        return across
    merged = {
        (place.line, place.message.partition(" ")[0])
        for found in across
        for place in found.related
        if place.path == seen
    }
    known = {(found.line, found.code, found.message) for found in across}
    return sorted(
        across
        + [
            found
            for found in alone()
            if (found.line, found.code, found.message) not in known and (found.line, found.code) not in merged
        ]
    )


def _may_have_a_part(filename: str, data: bytes) -> bool:
    """Return whether a file may be a launcher, a script, or an artefact of a step, by its content."""
    if any(word in data for word in _WORDS) or _RUNS.search(data) is not None:
        return True
    from training_alignment.scan.glance import glance
    from training_alignment.scan.launchers import may_launch

    return glance(filename, data).artefact or may_launch(filename, data)


class _Checks:
    """The checks of one repository in a run of flake8."""

    def __init__(self, folder: str) -> None:
        from training_alignment.checking.workspace import Workspace

        self.workspace = Workspace(Path(folder))
        self._files = 0
        self._whole: Outcome | None = None

    def of_file(self, path: str, seen_from: str) -> Outcome:
        """Return the outcome of a check that covers a file."""
        if self._files < _FEW:
            self._files += 1
            return self.workspace.check([path], {}, seen_from=seen_from)
        if self._whole is None:
            self._whole = self.workspace.check(None, {}, seen_from=seen_from)
        return self._whole

    def of_unsaved(self, path: str, data: bytes, seen_from: str) -> Outcome:
        """Return the outcome of a check of a file with this content."""
        return self.workspace.check([path], {path: data}, seen_from=seen_from)


@lru_cache(maxsize=16)
def _checks(folder: str) -> _Checks:
    return _Checks(folder)
