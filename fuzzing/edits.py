"""Random edits of a repository: after each one, a run with the store must print what a run without it prints.

``python -m fuzzing.edits [--edits 1000] [--seed 1] [--tree FOLDER] [--old]``

The repository is a copy of the folder, by default of this project's examples. The edits change, add, delete, rename,
copy and link files, change folders and branches, and change files without a change of their size or time. With
``--old``, the store takes every file for so old that its times count; they count for no file that was just edited.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random

from training_alignment.cli import main as command

from flake8_training import source_file

_EXAMPLES = Path(__file__).parents[1] / "examples"
_WORDS = (
    "train training validation model epochs SM_CHANNEL_TRAIN SM_MODEL_DIR entry_point input output lr".split()
)


class Edits:
    """A repository and its random edits."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self._random = random
        self._watched = ""
        self._git("init", "-q", "-b", "main")
        self._commit("first")
        self._branches = ["main"]

    def next(self) -> str:
        """Make one edit, and return a description of it."""
        edits: tuple[Callable[[], str], ...] = (
            self._replace_word,
            self._replace_word,
            self._change_watched,
            self._append,
            self._delete,
            self._rename,
            self._copy,
            self._restore,
            self._same_size_and_time,
            self._touch,
            self._module_beside,
            self._ignore,
            self._link,
            self._folder,
            self._configure,
            self._branch,
            self._commit_all,
        )
        return self._random.choice(edits)()

    def file(self) -> str:
        """Return the path of a random file."""
        return self._random.choice(self._files())

    def watched(self) -> str:
        """Return the path of a file, the same as long as there is one: its run is kept over many edits."""
        if not (self.folder / self._watched).is_file():
            self._watched = self.file()
        return self._watched

    def _files(self) -> list[str]:
        found = (path for path in self.folder.rglob("*") if ".git" not in path.parts and path.is_file())
        return sorted(str(path.relative_to(self.folder)) for path in found) or ["none.py"]

    def _read(self, path: str) -> str:
        try:
            return (self.folder / path).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def _write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_symlink() and not file.exists():
            file.unlink()  # a link to itself cannot be written to
        file.write_text(text, encoding="utf-8")

    def _replace_word(self) -> str:
        path = self.file()
        text = self._read(path)
        words = [word for word in _WORDS if word in text] or [""]
        old, new = self._random.choice(words), self._random.choice(_WORDS)
        if old:
            self._write(path, text.replace(old, new, 1))
        return f"{path}: {old} -> {new}"

    def _change_watched(self) -> str:
        path = self.watched()
        self._write(path, self._read(path) + f"\n{self._random.choice(_WORDS)} = 1\n")
        return f"{path}: a line more"

    def _append(self) -> str:
        path = self.file()
        self._write(path, self._read(path) + "\n# a comment\n")
        return f"{path}: a comment"

    def _delete(self) -> str:
        path = self.file()
        (self.folder / path).unlink(missing_ok=True)
        return f"{path} deleted"

    def _rename(self) -> str:
        path, other = self.file(), self.file()
        new = str(Path(other).parent / f"{self._random.choice(_WORDS)}_{Path(path).name}")
        if (self.folder / path).exists():
            (self.folder / path).rename(self.folder / new)
        return f"{path} renamed to {new}"

    def _copy(self) -> str:
        path, other = self.file(), self.file()
        self._write(other, self._read(path))
        return f"{path} copied to {other}"

    def _restore(self) -> str:
        self._git("checkout", "-q", "--", ".", may_fail=True)
        return "everything restored"

    def _same_size_and_time(self) -> str:
        path = self.file()
        text = self._read(path)
        full = self.folder / path
        if not text or not full.exists():
            return "nothing"
        before = full.stat()
        place = self._random.randrange(len(text))
        self._write(path, text[:place] + self._random.choice("abcd_") + text[place + 1 :])
        os.utime(full, ns=(before.st_atime_ns, before.st_mtime_ns))
        return f"{path}: one character at {place}, with the old time"

    def _touch(self) -> str:
        path = self.file()
        if (self.folder / path).exists():
            os.utime(self.folder / path)
        return f"{path} touched"

    def _module_beside(self) -> str:
        path = Path(self.file()).parent / self._random.choice(("pandas.py", "argparse.py", "xgboost.py"))
        self._write(str(path), "def read_csv(path):\n    return path\n")
        return f"{path} added"

    def _ignore(self) -> str:
        pattern = self._random.choice((Path(self.file()).name, "*.yaml", "pandas.py", "# nothing"))
        self._write(".gitignore", f"{pattern}\n")
        return f"{pattern} ignored"

    def _link(self) -> str:
        path, other = self.file(), self.file()
        if path != other:
            (self.folder / path).unlink(missing_ok=True)
            (self.folder / path).symlink_to(os.path.relpath(self.folder / other, (self.folder / path).parent))
        return f"{path} is a link to {other}"

    def _folder(self) -> str:
        folders = sorted(path for path in self.folder.iterdir() if path.is_dir() and path.name != ".git")
        if not folders:
            return "nothing"
        folder = self._random.choice(folders)
        new = folder.with_name(f"{folder.name}_{self._random.choice(_WORDS)}")
        if not new.exists():
            folder.rename(new)
        if self._random.random() < 0.3 and not folder.exists():
            folder.symlink_to(new.name)
        return f"{folder.name} renamed to {new.name}"

    def _configure(self) -> str:
        line = self._random.choice(('ignore = ["TRN1"]', "strict = true", 'exclude = ["good/**"]', ""))
        self._write("pyproject.toml", f"[tool.flake8-training]\n{line}\n")
        return f"configured: {line}"

    def _branch(self) -> str:
        if self._random.random() < 0.5:
            name = f"branch{len(self._branches)}"
            self._branches.append(name)
            self._git("checkout", "-q", "-b", name)
            return f"branch {name}"
        name = self._random.choice(self._branches)
        self._git("checkout", "-q", "-f", name, may_fail=True)
        return f"checkout of {name}"

    def _commit_all(self) -> str:
        self._commit("more")
        return "commit"

    def _commit(self, message: str) -> None:
        self._git("add", "-A", "--", ".", may_fail=True)
        self._git("commit", "-q", "--allow-empty", "-m", message)

    def _git(self, *words: str, may_fail: bool = False) -> None:
        identity = (
            "-c",
            "user.name=edits",
            "-c",
            "user.email=edits@example.com",
            "-c",
            "commit.gpgsign=false",
        )
        done = subprocess.run(["git", *identity, *words], cwd=self.folder, capture_output=True)
        if done.returncode and not may_fail:
            raise RuntimeError(f"git {' '.join(words)}: {done.stderr.decode(errors='replace')}")


