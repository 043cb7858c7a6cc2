"""What goes wrong around the command: streams, folders, owners, encodings, names. It says one line at most."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from training_alignment.repository.root import find_root

from tests.alignment import git, repository
from tests.harness import write
from tests.hostile.running import CODE, COMMAND, SCRIPT, SCRIPTS, SELECT, STEP, Run, run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="shells, owners and devices are others there")
CHECK = (COMMAND, "check", SELECT)
ROOT = os.name != "nt" and os.geteuid() == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "work", STEP)
    return tmp_path / "work"


def shell(line: str, folder: Path) -> Run:
    return run("bash", "-c", f"set -o pipefail; {line}", folder=folder)


# -- streams


def test_a_reader_that_has_seen_enough_does_not_hide_the_findings(folder: Path) -> None:
    for number in range(400):  # more than a pipe holds
        write(
            folder,
            {
                f"step_{number}/train.py": SCRIPT,
                f"step_{number}/train_contract.py": STEP["train_contract.py"],
            },
        )
    done = shell(f"{COMMAND} check {SELECT} --format json | head -1", folder)
    assert done == (1, "[\n", "")


@pytest.mark.parametrize(
    ("redirected", "expected"),
    [
        (">&-", (1, "", "")),
        ("2>&-", (1, None, "")),
        (">&- 2>&-", (1, "", "")),
        ("<&-", (1, None, "")),
        (">/dev/full", (2, "", "training-alignment: standard output: No space left on device\n")),
        (">/dev/full 2>&1", (2, "", "")),
        ("--root /nowhere 2>/dev/full", (2, "", "")),
        ("--root /nowhere 2>&-", (2, "", "")),
    ],
)
def test_streams(redirected: str, expected: tuple[int, str | None, str], folder: Path) -> None:
    done = shell(f"{COMMAND} check {SELECT} {redirected}", folder)
    exit_code, output, errors = expected
    assert (done.exit_code, done.errors) == (exit_code, errors), done
    assert done.output == output if output is not None else CODE in done.output


def test_an_interrupt_is_quiet(folder: Path) -> None:
    git(folder, "init", "--quiet")
    # git stands in for all that takes long: this one waits until the command has ended, however early the signal comes
    program = folder.parent / "bin/git"
    write(
        folder.parent,
        {"bin/git": '#!/bin/sh\ntouch "$0.started"\nwhile kill -0 $PPID 2>&-; do sleep 0.1; done\n'},
    )
    program.chmod(0o755)
    process = subprocess.Popen(
        CHECK,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"},
        # a shell that starts the tests in the background has them ignore interrupts, and so their processes
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        while not program.with_name("git.started").exists():
            time.sleep(0.01)
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.communicate() == (b"", b"")  # an interrupt that is lost ends with git, in a minute
        assert process.returncode == 130


# -- folders


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "--root", "/nonexistent"), "/nonexistent: No such file or directory"),
        (("check", "--root", "loop"), "loop: Too many levels of symbolic links"),
        (("check", "--root", ""), ": No such file or directory"),
        (("steps", "--root", "nowhere"), "nowhere: No such file or directory"),
        (("graph", "--root", "loop"), "loop: Too many levels of symbolic links"),
        (("check", "nowhere.py"), "nowhere.py: no such file or folder"),
        (("check", "nowhere.txt"), "nowhere.txt: no such file or folder"),
        (("check", "no\nwhere.py"), "no\\nwhere.py: no such file or folder"),
        (("check", "train.py", "train.py/inner.py"), "train.py/inner.py: no such file or folder"),
        (("facts", "nowhere.py"), "nowhere.py: No such file or directory"),
        (("facts", "loop"), "loop: Too many levels of symbolic links"),
        (("facts", "."), ".: not a file"),
    ],
)
def test_what_is_not_there(arguments: tuple[str, ...], says: str, folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    assert run(COMMAND, *arguments, folder=folder) == (2, "", f"training-alignment: {says}\n")


def test_a_current_folder_that_is_gone(folder: Path) -> None:
    for verb in (f"check {SELECT}", "steps", f"check {SELECT} train.py"):
        done = shell(f"mkdir gone && cd gone && rmdir ../gone && {COMMAND} {verb}", folder)
        assert done == (2, "", "training-alignment: the current folder: No such file or directory\n")


def test_a_read_only_folder_without_a_home(folder: Path) -> None:
    git(folder, "init", "--quiet")
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = run(*CHECK, folder=folder, without=("HOME", "TMPDIR"))
    finally:
        folder.chmod(0o755)
    assert (done.exit_code, done.errors) == (1, "")
    assert CODE in done.output


@pytest.mark.skipif(not ROOT, reason="only root can become another user")
def test_a_folder_above_that_may_not_be_searched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of another user stands in a folder, and may not look at the one above."""
    monkeypatch.chdir(folder)
    folder.parent.chmod(0o700)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.seteuid(65534)
            said = str(find_root(Path()) == Path(os.path.realpath(".")))
        except BaseException as error:
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        assert stream.read() == "True"


