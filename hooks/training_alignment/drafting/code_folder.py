"""The folder that a launcher has to send: the script's own, or the one above it that holds all local modules."""

from __future__ import annotations

import os
import posixpath

from flake8_training.script import Script
from flake8_training.source_file import real_path


def code_folder(script: Script, root: str) -> str:
    """Return the absolute path of the folder, which is below ``root``, and from which all local imports resolve."""
    own = posixpath.dirname(real_path(script.path).replace(os.sep, "/"))
    top = real_path(root).replace(os.sep, "/").rstrip("/")
    highest = own
    program = script.program
    for dotted, _ in program.entry.imports:
        found = program.local(dotted) if not dotted.startswith(".") else None
        if found is None or found[0] is program.entry:
            continue
        path = real_path(found[0].path).replace(os.sep, "/")
        base = _base_of(path, dotted.partition(".")[0], own, top)
        if base is not None and len(base) < len(highest):
            highest = base
    return highest


def _base_of(path: str, first: str, own: str, top: str) -> str | None:
    """Return the nearest folder at or above the script's that holds the first name of an import; None for none."""
    folder = own
    while f"{folder}/".startswith(f"{top}/"):
        if path == f"{folder}/{first}.py" or path.startswith(f"{folder}/{first}/"):
            return folder
        folder = posixpath.dirname(folder)
    return None
