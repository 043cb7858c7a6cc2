"""The files of a repository by git: those that exist, and those that a commit deletes.

The repository is not trusted: its settings, its hooks and files that look like a repository run no program.
"""

from __future__ import annotations

import os
from functools import cached_property

from flake8_training.source_file import (
    exists,
    hash_of,
    is_folder,
    is_link,
    note,
    note_list,
    note_unrepeatable,
    repository_top,
)
from training_alignment.output import complain
from training_alignment.repository.child_process import TimedOut, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SETTINGS = (
    # a folder that looks like a bare repository is not one, and its settings are not read
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "protocol.allow=never",
    "submodule.recurse=false",
)
_FLAGS = (
    "--no-optional-locks",
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *(part for setting in _SETTINGS for part in ("-c", setting)),
)
_FIXED = {
    "GIT_ALLOW_PROTOCOL": "none",  # older versions of git, too, must not fetch what a partial clone lacks
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # git's output is compared below
}
# git and pre-commit set variables for a hook. Only the index is needed: `git commit -a` and `git commit FILE`
# use another index than the repository's own. GIT_DIR and GIT_WORK_TREE are dropped: git then finds the
# repository of the folder, also for worktrees and submodules. Variables that name a program
# (GIT_EXTERNAL_DIFF, GIT_SSH_COMMAND, GIT_EXEC_PATH, GIT_PAGER, ...) or a file to write to (GIT_TRACE, ...)
# are dropped too. The user's own settings are kept: those of the home folder and of the command line decide
# which owners are trusted.
_KEPT = (
    "GIT_INDEX_FILE",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
)

_NAMES = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--")
_STATES = ("ls-files", "-z", "-t", "--cached", "--others", "--deleted", "--exclude-standard", "--")
"""The same names, each after a letter and a space; a deleted file is listed twice, once with R."""
_MODES = ("ls-files", "-z", "--stage")
_SECONDS = 60
"""The time after which git is killed."""
_MAX_SUBMODULES = 200
_MAX_DEPTH = 8
"""The greatest depth of nested submodules."""


class _Answer:
    """git's output, or the reason why there is none. ``is_whole`` means that no name was taken out.

    ``is_there`` means that all listed files exist.
    """

    def __init__(self, output: bytes, failure: str = "", *, is_whole: bool = True) -> None:
        self.output = output
        self.failure = failure
        self.is_whole = is_whole
        self.is_there = not is_whole

    @cached_property
    def entries(self) -> list[str]:
        """Return the output as names, split at null bytes."""
        return os.fsdecode(self.output.rstrip(b"\0")).split("\0") if self.output else []


_compared: dict[str, _Answer] = {}
"""git's list of a folder that was compared with that of a kept run, until it is used."""


def files_of(root: str | Path) -> list[str] | None:
    """Return the existing files that git tracks or would track, including those of submodules; None without git.

    If git is there but does not answer, a line on standard error reports it.
    """
    folder = os.fspath(root)
    top = repository_top(folder)
    if top is None:
        return None
    answer = _listed(folder)
    if answer.failure:
        note_unrepeatable()
        others = _without_settings(folder, top)
        how = (
            "files that it ignores are checked, and hidden folders are not"
            if others.failure
            else "they are listed without its settings"
        )
        complain(f"git does not list the files of the repository ({answer.failure}): {how}")
        return None if others.failure else _present(folder, others.entries)
    return _present(folder, answer.entries)


def forget_compared() -> None:
    """Forget the lists that were compared with those of a kept run: they are of one moment."""
    _compared.clear()


def confirm_compared() -> None:
    """Use the lists that were compared as they are: all their files have been found."""
    for answer in _compared.values():
        answer.is_there = True


def listing_hash(folder: str) -> str:
    """Return a hash of git's list of the files in a folder, or the reason why there is none.

    If the kept run does not hold, the run that replaces it uses this list.
    """
    _compared[folder] = _existing(folder)
    return _hash(_compared[folder])


def names_hash(folder: str) -> str:
    """Return a hash of git's list of the files in a folder, some of which may have been deleted.

    It is that of `listing_hash` if none was. The caller asks each file whether it exists, and then `confirm_compared`.
    """
    _compared[folder] = _git(folder, *_NAMES)
    return _hash(_compared[folder])


def modes_hash(folder: str) -> str:
    """Return a hash of the modes that git records, or the reason why there are none."""
    return _hash(_git(folder, *_MODES))


def _listed(folder: str, **variables: str) -> _Answer:
    answer = _existing(folder, **variables)
    note("git", folder, lambda: _hash(answer))
    if answer.is_whole and not answer.failure:
        note_list("git", folder, answer.entries)
    return answer


def _existing(folder: str, **variables: str) -> _Answer:
    """Return git's list of the existing files in a folder."""
    answer = _compared.pop(folder, None) or _git(folder, *_NAMES, **variables)
    answer.is_there = answer.is_there or bool(answer.failure) or _are_there(folder, answer.entries)
    if answer.is_there:
        return answer
    # git alone knows which files are absent on purpose, but it looks at each file to find those that are deleted
    answer = _git(folder, *_STATES, **variables)
    entries = [entry for entry in answer.output.split(b"\0") if entry]
    deleted = {entry[2:] for entry in entries if entry.startswith(b"R ")}
    left = (entry[2:] for entry in entries if entry[2:] not in deleted)
    return _Answer(b"\0".join(left), answer.failure, is_whole=False)