# -- git


@pytest.mark.skipif(not ROOT, reason="only root can give files away")
def test_a_repository_of_another_user(tmp_path: Path) -> None:
    files = {**STEP, ".gitignore": "ignored/\n", ".hidden/train.py": SCRIPT, "ignored/train.py": SCRIPT}
    files |= {".hidden/train_contract.py": STEP["train_contract.py"]}
    work = repository(tmp_path / "work", files)
    own = run(*CHECK, folder=work)
    assert ".hidden/train.py" in own.output
    assert "ignored" not in own.output
    for path in (work, *work.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    other = run(*CHECK, folder=work, environment={"HOME": str(tmp_path)})
    assert (other.exit_code, other.output) == (own.exit_code, own.output)
    assert other.errors.startswith("training-alignment: git does not list the files")
    assert "another user owns it" in other.errors
    assert other.errors.count("\n") == 1


def test_without_git(folder: Path, tmp_path: Path) -> None:
    git(folder, "init", "--quiet")
    (tmp_path / "bin").mkdir()
    done = run(*CHECK, folder=folder, environment={"PATH": str(tmp_path / "bin")})
    assert done.exit_code == 1
    assert CODE in done.output
    assert (done.errors.count("\n"), "there is no git" in done.errors) == (1, True)


def test_worktrees_shallow_and_bare_clones_and_submodules(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", STEP)
    expected = run(*CHECK, folder=origin)
    assert expected.exit_code == 1
    git(origin, "worktree", "add", "--quiet", "../worktree")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "shallow")
    git(tmp_path, "clone", "--quiet", "--bare", "origin", "bare")
    for name in ("worktree", "shallow"):
        assert run(*CHECK, folder=tmp_path / name) == expected
    assert run(*CHECK, folder=tmp_path / "bare") == (0, "", "")
    # git hands these to a hook in a worktree
    own = f"{origin}/.git/worktrees/worktree"
    handed = {"GIT_DIR": own, "GIT_INDEX_FILE": f"{own}/index", "PRE_COMMIT": "1"}
    assert run(*CHECK, folder=tmp_path / "worktree", environment=handed) == expected
    around = repository(tmp_path / "around", {"README.md": "x\n"})
    git(around, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(origin), "inner")
    below = expected.output.replace("train.py:", "inner/train.py:")
    assert run(*CHECK, folder=around) == (1, below, "")
    assert run(*CHECK, "inner/train.py", folder=around) == (1, below, "")


def test_a_file_that_a_commit_took_away_may_be_named(tmp_path: Path) -> None:
    work = repository(tmp_path / "work", {**STEP, "old.py": "x = 1\n"})
    git(work, "mv", "old.py", "new.py")
    (work / "train.py").unlink()
    assert run(*CHECK, "old.py", folder=work) == (0, "", "")
    assert run(*CHECK, "train.py", folder=work).exit_code == 0
    assert run(*CHECK, "never.py", folder=work).exit_code == 2


# -- encodings and names

ENCODINGS = {
    "UTF-16": SCRIPT.encode("utf-16"),
    "latin-1 with a cookie": b"# coding: latin-1\n# \xff\n" + SCRIPT.encode(),
    "latin-1 without": b"x = '\xff'\n" + SCRIPT.encode(),
    "rot13": b"# -*- coding: rot13 -*-\n" + SCRIPT.encode(),
    "hex": b"# coding: hex\n" + SCRIPT.encode(),
    "undefined": b"# coding: undefined\n" + SCRIPT.encode(),
    "nonsense": b"# coding: nonsense\n" + SCRIPT.encode(),
    "a mark of byte order": b"\xef\xbb\xbf" + SCRIPT.encode(),
    "CR": SCRIPT.replace("\n", "\r").encode(),
    "NUL": SCRIPT.encode() + b"\0\n",
}
READ = ("latin-1 with a cookie", "a mark of byte order", "CR")


@pytest.mark.parametrize("name", ENCODINGS)
def test_encodings(name: str, folder: Path) -> None:
    """What cannot be read is said in one line, and takes away nothing of the other file's findings."""
    write(folder, {"other/train.py": SCRIPT, "other/train_contract.py": STEP["train_contract.py"]})
    (folder / "train.py").write_bytes(ENCODINGS[name])
    done = run(*CHECK, folder=folder)
    assert (done.exit_code, done.errors) == (1, "")
    lines = done.output.splitlines()
    assert sum(line.startswith("other/train.py:") and CODE in line for line in lines) == 1
    here = [line for line in lines if line.startswith("train.py:")]
    assert (
        [CODE in line for line in here] == [True]
        if name in READ
        else ["TRN002" in line for line in here] == [True]
    )
    facts = run(COMMAND, "facts", "train.py", folder=folder)
    if name in READ:
        assert (facts.exit_code, facts.errors) == (0, "")
    else:
        assert (facts.exit_code, facts.output, facts.errors.count("\n")) == (2, "", 1)
        assert facts.errors.startswith("training-alignment: train.py")


@pytest.mark.parametrize("name", [b"bad\xff", b"two\nlines", b" ", b"-x", b"\xc3\xa4", b"a\x1b[31m"])
@pytest.mark.parametrize("locale", ["POSIX", "C.UTF-8"])
def test_names(locale: str, name: bytes, tmp_path: Path) -> None:
    work = repository(tmp_path / "work", STEP)
    try:
        os.mkdir(os.path.join(os.fsencode(work), name))
    except OSError:
        pytest.skip("the file system takes no such name")
    for file, text in STEP.items():
        with open(os.path.join(os.fsencode(work), name, os.fsencode(file)), "w") as stream:
            stream.write(f"{text}\n")  # not a copy: its finding would be part of the other
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(*CHECK, "--format", "json", folder=work, environment=environment)
    assert (done.exit_code, done.errors) == (1, "")
    assert done.output.count(f'"{CODE}"') == 2


def test_a_vanishing_file_takes_nothing_away(tmp_path: Path) -> None:
    work = repository(tmp_path / "work", {**STEP, "other/train.py": SCRIPT})
    (work / "other/train.py").unlink()
    done = run(*CHECK, folder=work)
    assert (done.exit_code, done.errors) == (1, "")
    assert CODE in done.output


def test_flake8_below_a_current_folder_that_is_a_link(tmp_path: Path) -> None:
    write(tmp_path, {f"real/{name}": text for name, text in STEP.items()})
    (tmp_path / "link").symlink_to("real")
    done = run(str(SCRIPTS / "flake8"), "--isolated", SELECT, "train.py", folder=tmp_path / "link")
    assert (done.exit_code, done.errors) == (1, "")
