"""git's list of files in a kept run: what is looked at anyway is not asked for again, and a deleted file is seen."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.repository import child_process, git
from training_alignment.scan import glance

from flake8_training import source_file
from flake8_training.store import trace_columns
from flake8_training.store.trace_columns import _Group, _looks
from tests.test_store import check, computed, repository, without

__all__ = ["computed", "repository"]

SCRIPT = "demand_training.py"


@pytest.fixture(autouse=True)
def old_files() -> Iterator[None]:
    """Treat all files as so old that their size and times count."""
    with mock.patch.object(source_file, "_COARSEST", -(10**12)):
        yield


@pytest.fixture
def listed() -> Iterator[mock.Mock]:
    """Count the comparisons of git's list with the folders."""
    with mock.patch.object(git, "_are_there", wraps=git._are_there) as counted:
        yield counted


def _append(path: Path, text: str = "\n") -> None:
    with open(path, "a") as stream:
        stream.write(text)


def test_the_folders_are_listed_once_for_all_runs(
    repository: Path, computed: mock.Mock, listed: mock.Mock
) -> None:
    check(repository, SCRIPT)
    assert listed.call_count == 1
    check(repository, SCRIPT)
    for _ in range(2):
        _append(repository / SCRIPT, "print(1)\n")
        listed.reset_mock()
        found = check(repository, SCRIPT)
        assert check(repository, SCRIPT) == found
        assert not listed.called
        assert found == without(repository, SCRIPT)
    assert computed.call_count == 3 + 2  # two without the store


@pytest.mark.parametrize("name", [SCRIPT, "notes.txt", "demand_training.step.yaml"])
def test_a_deleted_file_is_seen_whether_it_was_looked_at_or_not(
    repository: Path, computed: mock.Mock, name: str
) -> None:
    (repository / "notes.txt").write_text("a file that nobody reads\n")
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    check(repository, "launch.py")
    check(repository, "launch.py")
    assert computed.call_count == 1
    (repository / name).unlink()
    found = check(repository, "launch.py")
    assert computed.call_count == 2
    assert found == without(repository, "launch.py")
    (repository / name).write_text("")
    assert check(repository, "launch.py") == without(repository, "launch.py")


def test_a_file_that_an_edit_comes_with_may_be_deleted(repository: Path) -> None:
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    check(repository, "launch.py")
    _append(repository / "launch.py")
    (repository / SCRIPT).unlink()
    found = check(repository, "launch.py")
    assert "TRN" in found.output
    assert found == without(repository, "launch.py")


@pytest.mark.parametrize("name", [SCRIPT, "demand_training.step.yaml", "launch.py"])
def test_a_file_of_a_whole_check_may_be_deleted(repository: Path, name: str) -> None:
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    check(repository, "--all")
    (repository / name).unlink()
    assert check(repository, "--all") == without(repository, "--all")


@pytest.mark.parametrize("words", [("--all",), (SCRIPT,)], ids=" ".join)
def test_git_lists_the_files_once_a_run(repository: Path, words: tuple[str, ...]) -> None:
    check(repository, *words)
    for more in ("", "print(1)\n"):
        _append(repository / SCRIPT, more)
        with mock.patch.object(git, "run", wraps=child_process.run) as run:
            check(repository, *words)
        assert sum(call.args[0][-6:] == list(git._NAMES) for call in run.mock_calls) == 1


def test_most_files_that_nobody_looks_at_are_listed_by_folders(repository: Path, listed: mock.Mock) -> None:
    for number in range(5):
        (repository / f"{number}.txt").write_text("")
    with mock.patch.object(trace_columns, "_MOST_UNSEEN", 3):
        check(repository, SCRIPT)
    listed.reset_mock()
    check(repository, SCRIPT)
    assert listed.call_count == 1


def test_a_large_file_is_asked_again_only_if_it_changes(repository: Path) -> None:
    large = "".join(
        f'    "Step{number}": {{"sagemaker_step_type": "Training"}},\n' for number in range(3_000)
    )
    registry = repository / "registry.py"
    registry.write_text(f"STEP_NAMES = {{\n{large}}}\n")
    asked = mock.Mock(wraps=glance.glance)
    with mock.patch.object(glance, "glance", asked):
        first = check(repository, SCRIPT)
        assert [call.args[0] for call in asked.mock_calls].count("registry.py") == 1
        asked.reset_mock()
        _append(repository / SCRIPT)
        assert check(repository, SCRIPT) == first
        assert "registry.py" not in [call.args[0] for call in asked.mock_calls]
        _append(registry)
        _append(repository / SCRIPT)
        check(repository, SCRIPT)
        assert "registry.py" in [call.args[0] for call in asked.mock_calls]


_NAME = st.sampled_from(["a", "b", "ab", "a.b", "b-"])
_PATH = st.lists(_NAME, min_size=1, max_size=3).map(os.sep.join)


@given(
    st.sampled_from(["", "a", f"ab{os.sep}", f"b{os.sep}a"]),
    st.lists(_PATH, min_size=7, max_size=12),
    st.booleans(),
)
def test_files_are_looked_at_from_the_folder_that_they_share(
    start: str, rest: list[str], is_possible: bool
) -> None:
    paths = [start + path for path in rest]
    with mock.patch.object(os, "open", return_value=7) as opening, mock.patch.object(os, "close") as closed:
        with mock.patch.object(os, "lstat", side_effect=lambda path: path):
            with mock.patch.object(os, "stat", side_effect=lambda path, **_: f"*{path}") as stat:
                with mock.patch.object(os, "supports_dir_fd", {stat} if is_possible else set()):
                    found = _looks(_group("/root", paths))
                opened = opening.call_args
    if opened is None:
        assert list(map(str, found)) == [f"/root/{path}" for path in paths]
        assert len(paths) < 8 or not is_possible
        return
    folder = opened.args[0]
    assert [os.path.join(folder, str(one)[1:]) for one in found] == [f"/root/{path}" for path in paths]
    assert closed.called


def _group(root: str, paths: list[str]) -> _Group:
    group = _Group(root, -1)
    group.paths = paths
    return group


def test_the_status_is_that_of_each_file_and_no_link_is_followed(tmp_path: Path) -> None:
    names = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for number in range(10):
            path = tmp_path / folder / str(number)
            path.write_text("x" * number)
            names.append(f"{folder}/{number}")
    (tmp_path / "one" / "link").symlink_to(tmp_path / "two" / "9")
    names.append("one/link")
    elsewhere = str(tmp_path / "two" / "3")
    assert _looks(_group(str(tmp_path), [*names, elsewhere])) == [
        os.lstat(tmp_path / name) for name in (*names, elsewhere)
    ]
    (tmp_path / "two" / "5").unlink()
    with pytest.raises(FileNotFoundError):
        _looks(_group(str(tmp_path), names))
