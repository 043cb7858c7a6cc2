"""Single changes to an aligned project: each mistake is reported under its code, at its line, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.alignment import check
from tests.harness import write
from tests.whole_project.changes import BUILDER, CHANGES, HARMLESS, REQUIREMENTS, Change
from tests.whole_project.project import LAYOUTS, project

# The places of values that a launcher builds do not depend on the layout, but the search for its script does.
IN_ONE_FOLDER: Mapping[str, Change] = {**BUILDER, **REQUIREMENTS}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_aligned_project(layout: str, tmp_path: Path) -> None:
    write(tmp_path, project(layout).files)
    assert check(folder=tmp_path).findings == []


RAW = (
    ('int(given["max_depth"])', 'given["max_depth"]'),
    ('float(given["eta"])', 'given["eta"]'),
    ('json.loads(given["objective"])', 'given["objective"]'),
    ('int(given["num_round"])', 'given["num_round"]'),
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_script_that_takes_the_strings_as_they_are(layout: str, tmp_path: Path) -> None:
    written = project(layout, {"script": RAW})
    write(tmp_path, written.files)
    path, number = written.place("script", "num_boost_round")
    _, text = written.place("script", 'given["objective"]')
    assert check(folder=tmp_path).places == [(path, text, "TRN119"), (path, number, "TRN119")]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_in_folders(name: str, tmp_path: Path) -> None:
    judge(CHANGES[name], "folders", tmp_path)


@pytest.mark.parametrize("name", IN_ONE_FOLDER)
def test_a_change_in_one_folder(name: str, tmp_path: Path) -> None:
    judge(CHANGES[name], "flat", tmp_path)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_change_that_breaks_nothing(name: str, tmp_path: Path) -> None:
    write(tmp_path, project("folders", HARMLESS[name]).files)
    assert check(folder=tmp_path).findings == []


AS_A_WHOLE = {
    "script": (
        (
            """    return {
        "max_depth": int(given["max_depth"]),
        "eta": float(given["eta"]),
        "objective": json.loads(given["objective"]),
        "num_round": int(given["num_round"]),
    }
""",
            "    return {name: json.loads(text) for name, text in given.items()}\n",
        ),
    )
}


def test_a_misspelling_that_the_script_takes_with_the_others(tmp_path: Path) -> None:
    changes = {**AS_A_WHOLE, "builder": (('"max_depth"', '"max_dept"'),)}
    written = project("folders", changes)
    write(tmp_path, written.files)
    assert check(folder=tmp_path).places == [(*written.place("builder", '"max_dept"'), "TRN410")]


def test_a_misspelling_in_the_contract_is_no_misspelling_in_the_builder(tmp_path: Path) -> None:
    changes = {**AS_A_WHOLE, "contract": (('"num_round"', '"num_ruond"'),)}
    write(tmp_path, project("folders", changes).files)
    assert {code for _, _, code in check(folder=tmp_path).places} <= {"TRN158", "TRN209"}


def judge(change: Change, layout: str, folder: Path) -> None:
    """Assert that the change is reported as its row declares, and that all other findings are in the row."""
    written = project(layout, {change.part: ((change.old, change.new),)})
    write(folder, written.files)
    places = check(folder=folder).places
    if change.silent:
        assert places == []
        return
    line = change.at or next(line for line in change.new.splitlines() if line.strip())
    path, number = written.place(change.where or change.part, line)
    assert (path, number, change.code) in places
    assert {code for _, _, code in places} | {change.code} == {change.code, *change.beside}
