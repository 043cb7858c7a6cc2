"""The store of earlier runs: it changes no output, whatever is in it, and it is asked before anything is analysed."""

from __future__ import annotations

import ast
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest
from training_alignment import cli
from training_alignment.artefacts.python_file import read_python
from training_alignment.checking.kept_run import RunStore
from training_alignment.command_parser import parser
from training_alignment.repository.child_process import TimedOut, run
from training_alignment.repository.file_questions import answer_of, question_called
from training_alignment.repository.repository import Repository, listed_files
from training_alignment.scan.glance import CLASSES, GLANCE, HAS_ANY
from training_alignment.scan.index import Index

from flake8_training import source_file
from flake8_training.engine.syntax.program import Program
from flake8_training.source_file import (
    Root,
    Trace,
    is_file,
    look,
    names_in,
    real_path,
    record_in,
    searched,
    size_of,
    stamp_of,
)
from flake8_training.store import store as store_module
from flake8_training.store import trace_columns
from flake8_training.store.store import Store
from flake8_training.store.trace_columns import Columns, TraceCheck
from fuzzing.edits import Edits, difference
from tests.in_process import Ended, run_command

ROOT = Path(__file__).parents[1]
DEMAND = ROOT / "examples" / "good" / "demand"
LAUNCHER = """
from sagemaker.pytorch import PyTorch

PyTorch(entry_point="demand_training.py", role="r", instance_type="ml.m5.xlarge", instance_count=1,
    framework_version="2.1", py_version="py310").fit({"trainin": "s3://bucket/train"})
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with steps, a launcher and findings, and a user's folder for the key."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "work" / "repository"
    shutil.copytree(DEMAND, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "launch.py").write_text(LAUNCHER)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@pytest.fixture
def computed() -> Iterator[mock.Mock]:
    """Count the runs that are computed."""
    with mock.patch.object(cli, "_checked", wraps=cli._checked) as counted:
        yield counted


def check(folder: Path, *words: str) -> Ended:
    return run_command(["check", *words], folder)


def store_of(folder: Path) -> Path:
    return folder / ".git" / "training-alignment" / "store.sqlite"


def without(folder: Path, *words: str) -> Ended:
    return check(folder, "--no-cache", *words)


REQUESTS = (
    ("--all",),
    ("demand_training.py",),
    ("launch.py", "demand_training.step.yaml"),
    ("--all", "--format", "sarif"),
    ("--all", "--show-unknown"),
    ("--all", "--select", "TRN4", "--strict"),
)


@pytest.mark.parametrize("words", REQUESTS, ids=" ".join)
def test_a_second_run_repeats_the_first(
    repository: Path, computed: mock.Mock, words: tuple[str, ...]
) -> None:
    expected = without(repository, *words)
    assert "TRN" in expected.output
    assert [check(repository, *words) for _ in range(3)] == [expected] * 3
    assert computed.call_count == 2


def test_requests_do_not_share_an_answer(repository: Path) -> None:
    first = [check(repository, *words) for words in REQUESTS]
    assert [check(repository, *words) for words in REQUESTS] == first
    assert len({one.output for one in first}) == 3  # text, SARIF and the unknown; a launcher is in each


def test_the_options_turn_it_off(repository: Path, tmp_path: Path, computed: mock.Mock) -> None:
    check(repository, "--no-cache")
    assert not store_of(repository).exists()
    (repository / "pyproject.toml").write_text("[tool.flake8-training]\ncache = false\n")
    check(repository)
    check(repository)
    assert not store_of(repository).exists()
    named = tmp_path / "named" / "folder"
    check(repository, "--cache-dir", str(named))
    check(repository, "--cache-dir", str(named))
    assert (named / "store.sqlite").exists()
    assert not store_of(repository).exists()
    assert computed.call_count == 4


def test_a_wrong_setting_is_reported(repository: Path) -> None:
    (repository / "pyproject.toml").write_text("[tool.flake8-training]\ncache = 3\n")
    assert "cache is a number, not true or false" in check(repository).output


def _append(folder: Path) -> None:
    with open(folder / "demand_training.py", "a") as stream:
        stream.write("\nimport os\nprint(os.environ['SM_MODEL_DIRR'])\n")


def test_a_list_of_files_is_compared_and_used_once(repository: Path) -> None:
    first = check(repository)
    assert check(repository) == first
    (repository / "launch.py").rename(repository / "start.py")
    renamed = without(repository)
    assert "start.py" in renamed.output
    assert "launch.py" not in renamed.output
    assert [check(repository), check(repository)] == [renamed] * 2
    (repository / "start.py").rename(repository / "launch.py")
    assert without(repository) == first


def _same_size_and_time(folder: Path) -> None:
    path = folder / "launch.py"
    before = path.stat()
    path.write_text(path.read_text().replace("trainin", "training"[:-1].swapcase()))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _folder_instead(folder: Path) -> None:
    (folder / "launch.py").unlink()
    (folder / "launch.py").mkdir()


def _link_outside(folder: Path) -> None:
    (folder / "launch.py").rename(folder.parent / "launch.py")
    (folder / "launch.py").symlink_to(folder.parent / "launch.py")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file grows": _append,
    "a file of the same size and time": _same_size_and_time,
    "a file is deleted": lambda folder: (folder / "demand_training.py").unlink(),
    "a file is renamed": lambda folder: (folder / "launch.py").rename(folder / "start.py"),
    "a file is added": lambda folder: (folder / "again.py").write_text(LAUNCHER),
    "a file is ignored": lambda folder: (folder / ".gitignore").write_text("launch.py\n"),
    "a local module hides a library": lambda folder: (folder / "pandas.py").write_text("x = 1\n"),
    "a file becomes a folder": _folder_instead,
    "a link out of the repository": _link_outside,
    "the configuration": lambda folder: (folder / "pyproject.toml").write_text(
        '[tool.flake8-training]\nignore = ["TRN4"]\n'
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(repository: Path, change: str) -> None:
    stamped(repository)
    before = check(repository)
    CHANGES[change](repository)
    expected = without(repository)
    assert [check(repository), check(repository)] == [expected] * 2
    if change not in ("a local module hides a library", "a link out of the repository"):
        assert expected != before


def stamped(folder: Path) -> None:
    """Make the files so old that their size and times count."""
    for path in folder.rglob("*"):
        if ".git" not in path.parts:
            os.utime(path, ns=(0, 1_600_000_000_000_000_000))


def test_unchanged_files_are_not_read(repository: Path, computed: mock.Mock) -> None:
    with mock.patch("flake8_training.source_file._COARSEST", -(10**12)):  # as if all files were old
        first = check(repository)
        with mock.patch("flake8_training.source_file._read", side_effect=AssertionError("a file is read")):
            again = check(repository)
    assert again == first
    assert computed.call_count == 1


def test_a_stamp_is_kept_only_of_an_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    found = path.stat()
    assert stamp_of(found, found.st_mtime_ns + 1) == ()
    assert stamp_of(found, found.st_mtime_ns + 10**10) != ()


def test_touched_files_are_stamped_again(repository: Path, computed: mock.Mock) -> None:
    check(repository)
    with mock.patch("flake8_training.source_file._COARSEST", -(10**12)):
        check(repository)
        with mock.patch("flake8_training.source_file._read", side_effect=AssertionError("a file is read")):
            check(repository)
    assert computed.call_count == 1


@pytest.mark.parametrize(
    ("edited", "text", "is_computed"),
    [
        ("other.py", "x = 1\n", False),
        ("other.py", "from demand_training import main\n", True),
        ("other.py", 'OTHER_CONTRACT = {"entry_point": "demand_training.py"}\n', True),
        ("other.py", "class Other:\n    pass\n", False),
        ("demand_training.py", "x = 1\n", True),
    ],
)
def test_an_edit_counts_if_it_changes_what_a_run_has_asked(
    repository: Path, computed: mock.Mock, edited: str, text: str, is_computed: bool
) -> None:
    (repository / "other.py").write_text("y = 1\n")
    check(repository, "demand_training.py")
    with open(repository / edited, "a") as stream:
        stream.write(text)
    found = check(repository, "demand_training.py")
    assert computed.call_count == 1 + is_computed
    assert found == without(repository, "demand_training.py")
    stamped(repository)
    with mock.patch("flake8_training.source_file._read", wraps=source_file._read) as read:
        assert check(repository, "demand_training.py") == check(repository, "demand_training.py") == found
    assert read.call_count < 60  # the first of them stamps the files, the second reads none


def test_a_relative_import_asks_for_the_python_files_of_the_repository_alone(
    repository: Path, computed: mock.Mock
) -> None:
    (repository / "__init__.py").write_text("")  # its parent folder is outside of the repository
    inner = repository / "inner"
    inner.mkdir()
    (inner / "__init__.py").write_text("")
    (inner / "train.py").write_text(
        "from .losses import main\n\nif __name__ == '__main__':\n    print(main())\n"
    )
    (inner / "losses.py").write_text("")
    launcher = LAUNCHER.replace('"demand_training.py"', '"train.py", source_dir="inner"')
    (repository / "launch.py").write_text(launcher)
    found = check(repository, "--all")
    assert "TRN115" in found.output
    (repository.parent / "beside.py").write_text("import repository.inner.train\n")
    assert check(repository, "--all") == found
    assert computed.call_count == 1
    (repository / ".gitignore").write_text("*.log\n")
    check(repository, "--all")
    (inner / "run.log").write_text("")
    assert check(repository, "--all") == found
    assert computed.call_count == 2
    (inner / "caller.py").write_text("import inner.train\n")
    assert "TRN115" not in check(repository, "--all").output


def test_an_edit_of_a_file_of_no_step_reads_that_file_alone(repository: Path, computed: mock.Mock) -> None:
    (repository / "other.py").write_text("y = 1\n")
    with mock.patch("flake8_training.source_file._COARSEST", -(10**12)):  # as if all files were old
        assert check(repository, "other.py") == Ended(0, "", "")
        for number in range(2):
            (repository / "other.py").write_text(f"y = {number}\n\n\ndef read():\n    return {number}\n")
            with mock.patch("flake8_training.source_file._read", wraps=source_file._read) as read:
                assert check(repository, "other.py") == Ended(0, "", "")
            assert {call.args[1] for call in read.mock_calls} == {str(repository / "other.py")}
        assert computed.call_count == 1
        (repository / "other.py").write_text(LAUNCHER)
        assert check(repository, "other.py") == without(repository, "other.py") != Ended(0, "", "")


def test_edits_do_not_add_to_what_is_kept(repository: Path) -> None:
    sizes = []
    for number in range(3):
        with open(repository / "demand_training.py", "a") as stream:
            stream.write(f"print({number})\n")
        check(repository, "demand_training.py")
        with closing(sqlite3.connect(store_of(repository))) as store:
            sizes.append(sum(data.count(b"\0") for (data,) in store.execute("SELECT data FROM piece")))
    assert sizes[1:] == sizes[:1] * 2


def _pieces(folder: Path) -> dict[bytes, int]:
    """Return the pieces of a store and their rows, by their codes."""
    with closing(sqlite3.connect(store_of(folder))) as store:
        return dict(store.execute("SELECT code, rowid FROM piece"))


def test_an_edit_writes_the_changed_pieces_alone(repository: Path) -> None:
    for number in range(40):
        (repository / f"other{number}.py").write_text(f"x = {number}\n")
    with mock.patch.object(trace_columns, "_MOST_FILES", 4):
        check(repository, "demand_training.py")
        before = _pieces(repository)
        with open(repository / "demand_training.py", "a") as stream:
            stream.write("print(1)\n")
        check(repository, "demand_training.py")
    after = _pieces(repository)
    assert len(before) > 10
    same = before.items() & after.items()
    assert len(before) - 3 <= len(same) < len(before)
    assert check(repository, "demand_training.py") == without(repository, "demand_training.py")


def test_runs_share_pieces_and_pieces_of_no_run_are_deleted(repository: Path) -> None:
    check(repository, "launch.py")
    first = _pieces(repository)
    check(repository, "launch.py", "--strict")
    both = _pieces(repository)
    assert first.keys() <= both.keys()
    assert len(both) < 2 * len(first)
    with mock.patch.object(RunStore, "most_rows", 1):
        check(repository, "demand_training.py", "--level", "1")
    with closing(sqlite3.connect(store_of(repository))) as store:
        ((trace,),) = store.execute("SELECT trace FROM run")
    assert b"".join(sorted(_pieces(repository))) == b"".join(
        sorted({trace[start : start + 16] for start in range(0, len(trace), 16)})
    )
    with mock.patch.object(RunStore, "most_bytes", 100):
        check(repository, "demand_training.py", "--level", "2")
    assert store_of(repository).exists()


def test_a_damaged_piece_is_written_again(repository: Path, computed: mock.Mock) -> None:
    check(repository)
    _forged_pieces(store_of(repository))
    check(repository)
    check(repository)
    assert computed.call_count == 2


def test_a_number_too_large_for_a_stamp_is_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    trace = Trace()
    key = (str(tmp_path), str(tmp_path / "a"), -1)
    trace.contents[key] = trace.looks[key] = (1, 2, 3, 1 << 64), source_file.hash_of(b"a")
    columns = Columns.from_pieces(Columns.of(trace).pieces())
    assert TraceCheck(columns).holds()
    (tmp_path / "a").write_bytes(b"b")
    assert not TraceCheck(columns).holds()


def test_a_string_with_a_null_character_is_not_kept(tmp_path: Path) -> None:
    store = RunStore.open(str(tmp_path), str(tmp_path / "store"))
    assert store is not None
    trace = Trace()
    trace.searches = {("a", "b\0c"): ()}
    store.keep(["one"], Columns.of(trace), ["0"])
    assert store.recall(["one"]) is None
    trace.searches = {("a",): (), ("b",): ("",), ("c",): ("x" * 20_000, "")}
    store.keep(["one"], Columns.of(trace), ["0"])
    known = store.recall(["one"])
    assert known is not None
    assert Columns.from_pieces(known[0]).searches == trace.searches


def test_an_edit_of_a_requested_file_repeats_no_search(repository: Path, computed: mock.Mock) -> None:
    check(repository, "demand_training.py")
    for number in range(3):
        with open(repository / "demand_training.py", "a") as stream:
            stream.write(f"\nimport os\nprint(os.environ['SM_MODEL_DIR{number}'])\n")
        with mock.patch.object(Index, "glances", property(mock.Mock(side_effect=AssertionError))):
            found = check(repository, "demand_training.py")
        assert found == without(repository, "demand_training.py")
        assert f"SM_MODEL_DIR{number}" in found.output
        assert check(repository, "demand_training.py") == found
    (repository / "again.py").write_text(LAUNCHER)
    assert check(repository, "demand_training.py") == without(repository, "demand_training.py") != found
    (repository / "again.py").write_text(LAUNCHER.replace("demand_training.py", "other.py"))
    assert check(repository, "demand_training.py") == without(repository, "demand_training.py") == found
    assert computed.call_count == 1 + 3 * 2 + 2 * 2


def test_a_kept_run_knows_a_registry_by_its_content(repository: Path) -> None:
    registry = 'STEPS = {"DemandTraining": {"sagemaker_step_type": "%s", "builder_step_name": "B"}}\n'
    (repository / "names.py").write_text(registry % "Training")
    words = ("demand_training.py", "--select", "TRN3")
    check(repository, *words)
    _append(repository)
    with mock.patch("training_alignment.artefacts.python_file.read_python", wraps=read_python) as reading:
        found = check(repository, *words)
    assert "names.py" not in {call.args[0].path for call in reading.mock_calls}
    assert reading.call_count > 0
    assert found == without(repository, *words)
    (repository / "names.py").write_text(registry % "Processing")
    assert check(repository, *words) == without(repository, *words)


def test_a_search_that_reads_a_file_itself_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x")
    trace, root = Trace(), Root(tmp_path)
    trace.searches = {("known",): ("b",)}
    before = record_in(trace)
    try:
        assert searched(("known",), lambda: pytest.fail("the search is run again")) == ("b",)
        assert searched(("asks",), lambda: ["c"]) == ("c",)
        assert searched(("reads",), lambda: [root.read("a.py", 9).decode()]) == ("x",)
        assert look(lambda: root.read("a.py", 9)) == b"x"
    finally:
        record_in(before)
    assert trace.searches == {("known",): ("b",), ("asks",): ("c",)}
    assert searched(("asks",), lambda: ["d"]) == ("d",)


def test_a_search_that_asks_for_a_module_which_is_loaded_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "local.py").write_bytes(b"a = 1")
    first, second = (
        Program(ast.parse("import local"), str(tmp_path / "train.py"), Root(tmp_path)) for _ in range(2)
    )
    trace = Trace()
    trace.searches = {}
    before = record_in(trace)
    try:
        assert first.on_demand.has_module("local")
        assert searched(("loaded by this program",), lambda: first.modules) == ("", "local")
        assert searched(("loaded by another",), lambda: second.modules) == ("", "local")
    finally:
        record_in(before)
    assert [path for _, path, _ in trace.contents] == [str(tmp_path / "local.py")]
    assert trace.searches == {}


def test_a_question_that_fails_is_not_kept(repository: Path, computed: mock.Mock) -> None:
    with mock.patch.object(GLANCE, "function", side_effect=ValueError):
        check(repository, "demand_training.py")
    expected = without(repository, "demand_training.py")
    assert check(repository, "demand_training.py") == expected
    assert computed.call_count == 3


def test_an_unknown_question_has_no_answer() -> None:
    assert question_called(GLANCE.name) is not None
    for name in ("os system 1", "training_alignment.scan.glance none 1"):
        assert question_called(name) is None


@pytest.mark.parametrize("seed", [1])
def test_after_random_edits_the_output_is_that_of_a_run_without_a_store(
    repository: Path, computed: mock.Mock, seed: int
) -> None:
    edits = Edits(repository, Random(seed))
    for number in range(10):
        what = edits.next()
        assert difference(edits) == "", (number, what)
    # each edit is checked three times without the store, and three times with it at least once
    assert 30 < computed.call_count < 90


# -- what others write


def _execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _garbage(path: Path) -> None:
    path.write_bytes(b"\0garbage" * 1000)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other_form(path: Path) -> None:
    path.unlink()
    _execute(
        path,
        "CREATE TABLE run (request BLOB, trace BLOB)",
        "CREATE VIEW more AS SELECT load_extension('x')",
    )


def _forged(path: Path) -> None:
    _execute(path, "UPDATE run SET result = CAST(replace(CAST(result AS TEXT), 'TRN', 'XXX') AS BLOB)")


def _forged_types(path: Path) -> None:
    _execute(path, "UPDATE run SET result = 3, trace = x'00ff', code = 'text'")


def _forged_pieces(path: Path) -> None:
    _execute(path, "UPDATE piece SET data = CAST(replace(CAST(data AS TEXT), 'demand', 'demanp') AS BLOB)")


def _mixed_pieces(path: Path) -> None:
    _execute(path, "UPDATE piece SET data = (SELECT max(data) FROM piece)")


def _cut_pieces(path: Path) -> None:
    _execute(path, "UPDATE piece SET data = substr(data, 1, length(data) - 1)")


def _no_pieces(path: Path) -> None:
    _execute(path, "DELETE FROM piece")


def _pieces_of_numbers(path: Path) -> None:
    _execute(path, "UPDATE piece SET data = 3")


def _swapped(path: Path) -> None:
    _execute(path, "UPDATE run SET request = CAST(request || ' ' AS BLOB)")


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _second_name(path: Path) -> None:
    os.link(path, path.with_name("second"))


def _no_key(path: Path) -> None:
    (Path(os.environ["XDG_CACHE_HOME"]) / "flake8-training" / "key").write_bytes(b"short")


def _other_key(path: Path) -> None:
    (Path(os.environ["XDG_CACHE_HOME"]) / "flake8-training" / "key").write_bytes(bytes(32))


def _for_all(path: Path) -> None:
    path.parent.chmod(0o777)


DAMAGES = (
    _garbage,
    _cut,
    _empty,
    _other_form,
    _forged,
    _forged_types,
    _swapped,
    _link,
    _folder,
    _second_name,
    _no_key,
    _other_key,
    _for_all,
)
DAMAGED_PIECES = (_forged_pieces, _mixed_pieces, _cut_pieces, _no_pieces, _pieces_of_numbers)


@pytest.mark.parametrize("damage", [*DAMAGES, *DAMAGED_PIECES], ids=lambda damage: str(damage.__name__))
def test_a_broken_or_hostile_store_changes_nothing(
    repository: Path, computed: mock.Mock, damage: Callable[[Path], None]
) -> None:
    expected = without(repository)
    check(repository)
    damage(store_of(repository))
    assert [check(repository), check(repository)] == [expected] * 2
    assert computed.call_count >= 3


def flipped(data: bytes, random: Random) -> bytes:
    """Return bytes of which one, few or many have a wrong bit."""
    found = bytearray(data)
    for _ in range(random.choice((1, 4, 400))):
        found[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(found)


def test_flipped_bits_change_nothing(repository: Path) -> None:
    expected = without(repository)
    check(repository)
    path = store_of(repository)
    data = path.read_bytes()
    random = Random(5)
    for _ in range(60):
        path.write_bytes(flipped(data, random))
        with mock.patch.object(cli, "_run", return_value=0) as computed:
            with mock.patch.object(Store, "keep"):
                found = check(repository)
        assert computed.called or found == expected


def test_an_older_tool_and_another_interpreter_do_not_count(repository: Path, computed: mock.Mock) -> None:
    check(repository)
    with mock.patch.object(store_module, "__version__", "0"):
        check(repository)
    with mock.patch.object(sys, "version", "3.99"):
        check(repository)
    assert computed.call_count == 3


def test_a_folder_that_cannot_be_written_and_a_full_disk(repository: Path, computed: mock.Mock) -> None:
    expected = without(repository)
    (repository / ".git" / "training-alignment").write_text("a file")
    assert check(repository) == expected
    (repository / ".git" / "training-alignment").unlink()
    full = sqlite3.OperationalError("database or disk is full")
    with mock.patch.object(Store, "_write", side_effect=full):
        assert check(repository) == expected
    with mock.patch.object(Store, "_connection", side_effect=OSError(28, "No space left on device")):
        assert check(repository) == expected
    assert check(repository) == expected
    assert computed.call_count == 5


def test_a_locked_store_changes_nothing(repository: Path, computed: mock.Mock) -> None:
    expected = check(repository)
    with closing(sqlite3.connect(store_of(repository), isolation_level=None)) as other, other:
        other.execute("BEGIN EXCLUSIVE")
        assert check(repository) == expected
        other.execute("ROLLBACK")
    assert check(repository) == expected
    assert computed.call_count == 2


def test_two_processes_at_once(repository: Path) -> None:
    expected = without(repository)
    program = "from training_alignment.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", program, "check"]
    started = [
        subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(3)
    ]
    assert [process.communicate()[0] for process in started] == [expected.output] * 3
    assert check(repository) == expected


def test_an_internal_error_is_not_kept(repository: Path, computed: mock.Mock) -> None:
    with mock.patch("flake8_training.checker._findings", side_effect=MemoryError):
        with pytest.raises(MemoryError):
            check(repository)
    target = "training_alignment.checking.launcher_findings.findings_of_launcher"
    with mock.patch(target, side_effect=MemoryError):
        assert "TRN001" in check(repository).output
    assert check(repository) == without(repository)


def test_many_runs_are_bounded(repository: Path) -> None:
    with mock.patch.object(RunStore, "most_rows", 3):
        for code in ("TRN1", "TRN2", "TRN3", "TRN4", "TRN9"):
            check(repository, "--select", code)
    with closing(sqlite3.connect(store_of(repository))) as connection, connection:
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (3,)


# -- nothing is read past the trace


def test_no_file_is_opened_and_no_folder_listed_past_the_trace(repository: Path) -> None:
    """An audit hook sees each file and folder that Python opens."""
    (repository / "explicit.py").write_text("x = 1\n")
    (repository / "pyproject.toml").write_text('[tool.flake8-training]\nselect = ["TRN"]\n')
    opened: set[str] = set()
    active = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if active and event in ("open", "os.listdir", "os.scandir"):
            opened.add(os.path.join(os.getcwd(), os.fsdecode(os.fspath(arguments[0] or "."))))

    trace = Trace()
    before = record_in(trace)
    sys.addaudithook(hook)
    try:
        without(repository, "--all")
    finally:
        record_in(before)
        active.clear()
    top = f"{repository}{os.sep}"
    seen = {path for path in opened if path.startswith(top)}
    noted = {path for _, path, _ in (*trace.contents, *trace.facts, *trace.failures)}
    noted |= {path for _, path in trace.answers}
    # git's list is one question: the names in the folders of all files show whether one is deleted
    noted |= {os.path.join(top, os.path.dirname(path), "") for path in listed_files(repository)}
    assert len(seen) > 5
    assert {path for path in seen if path not in noted} == set()


ASKING = re.compile(
    r"os\.path\.(?:exists|isfile|isdir|islink|lexists|getsize|getmtime|samefile|ismount)\b"
    r"|os\.(?:stat|lstat|access|readlink|walk|listdir|scandir|open)\("
    r"|\.(?:is_file|is_dir|iterdir|rglob|read_text|read_bytes)\(\)|(?<![\w.])open\("
)
# Modules that ask the file system themselves, and why no trace has to hold the answers.
ASKING_THEMSELVES = {
    "flake8_training/source_file.py": "the reader itself",
    "flake8_training/engine/syntax/program.py": "the key of a cache: the content is noted",
    "flake8_training/plugin.py": "flake8 keeps no trace",
    "flake8_training/sagemaker/table_files.py": "the tool's own tables",
    "flake8_training/rules/registry.py": "the tool's own modules",
    "hooks/training_alignment/repository/git.py": "an empty repository for git",
    "hooks/training_alignment/repository/kept_answers.py": "the comparison of a stamp",
    "hooks/training_alignment/repository/walk.py": "the whole walk is one question",
    "flake8_training/store/store.py": "the store itself",
    "flake8_training/kept_findings.py": "the place of the store",
    "flake8_training/store/trace_columns.py": "the comparison of a trace",
    "hooks/training_alignment/output.py": "the null device",
    "hooks/training_alignment/cli.py": "the command line, before the run",
    "hooks/training_alignment/check_command.py": "files of the command line: a run with a missing one is not kept",
    "hooks/training_alignment/draft_command.py": "the file that a draft goes to",
    "hooks/training_alignment/report_command.py": "a page is not kept",
    "hooks/training_alignment/page/html.py": "the tool's own page",
    "hooks/training_alignment/schemas/__init__.py": "the tool's own schemas",
    "hooks/training_alignment/checking/kept_run.py": "the command line, before the run",
    "hooks/training_alignment/checking/workers.py": "the pipes between processes",
    "hooks/training_alignment/checking/watching.py": "watching is not kept",
    "hooks/training_alignment/init_command.py": "nothing is kept",
    "hooks/training_alignment/setup_files.py": "nothing is kept",
    "hooks/training_alignment/fixes/writing.py": "a run that writes fixes is not kept",
    "hooks/training_alignment/server/protocol.py": "the language server keeps no trace",
    "hooks/training_alignment/launches/launch_summary.py": "the command facts, which is not kept",
}


def test_each_module_asks_the_file_system_through_the_reader() -> None:
    import ast

    asking = set()
    for package in ("flake8_training", "hooks/training_alignment"):
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            calls = (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call))
            if any(ASKING.match(call) for call in calls):
                asking.add(path.relative_to(ROOT).as_posix())
    assert asking <= ASKING_THEMSELVES.keys()


# -- the command line and git


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "--all"],
        ["check", "a.py", "b c.yaml"],
        ["check", "--no-cache", "a.py", "b.py", "--show-unknown"],
    ],
)
def test_the_usual_command_lines_are_read_as_the_parser_reads_them(words: list[str]) -> None:
    assert vars(cli._usual(words)) == vars(parser().parse_args(words))


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["steps"],
        ["check", "--al"],
        ["check", "--"],
        ["check", "--format", "json"],
        ["check", "-h"],
        ["che"],
        ["check", "a", "--all", "b"],
        ["check", ""],
    ],
)
def test_other_command_lines_are_left_to_the_parser(words: list[str]) -> None:
    assert cli._usual(words) is None


def test_a_child_process() -> None:
    def child(program: str, seconds: float = 60) -> tuple[int, bytes, bytes]:
        return run([sys.executable, "-c", program], dict(os.environ), seconds)

    program = (
        "import sys; print('x' * 300_000); print('y' * 300_000, file=sys.stderr); "
        "print(sys.stdin.read()); exit(3)"
    )
    assert child(program) == (3, b"x" * 300_000 + b"\n\n", b"y" * 300_000 + b"\n")
    with pytest.raises(TimedOut):
        child("import time; time.sleep(60)", 0.1)
    with pytest.raises(FileNotFoundError):
        run(["no-such-program-at-all"], dict(os.environ), 1)
    with pytest.raises(ValueError, match="null"):
        run([sys.executable, "\0"], dict(os.environ), 1)
    assert time.monotonic() > 0


def test_a_trace_is_the_same_after_it_was_written(tmp_path: Path) -> None:
    odd = tmp_path / "a\nb \udce4"
    odd.mkdir()
    (odd / "file").write_bytes(b"x")
    trace = Trace()
    before = record_in(trace)
    try:
        root = Root(tmp_path)
        root.read(str(odd / "file"), 10)
        root.read(str(odd / "file"), 0, cut=True)
        names_in(str(odd))
        real_path(str(odd))
        size_of(str(odd / "file"))
        (tmp_path / "asked.py").write_bytes(b"class A: pass")
        repository = Repository(tmp_path, ["asked.py"])
        assert repository.answer(CLASSES, "asked.py") == ("A",)
        assert repository.answer(HAS_ANY, "asked.py", "pass", "x\ny")
        for missing in ("none/below/a", "none/below/b"):
            assert not is_file(str(tmp_path / missing))
            with pytest.raises(OSError, match="none"):
                root.read(missing, 10)
    finally:
        record_in(before)
    columns = Columns.of(trace)
    again = Columns.from_pieces(columns.pieces())
    assert again.pieces() == columns.pieces()
    assert ("there", str(tmp_path / "none"), "0") in again.answers
    assert TraceCheck(again, None, answer_of).holds()
    (tmp_path / "asked.py").write_bytes(b"class A: pass  # more")
    assert TraceCheck(again, None, answer_of).holds()
    (odd / "other").touch()
    assert not TraceCheck(again, None, answer_of).holds()
    with pytest.raises((ValueError, IndexError)):
        Columns.from_pieces([b"2\0root"])


def test_a_folder_may_be_deeper_than_functions_may_call_each_other(tmp_path: Path) -> None:
    deep = f"{tmp_path}/{'d/' * 2_000}file"
    trace = Trace()
    before = record_in(trace)
    try:
        assert not is_file(deep)
        assert real_path(deep) == deep
    finally:
        record_in(before)
    columns = Columns.of(trace)
    assert ("there", f"{tmp_path}/d", "0") in columns.answers
    assert TraceCheck(columns).holds()
    (tmp_path / "d").symlink_to(tmp_path / "other")
    assert not TraceCheck(columns).holds()
