"""What git says about the files of a repository: which there are, and which a commit takes away."""

from __future__ import annotations

import os
from pathlib import Path


def files_of(root: Path) -> list[str] | None:
    """Files that git tracks or would track and that are there, by one call; None where there is no git."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return None
    which = ("--cached", "--others", "--deleted", "--exclude-standard")
    entries = _names(root, "ls-files", "-z", "-t", *which)
    if entries is None:
        return None
    # Before each name stands a letter and a space; a file that was deleted is named twice, once with an R.
    gone = {entry[2:] for entry in entries if entry.startswith(b"R ")}
    return [os.fsdecode(entry[2:]) for entry in entries if entry[2:] not in gone]


def taken_away(folder: Path) -> list[str]:
    """The files below a folder that the commit deletes or renames for which pre-commit runs; none outside of it.

    pre-commit names the files that a commit leaves behind, and not these.
    """
    if os.environ.get("PRE_COMMIT") != "1":
        return []
    before, after = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    between = [f"{before}...{after}"] if before and after else ["--cached"]
    options = ("-z", "--name-only", "--relative", "--no-renames", "--diff-filter=D")
    return [os.fsdecode(name) for name in _names(folder, "diff", *options, *between, "--") or ()]


def _names(folder: Path, *arguments: str) -> list[bytes] | None:
    """The names that a call of git prints, with a null byte behind each; None where it fails."""
    import subprocess

    try:
        done = subprocess.run(
            ["git", "-C", os.fspath(folder), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=60,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return [name for name in done.stdout.split(b"\0") if name] if done.returncode == 0 else None
