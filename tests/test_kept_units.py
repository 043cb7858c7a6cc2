"""Units of a whole check that are kept: the output is that of a run without the store, whatever changes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_alignment.artefacts.read_error import ReadError
from training_alignment.checking import kept_units, units, workers
from training_alignment.checking.consequences import Passed
from training_alignment.checking.kept_units import KeptUnits
from training_alignment.checking.unit_result import LauncherResult, UnitResult
from training_alignment.checking.unit_texts import read_result, text_of

from flake8_training.finding import Finding, Related, Severity
from flake8_training.fix import Edit, Fix
from flake8_training.ledger import Page
from fuzzing.edits import Edits, difference
from tests.harness import write
from tests.in_process import Ended, run_command
from tests.test_store import DAMAGES

ROOT = Path(__file__).parents[1]
LAUNCHER = """
import settings
from sagemaker.pytorch import PyTorch

PyTorch(entry_point="fit_{0}.py", role="r", instance_type="ml.m5.xlarge", instance_count=settings.COUNT,
    framework_version="2.1", py_version="py310").fit({{"trainin": "s3://bucket/train"}})
"""
SCRIPT = """
import os

import shared_{0}

print(shared_{0}.label(os.environ["SM_CHANNEL_TRAIN"]))
"""
LAUNCHERS = 4


@pytest.fixture
def missed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep each unit alone, and note the first unit of each block that is not known."""
    found: list[str] = []
    recall = KeptUnits.recall

    def recalled(self: KeptUnits, block: range) -> Any:
        known = recall(self, block)
        if known is None:
            found.append(str(block.start))
        return known

    monkeypatch.setattr(units, "_LEAST_KEPT", 1)
    monkeypatch.setattr(kept_units, "_LARGEST", 1)
    monkeypatch.setattr(KeptUnits, "recall", recalled)
    return found


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Launchers with a script each, that has a module of its own, and a module of all launchers; two steps."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "repository"
    shutil.copytree(
        ROOT / "examples" / "good" / "demand", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    files = {"settings.py": "COUNT = 1\n"}
    for number in range(LAUNCHERS):
        files |= {
            f"launch_{number}.py": LAUNCHER.format(number),
            f"fit_{number}.py": SCRIPT.format(number),
            f"shared_{number}.py": "def label(path):\n    return path\n",
        }
    write(folder, files)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def check(folder: Path, *words: str) -> Ended:
    return run_command(["check", "--all", *words], folder)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def kept(folder: Path) -> Ended:
    """Return the second check of a repository, which keeps the units: the first one may be the only one."""
    check(folder)
    append(folder / "fit_0.py", "# more\n")
    return check(folder)


def test_the_first_check_keeps_no_units(repository: Path, missed: list[str]) -> None:
    check(repository)
    assert missed == []
    assert kept(repository) == check(repository, "--no-cache")
    assert missed


@pytest.mark.parametrize(
    ("path", "text", "repeated"),
    [
        ("fit_3.py", "# more\n", 1),
        ("fit_3.py", "print(os.environ['SM_CHANEL_TRAIN'])\n", 1),
        ("shared_3.py", "import os\nos.environ['SM_MODEL_DIRR']\n", 1),
        ("launch_3.py", "PyTorch()\n", 1),
        ("settings.py", "COUNT = 0\n", LAUNCHERS),
        ("demand_training.py", "print(1)\n", 1),
        ("README.md", "more\n", 0),
    ],
)
def test_an_edit_repeats_the_units_that_have_read_the_file(
    repository: Path, missed: list[str], path: str, text: str, repeated: int
) -> None:
    (repository / "README.md").write_text("# Steps\n")
    assert "TRN408" in kept(repository).output
    assert len(missed) == LAUNCHERS + 2  # and two steps
    missed.clear()
    append(repository / path, text)
    assert check(repository) == check(repository, "--no-cache")
    assert len(missed) == repeated
    missed.clear()
    append(repository / "fit_0.py", "# more\n")
    assert check(repository) == check(repository, "--no-cache")
    assert len(missed) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "fit_2.py").unlink(),
        lambda folder: (folder / "shared_2.py").unlink(),
        lambda folder: (folder / "pandas.py").write_text("x = 1\n"),
        lambda folder: (folder / "pyproject.toml").write_text(
            "[tool.flake8-training]\nignore = ['TRN408']\n"
        ),
        lambda folder: (folder / "demand_training.step.yaml").write_text("name: other\n"),
        lambda folder: (folder / "Dockerfile").write_text("FROM python\nCOPY fit_1.py .\n"),
        lambda folder: (folder / "launch_1.py").rename(folder / "launch_9.py"),
    ],
)
def test_a_change_of_what_all_units_share_is_seen(
    repository: Path, missed: list[str], change: Callable[[Path], object]
) -> None:
    kept(repository)
    missed.clear()
    change(repository)
    asked = []
    for _ in range(3):
        assert check(repository) == check(repository, "--no-cache")
        append(repository / "fit_0.py", "# more\n")
        asked.append(len(missed))
        missed.clear()
    # no unit is kept of the run with the change, all of the next one, and those of one file are repeated then
    assert asked[0] == 0 < asked[2] <= asked[1]


