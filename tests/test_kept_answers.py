"""Answers about single files that one request leaves for the next: the output is that of a run without the store."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from training_alignment.repository import kept_answers
from training_alignment.repository.answer_forms import FLAG, GROUPS, NAMED_GROUPS, WORDS, Form
from training_alignment.repository.file_questions import FileQuestion
from training_alignment.repository.kept_answers import KeptAnswers
from training_alignment.repository.repository import Repository
from training_alignment.scan.glance import CLASSES, GLANCE, IMPORTS, IMPORTS_ANY, NAMES_ENTRY, Glance

from flake8_training import source_file
from flake8_training.store.store import Store
from fuzzing.edits import Edits, difference
from tests.in_process import Ended
from tests.test_store import DAMAGES, LAUNCHER, check, flipped, repository, without

__all__ = ["repository"]

SCRIPT = "demand_training.py"


@pytest.fixture(autouse=True)
def old_files() -> Iterator[None]:
    """Treat all files as so old that their size and times count."""
    with mock.patch.object(source_file, "_COARSEST", -(10**12)):
        yield


def answers_of(folder: Path) -> Path:
    return folder / ".git" / "training-alignment" / "answers.sqlite"


def read_in(folder: Path, *words: str) -> tuple[set[str], Ended]:
    """Return the files that a check reads, and what it prints."""
    with mock.patch.object(source_file, "_read", wraps=source_file._read) as read:
        found = check(folder, *words)
    return {Path(call.args[1]).name for call in read.mock_calls}, found


def test_another_request_reads_the_files_of_its_own_alone(repository: Path) -> None:
    for name in ("plain.py", "other.py", "third.py"):
        (repository / name).write_text("import os\n\n\nclass Plain:\n    pass\n")
    everything, found = read_in(repository, "plain.py")
    assert {"plain.py", "other.py", "third.py", "launch.py", SCRIPT} <= everything
    again, same = read_in(repository, "other.py")
    assert "other.py" in again
    assert again.isdisjoint({"third.py", SCRIPT})
    assert found == same == Ended(0, "", "")
    check(repository, "demand_training.step.yaml")
    asked, found = read_in(repository, SCRIPT)
    assert asked.isdisjoint({"plain.py", "third.py"})
    assert found == without(repository, SCRIPT)
    assert "TRN" in found.output


def test_an_edit_is_seen_by_another_request(repository: Path) -> None:
    (repository / "other.py").write_text("x = 1\n")
    (repository / "train.py").write_text("print(1)\n")
    before = without(repository, "train.py")
    assert check(repository, "other.py") == Ended(0, "", "")
    assert check(repository, "train.py") == before
    (repository / "other.py").write_text(LAUNCHER.replace(SCRIPT, "train.py"))
    (repository / "again.py").write_text("")  # another list of files: nothing of the request is known
    found = check(repository, "train.py")
    assert found == without(repository, "train.py") != before


def test_files_that_say_nothing_are_asked_together(repository: Path) -> None:
    for name in ("plain.py", "other.py", "third.py", "fourth.py"):
        (repository / name).write_text("import os\n")

    def asked_of_fourth(name: str) -> set[str]:
        with mock.patch.object(Repository, "answer", autospec=True, side_effect=Repository.answer) as answer:
            check(repository, name)
        calls = [call.args[1:3] for call in answer.mock_calls]
        return {question.name.split()[1] for question, path in calls if path == "fourth.py"}

    check(repository, "plain.py")
    together = {"_imports_any", "_names_entry", "may_launch"}
    assert together.isdisjoint(asked_of_fourth("other.py"))
    with mock.patch.object(KeptAnswers, "possible", lambda _, paths, *__: list(paths)):
        assert together <= asked_of_fourth("third.py")


@pytest.mark.parametrize(
    "line",
    ["from . import train\n", "import train\n", LAUNCHER.replace(SCRIPT, "train.py")],
    ids=["by dots", "by name", "as a launcher"],
)
def test_an_edit_of_a_file_that_said_nothing_is_seen(repository: Path, line: str) -> None:
    (repository / "launch_all.py").write_text(LAUNCHER.replace(SCRIPT, "fit.py"))
    (repository / "fit.py").write_text("print(1)\n")
    for name in ("plain.py", "train.py", "other.py"):
        (repository / name).write_text("import os\n")
    check(repository, "plain.py")
    check(repository, "train.py")  # of the other files, nothing but the kept answers is looked at
    (repository / "other.py").write_text(line)
    with mock.patch.object(Repository, "open", side_effect=Repository.open) as opened:
        found = check(repository, "train.py")
    assert found == without(repository, "train.py")
    assert opened.called, "the answers of the file are others: the run is not repeated"


def test_a_file_that_leaves_the_repository_is_not_known(repository: Path, tmp_path: Path) -> None:
    inner = repository / "inner"
    inner.mkdir()
    (inner / "launch_again.py").write_text(LAUNCHER)
    subprocess.run(["git", "add", "-A"], cwd=repository, check=True)
    check(repository, "launch.py")
    inner.rename(tmp_path / "inner")
    inner.symlink_to(tmp_path / "inner")
    assert check(repository, SCRIPT) == without(repository, SCRIPT)


def test_nothing_is_known_of_a_file_below_a_link_that_leaves_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for folder in (root / "inner", tmp_path / "outside"):
        folder.mkdir(parents=True)
        (folder / "x.py").write_text("import os\n")
    (root / "link").symlink_to(tmp_path / "outside")
    paths = ["inner/x.py", "link/x.py"]
    kept = KeptAnswers(mock.Mock(), source_file.Root(root), paths)
    text = "os\x1f\x1e"
    kept._read[0] = {
        path: kept_answers._File((source_file.numbers_of((root / path).lstat()), b""), {IMPORTS.name: text})
        for path in paths
    }
    assert kept.possible(paths, IMPORTS_ANY, ("train",)) == ["link/x.py"]
    assert [kept.recall(path, IMPORTS) for path in paths] == [((("os", ()),),), None]


def test_a_registry_is_known_to_another_request(repository: Path) -> None:
    registry = 'STEPS = {"DemandTraining": {"sagemaker_step_type": "Training", "builder_step_name": "B"}}\n'
    (repository / "steps.py").write_text(registry)
    check(repository, SCRIPT)
    with mock.patch(
        "training_alignment.artefacts.python_file.read_python", side_effect=AssertionError
    ) as read:
        with mock.patch(
            "training_alignment.repository.repository.Repository.source", side_effect=AssertionError
        ):
            check(repository, "launch.py")
    assert "steps.py" not in {str(call.args[0].path) for call in read.mock_calls if call.args}


def test_few_new_answers_are_not_written(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_FEW", 4)
    for number in range(80):
        (repository / f"plain_{number}.py").write_text("import os\n")
    check(repository, "plain_1.py")
    before = answers_of(repository).read_bytes()
    (repository / "plain_0.py").write_text("import sys\n")
    assert check(repository, "plain_0.py") == without(repository, "plain_0.py")
    assert answers_of(repository).read_bytes() == before
    for number in range(40):
        (repository / f"plain_{number}.py").write_text("import sys\n")
    assert check(repository, "plain_2.py") == without(repository, "plain_2.py")
    assert answers_of(repository).read_bytes() != before


def test_many_files_are_in_several_blocks(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_FILES", 1)
    monkeypatch.setattr(kept_answers, "_FEW", 10**6)
    expected = [without(repository, name) for name in ("launch.py", SCRIPT)]
    assert [check(repository, name) for name in ("launch.py", SCRIPT)] == expected
    with closing(sqlite3.connect(answers_of(repository))) as store:
        assert len(store.execute("SELECT request FROM run").fetchall()) > 1


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_edits_the_output_is_that_of_a_run_without_a_store(repository: Path, seed: int) -> None:
    edits = Edits(repository, Random(seed))
    for number in range(10):
        what = edits.next()
        assert difference(edits) == "", (number, what)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: str(damage.__name__))
def test_broken_or_hostile_answers_change_nothing(repository: Path, damage: Callable[[Path], None]) -> None:
    expected = without(repository, "launch.py")
    check(repository, SCRIPT)
    damage(answers_of(repository))
    assert check(repository, "launch.py") == expected


def test_flipped_bits_change_nothing(repository: Path) -> None:
    expected = without(repository, "launch.py")
    check(repository, SCRIPT)
    path = answers_of(repository)
    data = path.read_bytes()
    random = Random(6)
    for _ in range(20):
        path.write_bytes(flipped(data, random))
        with mock.patch.object(Store, "_keep"):
            assert check(repository, "launch.py") == expected


def test_an_import_by_dots_alone_may_be_of_any_package() -> None:
    for line, word, is_import in (("from . import a", "pack", True), ("from .b import a", "pack", False)):
        assert bool(IMPORTS_ANY.answer("pack/x.py", line.encode(), word)) is is_import


# -- the forms of answers

TEXT = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(("", "a\x1fb", "a\x1eb", "a\0b"))
TUPLES = st.lists(TEXT, max_size=4).map(tuple)


@pytest.mark.parametrize("form", [WORDS, GROUPS, NAMED_GROUPS], ids=["words", "groups", "named groups"])
@given(data=st.data())
def test_an_answer_is_read_as_it_was_or_not_kept(form: Form, data: st.DataObject) -> None:
    answers: st.SearchStrategy[object] = {
        id(WORDS): TUPLES,
        id(GROUPS): st.lists(TUPLES, max_size=3).map(tuple),
        id(NAMED_GROUPS): st.lists(st.tuples(TEXT, TUPLES), max_size=3).map(tuple),
    }[id(form)]
    answer = data.draw(answers)
    text = form.text(answer)
    if text is None:
        assert any(mark in repr(answer) for mark in (r"\x1f", r"\x1e", r"\x00"))
    else:
        assert form.read("", text) == answer
        assert repr(form.read("", text)) == repr(answer)


@pytest.mark.parametrize("answer", [True, False])
def test_a_flag(answer: bool) -> None:
    assert FLAG.read("", FLAG.text(answer) or "") is answer


PARTS = ("contract", "specification", "flow", "builder", "registry", "step_file", "certain")


@given(
    st.fixed_dictionaries(dict.fromkeys(PARTS, st.booleans())), st.lists(st.sampled_from(("a.py", "b/c.py")))
)
def test_a_glance(parts: dict[str, bool], names: list[str]) -> None:
    seen = Glance("x.py", entry_points=tuple(names), **parts)
    assert GLANCE.form is not None
    text = GLANCE.form.text(seen)
    assert text is not None
    assert repr(GLANCE.form.read("x.py", text)) == repr(seen)
    assert GLANCE.form.read("x.py", GLANCE.form.text(None) or "") is None


LINES = st.sampled_from(
    (
        b"import os, train",
        b"from . import train",
        b"from .. import *",
        b"from\t. import other",
        b"from pack.train import main as m",
        b"from pack import (\n    train,  # one\n    other,\n)",
        b"x = 1  # train",
        b'entry_point = "src/train.py"',
        b'ENTRY = "train.py" + "my train.py"',
        b"class Train(Base):",
        b"\xff\xfe",
    )
)


@example([b'entry_point = "src/train.py"'], "my train.py")
@given(
    st.lists(LINES, max_size=5),
    st.sampled_from(("train", "main", "pack", "os", "other", "train.py", "my train.py")),
)
def test_the_bytes_answer_as_the_answer_that_is_kept(lines: list[bytes], word: str) -> None:
    data = b"\n".join(lines)
    questions: tuple[FileQuestion[object], ...] = (IMPORTS_ANY, NAMES_ENTRY)
    for question in questions:
        assert question.of is not None
        assert question.answer("x.py", data, word) == question.function(
            "x.py", question.of.answer("x.py", data), word
        )
        text = (
            question.of.form.text(question.of.answer("x.py", data)) if question.of.form is not None else None
        )
        assert text is not None
        kept = KeptAnswers(mock.Mock(), source_file.Root("."), ["x.py", "y.py"])
        kept._unchanged["x.py"] = kept_answers._File(((), b""), {question.of.name: text})
        kept._unchanged["y.py"] = None
        possible = kept.possible(["x.py", "y.py"], question, (word,))
        assert "y.py" in possible
        if question.answer("x.py", data, word):
            assert "x.py" in possible
        if not text:
            assert possible == ["y.py"]
    for plain in (IMPORTS, CLASSES):
        assert plain.form is not None
        assert plain.form.text(plain.answer("x.py", data)) is not None
