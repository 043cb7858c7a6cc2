"""The search for an entry point's script: what it finds among many files, and how many it looks at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.artefacts.tree import Located, Place
from training_alignment.repository.folders import below, folder_of, level, parts_of
from training_alignment.repository.repository import Repository
from training_alignment.scan.index import Index
from training_alignment.scan.name_forms import key
from training_alignment.steps import entry_points
from training_alignment.steps.entry_points import Scripts


def scripts_among(files: list[str]) -> Scripts:
    index = Index(Repository(Path("/nowhere"), files))
    index.__dict__["glances"] = {}
    return Scripts(index)


def one_by_one(files: list[str], name: str, folder: str) -> str | None:
    """Return the script that a look at every file finds."""
    usable = [
        path
        for path in files
        if ("/" + path).endswith("/" + name) and not entry_points._is_copy(path, folder)
    ]
    if not usable:
        return None
    nearest = min(level(folder, folder_of(path)) for path in usable)
    best = [path for path in usable if level(folder, folder_of(path)) == nearest]
    depths = [len(parts_of(below(folder_of(path), folder))) for path in best]
    shallow = [path for path, depth in zip(best, depths, strict=True) if depth == min(depths)]
    named = [p for p in shallow if any(key(x) and key(x).text == "a" for x in parts_of(folder_of(p)))]
    inside = [p for p in shallow if parts_of(folder_of(p))[-1:] in (["scripts"], ["src"], ["code"])]
    return next((found[0] for found in (shallow, named, inside) if len(found) == 1), None)


_FOLDERS = st.lists(st.sampled_from(["a", "b", "b-c", "src", "docker", "tests"]), max_size=3)
_FILES = st.lists(_FOLDERS.map(lambda parts: "/".join([*parts, "train.py"])), unique=True, max_size=8)


@given(_FILES, st.lists(_FOLDERS.map("/".join), min_size=1, max_size=3))
def test_ranges_of_files_give_what_a_look_at_each_gives(files: list[str], folders: list[str]) -> None:
    scripts = scripts_among(files)
    for folder in folders:
        entry = Located("train.py", Place(f"{folder}/contract.py" if folder else "contract.py", 1, 1))
        assert scripts.named(entry, key("a")).path == one_by_one(files, "train.py", folder)


@pytest.mark.parametrize("script", ["team_{n}/train.py", "teams/{n}/code/train.py"])
def test_each_file_of_the_name_is_looked_at_once_for_all_steps(
    script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [script.format(n=n) for n in range(200)]
    looked: list[str] = []
    monkeypatch.setattr(entry_points, "_is_copy", lambda path, top: looked.append(path))
    scripts = scripts_among(files)
    for n in range(200):
        found = scripts.named(Located("train.py", Place(f"team_{n}/contract.py", 1, 1)), key(""))
        assert len(found.candidates) <= entry_points._MOST_CANDIDATES
    assert sorted(looked) == sorted(files)


def test_an_entry_point_with_a_folder_is_any_path_with_that_end() -> None:
    index = Index(
        Repository(Path("/nowhere"), ["b/src/train.py", "src/train.py", "a/bsrc/train.py", "train.py"])
    )
    assert index.ending_in("src/train.py") == ("b/src/train.py", "src/train.py")
    assert index.ending_in("train.py") == ("a/bsrc/train.py", "b/src/train.py", "src/train.py", "train.py")
    assert index.ending_in("c/train.py") == ()
