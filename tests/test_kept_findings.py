"""The findings that flake8 keeps for its next run: they are those of a run without them, whatever is in the store."""

from __future__ import annotations

import ast
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from unittest import mock

import pytest

from flake8_training import checker, kept_findings, plugin
from flake8_training.finding import Finding, Severity
from flake8_training.settings import Settings
from flake8_training.store import buffered_store
from flake8_training.store import store as store_module
from flake8_training.store.file_store import FileStore
from tests.harness import Result, flake8, flake8_process, write
from tests.test_plugin import CLEAN, UNMARKED, UNSAVED
from tests.test_store import DAMAGES

# Its findings depend on the module beside it.
IMPORTING = f"from beside import save\n\n{UNSAVED}    save(model)\n"
SAVES = "import joblib\n\n\ndef save(model):\n    joblib.dump(model, '/opt/ml/model/model.joblib')\n"
SAVES_NOTHING = "def save(model):\n    print(model)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with training scripts, and a user's folder for the key; every row is written at once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "work" / "repository"
    folder.mkdir(parents=True)
    files = {"unsaved.py": UNSAVED, "importing.py": IMPORTING, "beside.py": SAVES_NOTHING, "clean.py": CLEAN}
    write(folder, {**files, "jobs/unmarked.py": UNMARKED})
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    with mock.patch.object(buffered_store, "_TOGETHER", 1):
        yield folder


@pytest.fixture
def computed() -> Iterator[mock.Mock]:
    """Count the files that are analysed."""
    with mock.patch.object(checker, "check_script", wraps=checker.check_script) as counted:
        yield counted


def run(folder: Path, *words: str) -> Result:
    return flake8("--select=TRN", *words, folder=folder)


def without(folder: Path, *words: str) -> Result:
    """Run flake8 as if no run had been before."""
    with mock.patch.object(FileStore, "open", return_value=None):
        return run(folder, *words)


def store_of(folder: Path) -> Path:
    return folder / ".git" / "training-alignment" / "flake8.sqlite"


def rows(folder: Path) -> int:
    with closing(sqlite3.connect(store_of(folder))) as connection:
        (count,) = connection.execute("SELECT count(*) FROM run").fetchone()
    return int(count)


def test_a_second_run_analyses_nothing(folder: Path, computed: mock.Mock) -> None:
    expected = without(folder)
    assert {found.path for found in expected.found} == {"unsaved.py", "importing.py"}
    count = computed.call_count
    assert [run(folder) for _ in range(3)] == [expected] * 3
    assert computed.call_count == 2 * count
    assert rows(folder) == count  # a file without a word of SageMaker has none


def test_a_second_process_imports_no_rule(folder: Path) -> None:
    program = (
        "import sys; from flake8.main.cli import main; main(['--isolated', '--jobs=1', '--select=TRN', '.']); "
        "print(*sorted(one for one in sys.modules if one.startswith('flake8_training.rules')))"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, encoding="utf-8")
        for _ in range(2)
    )
    assert first.stderr == second.stderr == ""
    assert "TRN104" in second.stdout
    assert "flake8_training.rules" in first.stdout
    assert second.stdout.splitlines()[:-1] == first.stdout.splitlines()[:-1]
    assert second.stdout.splitlines()[-1] == ""


def _edit(folder: Path) -> None:
    (folder / "unsaved.py").write_text(f"import os\n{UNSAVED}")


def _change_module(folder: Path) -> None:
    (folder / "beside.py").write_text(SAVES)


