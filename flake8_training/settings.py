"""The settings of the user.

flake8 loads this module at every start, so it stays small.
"""

from __future__ import annotations

import os

from flake8_training.named_tuple import NamedTuple


class Settings(NamedTuple):
    """The user's settings, the same for flake8, the commit hook and the command line.

    * ``training_scripts``: globs of files that are training scripts, whatever their content.
    * ``select``, ``ignore``: prefixes of codes, from pyproject.toml; flake8's own options apply as well.
    * ``per_file_ignores``: globs of files, each with the prefixes of codes that are not reported in them.
    * ``baseline``, ``folder``: the path of the baseline, and the folder that its paths are relative to; or empty.
    * ``cache``: whether findings are kept for the next run.
    """

    training_scripts: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    baseline: str = ""
    folder: str = ""
    cache: bool = True

    def wants(self, code: str) -> bool:
        """Return whether a code is reported; ``ignore`` takes precedence over ``select``."""
        if self.ignore and code.startswith(self.ignore):
            return False
        return not self.select or code.startswith(self.select)

    def ignores(self, filename: str, code: str) -> bool:
        """Return whether a code is not reported in this file. Globs match as in `names_training_script`."""
        return any(
            code.startswith(codes) and matches(filename, pattern) for pattern, codes in self.per_file_ignores
        )

    def names_training_script(self, filename: str) -> bool:
        """Return whether the settings name this file as a training script.

        A glob without a folder is compared with the base name of the file, like flake8's ``--exclude``. A glob with a
        folder is compared with the whole path; a relative one is relative to the current folder. ``**/`` matches any
        number of folders, including none. The path of a folder matches every file below it.
        """
        return any(matches(filename, pattern) for pattern in self.training_scripts)


def glob_in(folder: str, glob: str) -> str:
    """Return a glob of a configuration in ``folder``: one with a slash is relative to it, another one is a name."""
    return f"{folder}/{glob}" if "/" in glob else glob


def matches(filename: str, pattern: str) -> bool:
    """Return whether a glob matches a file; see ``Settings.names_training_script``."""
    from fnmatch import fnmatch

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