def printed(folder: Path, *words: str) -> tuple[int, str, str]:
    """Return the exit code, output and errors of a check in a folder."""
    output, errors = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stdout(output), redirect_stderr(errors):
        try:
            code = command(["check", *words])
        except SystemExit as end:
            code = int(end.code or 0)
    return code, output.getvalue(), errors.getvalue()


def difference(edits: Edits) -> str:
    """Return how a run with the store differs from one without it; an empty string if it does not."""
    for words in (["--all"], [edits.file()], [edits.watched()]):
        expected = printed(edits.folder, "--no-cache", *words)
        for run in ("first", "second"):
            found = printed(edits.folder, *words)
            if found != expected:
                return f"check {' '.join(words)}, {run} run:\n{found}\ninstead of\n{expected}"
    return ""


def main() -> int:
    """Edit and compare; return 1 for a difference."""
    parser = argparse.ArgumentParser(
        description="Compares runs with and without the store after random edits."
    )
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tree", type=Path, default=_EXAMPLES)
    parser.add_argument("--old", action="store_true")
    arguments = parser.parse_args()
    if arguments.old:
        source_file._COARSEST = -(10**12)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder, "home"))
        tree = Path(folder, "tree")
        shutil.copytree(arguments.tree, tree, ignore=shutil.ignore_patterns(".git", "__pycache__"))
        edits = Edits(tree, Random(arguments.seed))
        for number in range(arguments.edits):
            what = edits.next()
            found = difference(edits)
            if found:
                print(f"seed {arguments.seed}, edit {number}, {what}\n{found}")
                return 1
    print(f"{arguments.edits} edits, 0 differences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
