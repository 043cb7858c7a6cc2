"""The root of a repository. Every commit needs it, so this module imports little."""

from __future__ import annotations

import os
from pathlib import Path

from flake8_training.project_folder import has_section


def find_root(start: Path) -> Path:
    """Return the root of a folder's repository:

    the first folder above with a configuration or ``.git``, else itself.
    """
    start = Path(os.path.realpath(start))  # realpath never fails, not even for a loop of links
    if os.path.isfile(start):
        start = start.parent
    for folder in (start, *start.parents):
        if has_section(folder) or os.path.exists(folder / ".git"):
            return folder
    return start