def _are_there(folder: str, names: Sequence[str]) -> bool:
    """Return whether all names are in their folders; False if a folder cannot be listed or entered."""
    there: set[str] = set()
    for inner in {name[: name.rfind("/") + 1] for name in names}:
        path = os.path.join(folder, inner)
        try:
            os.lstat(os.path.join(path, os.curdir))
            there.update(map(inner.__add__, os.listdir(path)))
        except OSError:
            return False
        there.add(inner)  # a repository inside that git does not track
    return there.issuperset(names)


def _hash(answer: _Answer) -> str:
    return answer.failure or hash_of(answer.output).hex()


def _without_settings(folder: str, top: str) -> _Answer:
    """Return the files by the repository's index and the settings of an empty repository, which git cannot refuse."""
    import tempfile

    git_folder = os.path.join(top, ".git")
    if os.path.islink(git_folder) or not os.path.isdir(git_folder):
        return _Answer(b"", "a worktree or a submodule")
    try:
        with tempfile.TemporaryDirectory() as empty:
            for name in ("objects", "refs"):
                os.mkdir(os.path.join(empty, name))
            with open(os.path.join(empty, "HEAD"), "w", encoding="ascii") as stream:
                stream.write("ref: refs/heads/main\n")
            index = os.path.join(git_folder, "index")
            return _existing(folder, GIT_DIR=empty, GIT_WORK_TREE=top, GIT_INDEX_FILE=index)
    except OSError as error:
        return _Answer(b"", type(error).__name__)


def _present(folder: str, listed: Sequence[str]) -> list[str]:
    """Return the files that git lists, and those of submodules."""
    found: list[str] = []
    todo = [("", listed, 0)]
    left = _MAX_SUBMODULES
    while todo:
        prefix, names, depth = todo.pop()
        if ".gitmodules" not in names or depth == _MAX_DEPTH:
            found += [prefix + name for name in names] if prefix else names
            continue
        for name in names:
            inner = os.path.join(folder, prefix + name)
            # git lists the folder of a submodule. Without a .git in it, git would answer for the outer
            # repository. During a commit GIT_INDEX_FILE names the outer index.
            if left and is_folder(inner) and not is_link(inner) and exists(os.path.join(inner, ".git")):
                left -= 1
                todo.append(
                    (f"{prefix}{name.rstrip('/')}/", _listed(inner, GIT_INDEX_FILE="").entries, depth + 1)
                )
            else:
                found.append(prefix + name)
    return found


def taken_away(folder: str | Path) -> list[str]:
    """Return the files below a folder that the commit deletes or renames, when pre-commit runs; else an empty list.

    pre-commit passes only the files that remain after the commit.
    """
    if os.environ.get("PRE_COMMIT") != "1":
        return []
    before, after = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    between = ["--end-of-options", f"{before}...{after}"] if before and after else ["--cached"]
    options = (
        "-z",
        "--name-only",
        "--relative",
        "--no-renames",
        "--diff-filter=D",
        "--no-ext-diff",
        "--no-textconv",
    )
    return _git(os.fspath(folder), "diff", *options, *between, "--").entries


def executables(folder: str) -> frozenset[str] | None:
    """Return the tracked files that git records as executable; None if it records none, or does not answer.

    Where no file at all is executable, the modes are lost: git on Windows keeps none, and the build sets them there.
    """
    answer = _git(folder, *_MODES)
    note("modes", folder, lambda: _hash(answer))
    if answer.failure or not answer.entries:
        return None
    rows = (entry.partition("\t") for entry in answer.entries)
    return frozenset(path for about, _, path in rows if about.startswith("100755")) or None


def knew(folder: str | Path, path: str) -> bool:
    """Return whether a missing file or folder is in git's index or last commit, which means that it was deleted."""
    for tree in (("--with-tree=HEAD",), ()):  # there may be no commit yet
        if _git(os.fspath(folder), "ls-files", "-z", *tree, "--", path).entries:
            return True
    return False


def _git(folder: str, *arguments: str, **variables: str) -> _Answer:
    """Run git, with ``variables``; an empty one is not set. Every call of git goes through here."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    try:
        environment = {name: value for name, value in {**kept, **_FIXED, **variables}.items() if value}
        code, output, errors = run(["git", *_FLAGS, "-C", folder, *arguments], environment, _SECONDS)
    except FileNotFoundError:
        return _Answer(b"", "there is no git")
    except (OSError, ValueError, TimedOut) as error:
        # A name that no file can have is a ValueError.
        return _Answer(b"", type(error).__name__)
    if code:
        is_owner_refused = b"dubious ownership" in errors or b"unsafe repository" in errors
        return _Answer(b"", "another user owns it" if is_owner_refused else f"exit code {code}")
    return _Answer(output)
