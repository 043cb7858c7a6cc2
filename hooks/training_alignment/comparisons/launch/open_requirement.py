"""A requirement of the SDK without an upper bound, beside a launcher that needs an older generation.

Source: pip 24.3 takes the newest version that a requirement allows; sagemaker 3.27.0 has none of the modules of v2, and
requires Python 3.10.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_training.finding import Related
from flake8_training.launcher.required_sdk import MOST_BYTES, PROJECT, VERSION_FILES, open_requirement
from flake8_training.launcher.sdk_uses import sent_folders
from flake8_training.named_tuple import NamedTuple
from flake8_training.sagemaker.sdk_names import ALL, bound, shown
from training_alignment.artefacts.read_error import ReadError
from training_alignment.repository.folders import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training_alignment.launches.launcher_file import LauncherFile


class OpenRequirement(NamedTuple):
    """A requirement, by the path of its file in the repository, and the name that the launcher uses."""

    path: str
    line: int
    detail: str
    related: Related


def open_requirement_of(file: LauncherFile) -> OpenRequirement | None:
    """Return the requirement for which pip installs a generation that lacks a name of a Python launcher; else None.

    A notebook runs in an environment that has the SDK already.
    """
    launcher = file.launcher
    if not file.path.endswith(".py") or not launcher.imports_sdk:
        return None
    uses = launcher.sdk_uses
    common = frozenset.intersection(ALL, *(one.generations for one in uses))
    newest = max(ALL)
    lacking = next((one for one in uses if newest not in one.generations and one.can_be_wrong), None)
    if not common or newest in common or lacking is None or not isinstance(lacking.node, ast.stmt | ast.expr):
        return None
    required = open_requirement(_files_above(file, sent_folders(launcher.estimators)))
    if required is None:
        return None
    used = Related(file.path, lacking.node.lineno, f"{lacking.name} is of {shown(lacking.generations)}")
    detail = f"a new environment gets SDK v{newest} for {required.text!r}, write {bound(common)!r}"
    return OpenRequirement(required.file, required.line, detail, used)


def _files_above(file: LauncherFile, sent: frozenset[str]) -> Iterator[tuple[str, str, bytes | None]]:
    """Yield the files around a launcher that may say which version it has, without requirements of jobs.

    ``sent`` are the names of the folders that jobs send.
    """
    repository, folder = file.repository, folder_of(file.path)
    while True:
        inside = f"{folder}/" if folder else ""
        for name in VERSION_FILES:
            if f"{inside}{name}" not in repository.files:
                continue
            if name != PROJECT and folder.rpartition("/")[2] in sent:
                continue
            try:
                yield inside, name, repository.data(f"{inside}{name}", MOST_BYTES)
            except ReadError:
                yield inside, name, None
        if not folder:
            return
        folder = folder_of(folder)