@pytest.mark.parametrize(
    "options", [["--select", "TRN4"], ["--show-unknown"], ["--format", "sarif"]], ids=str
)
def test_other_options_have_the_same_output_as_without_the_store(
    repository: Path, missed: list[str], options: list[str]
) -> None:
    kept(repository)
    append(repository / "fit_0.py", "# more\n")
    for _ in range(2):
        assert check(repository, *options) == check(repository, "--no-cache", *options)


def test_a_commit_of_many_files_keeps_units_too(repository: Path, missed: list[str]) -> None:
    files = sorted(str(path.relative_to(repository)) for path in repository.glob("*.py"))
    repeated = []
    for _ in range(4):
        missed.clear()
        append(repository / "fit_3.py", "# more\n")
        assert run_command(["check", *files], repository) == run_command(
            ["check", "--no-cache", *files], repository
        )
        repeated.append(len(missed))
    assert (repeated[0], repeated[-1]) == (0, 1) != (0, repeated[1])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_random_edits(
    repository: Path, missed: list[str], jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "usable_cores", lambda: int(jobs))
    edits = Edits(repository, Random(5))
    for number in range(8):
        what = edits.next()
        assert difference(edits) == "", (number, what)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: str(damage.__name__))
def test_a_broken_or_hostile_store_changes_nothing(
    repository: Path, missed: list[str], damage: Callable[[Path], None]
) -> None:
    kept(repository)
    damage(repository / ".git" / "training-alignment" / "units.sqlite")
    append(repository / "fit_0.py", "# more\n")
    for _ in range(2):
        assert check(repository) == check(repository, "--no-cache")
        append(repository / "fit_0.py", "# more\n")


def test_a_block_that_no_process_finishes_is_not_kept(
    repository: Path, missed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, computed = os.getpid(), units.Units._computed

    def ends(self: units.Units, number: int) -> UnitResult:
        if os.getpid() != parent and number == 2:
            os._exit(3)
        return computed(self, number)

    expected = check(repository, "--no-cache")
    with monkeypatch.context() as patched:
        patched.setattr(units.Units, "_computed", ends)
        assert kept(repository) == expected
    missed.clear()
    assert check(repository) == expected
    assert missed == ["2"]


def test_a_unit_that_fails_in_a_process_is_checked_by_the_caller(
    repository: Path, missed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = units.Units._sent
    monkeypatch.setattr(kept_units, "_LARGEST", 2)
    monkeypatch.setattr(kept_units, "_FEWEST", 1)
    expected = check(repository, "--no-cache")
    with monkeypatch.context() as patched:
        patched.setattr(
            units.Units, "_sent", lambda self, number: None if number in (0, 3) else sent(self, number)
        )
        assert kept(repository) == expected
    missed.clear()
    append(repository / "fit_0.py", "# more\n")
    assert check(repository) == expected
    assert {"0", "2"} <= set(missed)


def test_an_internal_error_is_not_kept(
    repository: Path, missed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from training_alignment.checking import launcher_findings

    def fails(*_: object) -> None:
        raise ValueError

    check(repository)
    append(repository / "fit_0.py", "# more\n")
    with monkeypatch.context() as patched:
        patched.setattr(launcher_findings, "_as_launched", fails)
        assert "TRN001" in check(repository).output
    missed.clear()
    assert check(repository) == check(repository, "--no-cache")
    assert len(missed) == LAUNCHERS


FINDING = Finding(
    "TRN408",
    Severity.WARNING,
    3,
    "a step",
    "odd\udc80name.py",
    3,
    4,
    "a message\x1b",
    (Related("other.py", 1, "there"),),
    "cause",
    Fix("Rename it", (Edit("a", "b", 1, 2, 3, 4, "c.py"),), is_safe=False),
)


def result() -> UnitResult:
    found = UnitResult()
    found.findings = [FINDING]
    found.as_scripts = ["a.py"]
    found.script_error = ReadError("b.py", 3, 4, "no Python", is_newer=True)
    launcher = LauncherResult("launch.py", is_own=False)
    launcher.is_launcher = True
    launcher.passed = [
        (
            "fit.py",
            Passed(
                frozenset({"--lr", "--b"}), frozenset({"--b"}), frozenset(), True, False, True, False, True
            ),
        )
    ]
    launcher.parts = [("fit.py", [FINDING], ())]
    launcher.of_images = None
    found.launchers = [launcher, LauncherResult("other.py", is_own=True)]
    return found


def plain(value: object) -> object:
    """Return all that a result holds, findings with their causes and fixes."""
    if isinstance(value, Finding):
        return repr(value), value.cause, value.fix
    if isinstance(value, UnitResult | LauncherResult):
        return {name: plain(one) for name, one in vars(value).items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.args if isinstance(value, ReadError) else value


def test_a_result_is_the_same_after_it_was_written() -> None:
    assert plain(read_result(json.loads(json.dumps(text_of(result()))))) == plain(result())


def test_questions_and_internal_errors_are_not_written() -> None:
    with_page, with_error = result(), result()
    with_page.pages = (Page("TRN408", "a.py"),)
    with_error.findings = [Finding("TRN001", Severity.ERROR, 0, "", "a.py", 1, 1, "a message")]
    assert [text_of(with_page), text_of(with_error)] == [None, None]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=20,
)


@given(JSON)
def test_no_other_data_is_a_result(data: Any) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, OverflowError)):
        read_result(data)
