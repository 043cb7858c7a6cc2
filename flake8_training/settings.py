"""What the user configured. flake8 loads this module at every start, so it stays small."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from typing import NamedTuple


class Settings(NamedTuple):
    """The user's settings, the same for flake8, the commit hook and the command line.

    ``training_scripts`` are globs of files that are training scripts whatever they look like. ``select`` and
    ``ignore`` are beginnings of codes, from pyproject.toml: flake8 selects and ignores by its own beside them.
    """

    training_scripts: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Tell whether a code is to be reported; what is ignored is, whatever is selected."""
        if self.ignore and code.startswith(self.ignore):
            return False
        return not self.select or code.startswith(self.select)

    def names_training_script(self, filename: str) -> bool:
        """Tell whether the settings name this file as a training script.

        A glob without a folder is compared with the file's own name, like flake8's ``--exclude``; one with a
        folder with the whole path, relative to the current folder where the glob is relative. ``**/`` stands
        for any number of folders, none included; a folder's path stands for every file below it.
        """
        return any(matches(filename, pattern) for pattern in self.training_scripts)


def matches(filename: str, pattern: str) -> bool:
    """Tell whether a glob means a file; see ``Settings.names_training_script``."""
    pattern = pattern.replace(os.sep, "/")
    if "/" not in pattern:
        return fnmatch(os.path.basename(filename), pattern)
    whole = os.path.abspath(filename).replace(os.sep, "/")
    pattern = os.path.abspath(pattern).replace(os.sep, "/")
    # fnmatch's "*" crosses folders, so only the case of no folder at all is missing.
    return any(
        fnmatch(whole, variant) or fnmatch(whole, variant + "/*")
        for variant in {pattern, pattern.replace("/**/", "/")}
    )