def _same_size_and_time(folder: Path) -> None:
    before = (folder / "beside.py").stat()
    (folder / "beside.py").write_text(SAVES_NOTHING.replace("print(model)", "save (model)"))
    os.utime(folder / "beside.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def _delete_module(folder: Path) -> None:
    (folder / "beside.py").unlink()


def _shadow_module(folder: Path) -> None:
    write(folder, {"beside/__init__.py": SAVES})


def _link_module(folder: Path) -> None:
    (folder / "beside.py").unlink()
    (folder.parent / "outside.py").write_text(SAVES)
    (folder / "beside.py").symlink_to(folder.parent / "outside.py")


def _configure(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.flake8-training]\nignore = ["TRN104"]\n')


def _name_script(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.flake8-training]\ntraining-scripts = ["jobs/*.py"]\n')


def _ignore_in_a_file(folder: Path) -> None:
    (folder / "pyproject.toml").write_text(
        '[tool.flake8-training]\nper-file-ignores = { "unsaved.py" = ["TRN1"] }\n'
    )


CHANGES = (
    _edit,
    _change_module,
    _same_size_and_time,
    _delete_module,
    _shadow_module,
    _link_module,
    _configure,
    _name_script,
    _ignore_in_a_file,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_seen(folder: Path, change: Callable[[Path], None]) -> None:
    before = run(folder)
    change(folder)
    expected = without(folder)
    assert expected != before or change in (_same_size_and_time, _delete_module, _link_module)
    assert [run(folder) for _ in range(2)] == [expected] * 2


def test_a_touched_file_is_stamped_again(folder: Path, computed: mock.Mock) -> None:
    expected = run(folder)
    os.utime(folder / "beside.py", ns=(1, 1))
    count = computed.call_count
    assert run(folder) == expected
    assert computed.call_count == count


@pytest.mark.parametrize(
    "words",
    [
        ("--training-scripts=clean.py",),
        ("--enable-extensions=TRN9",),
        ("--training-scripts=jobs/*.py", "--enable-extensions=TRN9"),
        ("--training-alignment",),
    ],
    ids=" ".join,
)
def test_an_option_is_seen(folder: Path, words: tuple[str, ...]) -> None:
    plain, expected = without(folder), without(folder, *words)
    for _ in range(2):
        assert run(folder) == plain
        assert run(folder, *words) == expected


def test_the_second_family_depends_on_what_the_first_has_read(folder: Path) -> None:
    """Both read the same script, and the modules of it only once."""
    write(folder, {"passing.py": f"from beside import log\n\n{UNSAVED}    log(args)\n"})
    logs = "def log(args):\n    print(vars(args))\n"
    (folder / "beside.py").write_text(logs.replace("vars(args)", "1"))
    words = ("--enable-extensions=TRN9", "passing.py")
    before = run(folder, *words)
    (folder / "beside.py").write_text(logs)
    assert run(folder, *words) == without(folder, *words)
    codes = {found.code for found in before.found} - {found.code for found in run(folder, *words).found}
    assert codes == {"TRN904"}


def test_a_module_that_two_scripts_import_counts_for_both(folder: Path, computed: mock.Mock) -> None:
    (folder / "second.py").write_text(IMPORTING)
    run(folder)
    _change_module(folder)
    count = computed.call_count
    assert run(folder) == without(folder)
    names = [call.args[1] for call in computed.call_args_list[count:]]
    assert {"./importing.py", "./second.py"} <= {*names[: len(names) // 2]}


def test_the_configuration_turns_it_off(folder: Path, computed: mock.Mock) -> None:
    (folder / "pyproject.toml").write_text("[tool.flake8-training]\ncache = false\n")
    run(folder)
    count = computed.call_count
    run(folder)
    assert computed.call_count == 2 * count > 0
    assert not store_of(folder).exists()


def test_nothing_is_kept_without_git_or_without_a_name(folder: Path, tmp_path: Path) -> None:
    flake8("--select=TRN", "-", folder=folder, stdin=UNSAVED)
    assert not store_of(folder).exists()
    shutil.rmtree(folder / ".git")
    assert run(folder) == run(folder)
    assert not (folder / ".git").exists()
    assert not (tmp_path / "home").exists()


def test_standard_input_is_known_by_its_lines(folder: Path) -> None:
    words = ("--select=TRN", "--stdin-display-name=unsaved.py", "-")
    on_disk = run(folder, "unsaved.py")
    for text in (UNSAVED, CLEAN, UNSAVED):
        found = flake8(*words, folder=folder, stdin=text)
        assert found.found == (on_disk.found if text == UNSAVED else [])


# The texts that a file may have from time to time; None stands for no file.
TEXTS: dict[str, tuple[str | None, ...]] = {
    "beside.py": (SAVES, SAVES_NOTHING, "def save(:\n", None),
    "jobs/beside.py": (SAVES, None),
    "beside/__init__.py": (SAVES, SAVES_NOTHING, None),
    "unsaved.py": (UNSAVED, CLEAN, IMPORTING, None),
    "jobs/importing.py": (IMPORTING, UNMARKED, None),
    "pyproject.toml": ('[tool.flake8-training]\nignore = ["TRN104"]\n', None),
}


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_changes_the_findings_are_those_of_a_run_without_a_store(
    folder: Path, seed: int
) -> None:
    random = Random(seed)
    for _ in range(20):
        path = random.choice(list(TEXTS))
        text = random.choice(TEXTS[path])
        (folder / path).unlink(missing_ok=True)
        if text is not None:
            write(folder, {path: text})
        assert [run(folder) for _ in range(2)] == [without(folder)] * 2, (path, text)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_broken_or_hostile_store_changes_nothing(folder: Path, damage: Callable[[Path], None]) -> None:
    expected = without(folder)
    run(folder)
    damage(store_of(folder))
    assert [run(folder) for _ in range(2)] == [expected] * 2


def test_flipped_bits_change_nothing(folder: Path) -> None:
    expected = without(folder)
    run(folder)
    data = store_of(folder).read_bytes()
    random = Random(7)
    with mock.patch.object(FileStore, "keep"):
        for _ in range(25):
            flipped = bytearray(data)
            for _ in range(random.choice((1, 4, 400))):
                flipped[random.randrange(len(data))] ^= 1 << random.randrange(8)
            store_of(folder).write_bytes(flipped)
            assert run(folder) == expected


def test_an_older_tool_and_another_platform_do_not_count(folder: Path, computed: mock.Mock) -> None:
    run(folder)
    count = computed.call_count
    with mock.patch.object(store_module, "__version__", "0"):
        run(folder)
    with mock.patch.object(sys, "platform", "another"):
        run(folder)
    assert computed.call_count == 3 * count


def test_a_locked_store_is_waited_for_once(folder: Path) -> None:
    expected = run(folder)
    with (
        closing(sqlite3.connect(store_of(folder), isolation_level=None)) as other,
        mock.patch.object(
            store_module.Store, "recall", autospec=True, side_effect=store_module.Store.recall
        ) as asked,
        mock.patch.object(FileStore, "keep"),
    ):
        other.execute("BEGIN EXCLUSIVE")
        assert run(folder) == expected
        other.execute("ROLLBACK")
    assert asked.call_count == 1
    assert run(folder) == expected


def test_several_processes_at_once(folder: Path) -> None:
    """Each of them has worker processes, whose ends are those of no program."""
    for number in range(30):
        (folder / f"train_{number}.py").write_text(f"{UNSAVED}    print({number})\n")
    expected = without(folder)
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=TRN", "--jobs=2", "."]
    started = [
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, encoding="utf-8") for _ in range(2)
    ]
    for process in started:
        assert sorted(process.communicate()[0].splitlines()) == sorted(expected.output.splitlines())
    assert flake8_process("--select=TRN", folder=folder).found == expected.found
    assert rows(folder) >= 30
    with mock.patch.object(checker, "check_script") as computed:
        assert run(folder) == expected
    assert not computed.called


def test_an_internal_error_is_not_kept(folder: Path) -> None:
    expected = without(folder)
    with mock.patch.object(checker, "read", side_effect=MemoryError):
        assert "TRN001" in run(folder).output
    assert run(folder) == expected


def test_the_rows_are_bounded(folder: Path) -> None:
    with mock.patch.object(FileStore, "most_rows", 2):
        for number in range(4):
            (folder / f"train_{number}.py").write_text(UNSAVED)
            run(folder, f"train_{number}.py")
    assert rows(folder) == 2
    with mock.patch.object(FileStore, "most_bytes", 10):
        assert run(folder).found
    assert rows(folder) == 2


def test_the_size_of_the_rows_is_bounded(folder: Path) -> None:
    run(folder, "unsaved.py")
    with closing(sqlite3.connect(store_of(folder))) as store:
        ((size,),) = store.execute("SELECT length(trace) + length(result) FROM run")
    with mock.patch.object(FileStore, "most_bytes", 2 * size + 100):
        for number in range(4):
            (folder / f"train_{number}.py").write_text(UNSAVED)
            run(folder, f"train_{number}.py")
    assert rows(folder) == 2


def test_nothing_is_kept_of_a_run_that_compares_files(folder: Path, computed: mock.Mock) -> None:
    first, second = (run(folder, "--training-alignment", "unsaved.py") for _ in range(2))
    assert first == second
    assert first.found
    assert computed.call_count == 2
    assert not store_of(folder).exists()


def test_an_edited_file_has_one_row(folder: Path) -> None:
    for number in range(3):
        (folder / "unsaved.py").write_text(f"{UNSAVED}    print({number})\n")
        run(folder, "unsaved.py")
    assert rows(folder) == 1


def test_rows_are_written_together(folder: Path) -> None:
    with (
        mock.patch.object(buffered_store, "_TOGETHER", 2),
        mock.patch.object(FileStore, "_write", autospec=True, side_effect=FileStore._write) as written,
    ):
        run(folder, "unsaved.py", "importing.py", "clean.py")
    assert [len(call.args[1]) for call in written.call_args_list] == [2]


def test_a_file_may_be_in_a_deeper_folder_than_functions_may_call_each_other(folder: Path) -> None:
    tree = ast.parse("")
    found = [Finding("TRN104", Severity.ERROR, 1, "", "a.py", 1, 1, "no model")]
    deep = f"{folder}/{'d/' * 2_000}a.py"
    for compute in (lambda: found, lambda: pytest.fail("not kept")):
        assert kept_findings.kept_findings(tree, deep, [], (), compute) == found
        kept_findings._store.cache_clear()
    settings = Settings()
    assert plugin._settings_below(os.path.dirname(deep), str(folder), settings, ()) is settings
