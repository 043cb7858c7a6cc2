"""Which files there are, and what is read of them: links, folders of others, size, and whatever else lies about."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from training_alignment.artefacts.read_error import MAX_BYTES, ReadError
from training_alignment.repository import repository as repository_module
from training_alignment.repository.repository import Repository
from training_alignment.repository.root import find_root
from training_alignment.scan.glance import glance, imports

from tests.steps.repositories import write


def git(folder: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder), *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def test_what_git_tracks_or_would_track(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "ignored/\n*.log\n",
            "a.py": "",
            "b/c.py": "",
            "ignored/d.py": "",
            "e.log": "",
            "gone.py": "",
        },
    )
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "a.py", "gone.py")
    git(tmp_path, "commit", "-qm", "a")
    write(tmp_path, {"new/ü ber.py": ""})
    (tmp_path / "gone.py").unlink()
    repository = Repository.open(tmp_path)
    assert repository.files == {".gitignore", "a.py", "b/c.py", "new/ü ber.py"}
    assert repository.exists("a.py")
    assert not repository.exists("gone.py")
    assert Repository.open(tmp_path / "b").files == {"c.py"}


def test_files_that_are_absent_on_purpose_are_listed_and_deleted_ones_are_not(tmp_path: Path) -> None:
    names = ("kept.py", "absent.py", "gone.py", "folder/gone.py", "file/gone.py", "inner/c.py")
    write(tmp_path, dict.fromkeys(names, ""))
    git(tmp_path, "init", "-q")
    git(tmp_path, "init", "-q", "inner")
    git(tmp_path, "add", "kept.py", "absent.py", "gone.py", "folder", "file")
    git(tmp_path, "update-index", "--skip-worktree", "absent.py")
    everything = {"kept.py", "absent.py", "gone.py", "folder/gone.py", "file/gone.py", "inner/"}
    assert Repository.open(tmp_path).files == everything
    (tmp_path / "absent.py").unlink()
    assert Repository.open(tmp_path).files == everything
    for name in ("gone.py", "folder/gone.py", "file/gone.py"):
        (tmp_path / name).unlink()
    for name in ("folder", "file"):
        (tmp_path / name).rmdir()
    write(tmp_path, {"file": ""})
    assert Repository.open(tmp_path).files == {"kept.py", "absent.py", "inner/", "file"}


def test_a_walk_where_there_is_no_git(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": "",
            "b/c.py": "",
            ".hidden/d.py": "",
            "node_modules/e.py": "",
            "own/pyvenv.cfg": "",
            "own/lib/f.py": "",
            "build/g.py": "",
            "x.egg-info/h.py": "",
        },
    )
    assert Repository.open(tmp_path).files == {"a.py", "b/c.py"}


def test_links(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.py": "x = 1\n"})
    root = write(tmp_path / "root", {"a.py": "a = 1\n"})
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "self.py").symlink_to(root / "self.py")
    (root / "inside.py").symlink_to(root / "a.py")
    (root / "out.py").symlink_to(outside / "secret.py")
    (root / "dangling.py").symlink_to(root / "nothing.py")
    repository = Repository.open(root)
    assert repository.files == {"a.py", "self.py", "inside.py", "out.py", "dangling.py"}
    assert repository.data("inside.py") == b"a = 1\n"
    for name in ("self.py", "out.py", "dangling.py"):
        with pytest.raises(ReadError):
            repository.data(name)
    with pytest.raises(ReadError, match="a link that leaves the repository"):
        repository.data("out.py")


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    write(tmp_path, {"large.py": b"#" * (MAX_BYTES + 1)})
    repository = Repository(tmp_path, ["folder.py", "pipe.py", "large.py", "missing.py"])
    for name, said in (
        ("folder.py", "not a file"),
        ("pipe.py", "not a file"),
        ("large.py", "the file has 1,000,001 bytes"),
        ("missing.py", "cannot be read: No such file"),
    ):
        with pytest.raises(ReadError, match=said) as caught:
            repository.data(name)
        assert (caught.value.path, caught.value.line, caught.value.column) == (name, 1, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to this user")
def test_an_unreadable_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    (tmp_path / "a.py").chmod(0)
    with pytest.raises(ReadError, match="Permission denied"):
        Repository.open(tmp_path).data("a.py")


def test_paths_as_they_are_given(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.py": ""})
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    repository = Repository.open(tmp_path)
    assert repository.relative("b.py", tmp_path / "a") == "a/b.py"
    assert repository.relative(tmp_path / "a" / "b.py") == "a/b.py"
    assert repository.relative("../a/./b.py", tmp_path / "a") == "a/b.py"
    assert repository.relative("gone.py", tmp_path) == "gone.py"
    assert repository.relative("../../x.py", tmp_path / "a") is None
    assert repository.relative("/etc/passwd", tmp_path) is None
    assert repository.relative("link/b.py", tmp_path) in ("link/b.py", "a/b.py")


def test_the_root_is_where_the_configuration_is_or_git(tmp_path: Path) -> None:
    write(tmp_path, {"a/b/c.py": "", "a/pyproject.toml": "[project]\n"})
    assert find_root(tmp_path / "a/b") == tmp_path / "a/b"
    git(tmp_path, "init", "-q")
    assert find_root(tmp_path / "a/b") == tmp_path
    assert find_root(tmp_path / "a/b/c.py") == tmp_path
    write(tmp_path, {"a/pyproject.toml": "[tool.flake8-training]\n"})
    assert find_root(tmp_path / "a/b") == tmp_path / "a"


@pytest.mark.parametrize(
    ("line", "contract", "specification"),
    [
        ("X_CONTRACT = {}", True, False),
        ("contract: dict[str, int] = {}", True, False),
        ("X_SPEC: Any = f()", False, True),
        ("x = m.ScriptContract(", True, False),
        ("    return StepSpecification(", False, True),
        ("X_CONTRACT == 1", False, False),
        ("X_CONTRACTS = 1", False, False),
        ("print(X_SPEC)", False, False),
        ("x = " + " " * 600 + "ScriptContract(", False, False),
        ("SPEC" * 250_000, False, False),
        ("_" * 400_000 + "SPEC", False, False),
        ("a: " + "Contract(" * 110_000, False, False),
    ],
)
def test_a_look_at_one_line(line: str, contract: bool, specification: bool) -> None:
    """The last ones take hours where the line is copied for each word, or a pattern goes back."""
    seen = glance("a.py", f"import x\n{line}\n".encode())
    assert (seen.contract, seen.specification) == (contract, specification)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from a import (b, c)\n", (("a", ("b", "c")),)),
        ("from a import (  # all (of it)\n    b,  # one )\n    c as d,\n)\n", (("a", ("b", "c")),)),
        ("from .a import b\nimport c, d\n", ((".a", ("b",)), ("c", ()), ("d", ()))),
    ],
)
def test_imports_at_a_glance(text: str, found: object) -> None:
    assert imports(text.encode()) == found


def test_brackets_that_nothing_closes_are_not_looked_for_to_the_end_of_the_file() -> None:
    assert len(imports(b"from a import (\n" * 60_000)) == 60_000


def test_the_files_below_a_folder() -> None:
    paths = ("a.py", "a/b.py", "a/c/d.py", "a0.py", "a-b/e.py", "ä/f.py", "b/a/g.py")
    repository = Repository(".", paths)
    assert repository.below("") == sorted(paths)
    assert repository.below("a") == ["a/b.py", "a/c/d.py"]
    assert repository.below("a/c") == ["a/c/d.py"]
    assert repository.below("a-b") == ["a-b/e.py"]
    assert repository.below("ä") == ["ä/f.py"]
    assert repository.below("a/b.py") == repository.below("c") == []


def test_a_question_about_a_repository_is_asked_once() -> None:
    asked = []

    def count(repository: Repository) -> int:
        asked.append(repository)
        return len(repository.files)

    first, second = Repository(".", ["a.py"]), Repository(".", ["a.py", "b.py"])
    assert [first.once(count), first.once(count), second.once(count)] == [1, 1, 2]
    assert asked == [first, second]


@pytest.mark.parametrize(("most", "kept"), [(10_000, 20), (100, 8), (0, 8)])
def test_a_small_repository_is_parsed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, kept: int
) -> None:
    paths = [f"module_{number}.py" for number in range(20)]
    write(tmp_path, dict.fromkeys(paths, "x = 1  # a line of some twenty bytes\n"))
    monkeypatch.setattr(repository_module, "MOST_SOURCE", most)
    monkeypatch.setattr(repository_module, "LEAST_SOURCE", 0)
    repository = Repository.open(tmp_path)
    if most:
        repository.keep_sources()
    first = [repository.source(path) for path in paths]
    assert (
        sum(repository.source(path) is one for path, one in zip(paths[::-1], first[::-1], strict=True))
        == kept
    )
