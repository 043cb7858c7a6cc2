"""What a check keeps of the steps that it has read: the findings do not depend on it, the memory does."""

from __future__ import annotations

import gc
import hashlib
import shutil
from pathlib import Path
from unittest import mock

import pytest
from training_alignment.artefacts import class_hierarchy
from training_alignment.artefacts.model import FileReading, Specification
from training_alignment.artefacts.tree import Located, Place
from training_alignment.checking.run import Choice, Outcome, check_repository
from training_alignment.repository import packed_readings, reading_shelf
from training_alignment.repository import repository as repository_module
from training_alignment.repository.packed_readings import Packing
from training_alignment.repository.reading_shelf import ReadingShelf
from training_alignment.repository.repository import Repository
from training_alignment.steps import artefact_items, discovery

from benchmarks import scale
from flake8_training import resolver

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Steps as Python, YAML and step files, right and wrong ones, in one repository."""
    folder = tmp_path_factory.mktemp("kept") / "repository"
    shutil.copytree(ROOT / "examples", folder, ignore=shutil.ignore_patterns("__pycache__"))
    scale.repository(folder / "scale", 12)
    return folder


def outcome(root: Path) -> Outcome:
    """The check of every step, with the ledger."""
    return check_repository(root, choice=Choice(select=("TRN",)), with_verdicts=True)


def test_the_findings_are_the_same_if_nothing_is_kept(mixed: Path) -> None:
    with mock.patch.object(reading_shelf, "KEPT_READINGS", 10_000):
        kept = outcome(mixed)
    with (
        mock.patch.object(reading_shelf, "KEPT_READINGS", 1),
        mock.patch.object(discovery, "KEPT_STEPS", 1),
        mock.patch.object(artefact_items, "KEPT_BUILDERS", 1),
        mock.patch.object(class_hierarchy, "KEPT_FAMILIES", 1),
        mock.patch.object(repository_module, "KEPT_BYTES", 0),
        mock.patch.object(repository_module, "KEPT_FILES", 1),
        mock.patch.object(resolver, "KEPT_MODULES", 1),
    ):
        packed = outcome(mixed)
    assert kept.findings
    assert packed.findings == kept.findings
    assert packed.verdicts == kept.verdicts


@pytest.mark.parametrize("path", sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("examples/**/*.*")))
def test_packed_contents_are_the_contents(path: str) -> None:
    if not path.endswith((".py", ".yaml", ".json")):
        pytest.skip("no artefact")
    repository = Repository(ROOT, [path])
    reading = repository.reading(path)
    with mock.patch.object(reading_shelf, "KEPT_READINGS", 1):
        shelf = ReadingShelf(repository)
        for number in range(3):
            shelf[f"{number}.py"] = reading
        assert len(shelf._packed) == 2
        assert shelf["0.py"] == reading
        again = shelf["1.py"]
        assert again == reading
        assert again is not reading or reading is None
        for body in again.classes if again is not None else ():
            assert repository in body._read.args  # type: ignore[attr-defined]


def test_contents_that_are_nested_too_deeply_are_kept_as_they_are() -> None:
    deep: object = ()
    for _ in range(100_000):
        deep = (deep,)
    reading = FileReading("a.py", named_steps=deep)  # type: ignore[arg-type]
    with mock.patch.object(reading_shelf, "KEPT_READINGS", 1):
        shelf = ReadingShelf(Repository(ROOT, ()))
        shelf["a.py"], shelf["b.py"], shelf["c.py"] = reading, None, None
        assert shelf["a.py"] is reading
        assert shelf["b.py"] is None
        assert "d.py" not in shelf
    while deep:
        (deep,) = deep  # type: ignore[misc]


def test_a_repository_with_many_files_keeps_fewer_as_they_are() -> None:
    with (
        mock.patch.object(reading_shelf, "KEPT_READINGS", 5),
        mock.patch.object(reading_shelf, "KEPT_OF_MANY", 2),
    ):
        shelf = ReadingShelf(Repository(ROOT, ()))
        readings = {f"{number}.py": FileReading(f"{number}.py") for number in range(7)}
        for number, (path, reading) in enumerate(readings.items()):
            shelf[path] = reading
            assert len(shelf._last) == (number + 1 if number < 5 else 2)
    assert {path: shelf[path] for path in readings} == readings
    assert len(shelf._last) == 2


def test_a_file_that_is_read_again_replaces_what_was_packed() -> None:
    with mock.patch.object(reading_shelf, "KEPT_READINGS", 1):
        shelf = ReadingShelf(Repository(ROOT, ()))
        for path in ("a.py", "b.py"):
            shelf[path] = None
        shelf["a.py"] = FileReading("a.py")
        for path in ("b.py", "c.py"):
            shelf[path] = None
        assert shelf["a.py"] == FileReading("a.py")


def test_a_check_keeps_the_contents_of_few_files(tmp_path: Path) -> None:
    root = scale.repository(tmp_path / "many", 40)
    most: list[int] = []

    def counted(done: int, _: int) -> None:
        if done == 40:
            gc.collect()
            kept = [one for one in gc.get_objects() if isinstance(one, Specification)]
            most.append(len({one.path for one in kept if one.path.startswith("src/pipeline")}))

    with (
        mock.patch.object(reading_shelf, "KEPT_READINGS", 6),
        mock.patch.object(discovery, "KEPT_STEPS", 3),
    ):
        check_repository(root, progress=counted)
    assert 0 < most[-1] <= 9


def test_contents_of_another_kind_get_a_sample_of_their_own() -> None:
    texts = [hashlib.shake_256(bytes([kind])).hexdigest(500) for kind in range(4)]
    packing = Packing(Repository(ROOT, ()))
    with mock.patch.object(packed_readings, "_SAMPLES", 2):
        samples = list[bytes]()
        for text in texts:
            for _ in range(3):
                reading = FileReading("a.py", named_steps=(Located(text, Place("a.py", 1, 1)),))
                packed = packing.packed(reading)
                assert packed is not None
                assert packing.unpacked(packed) == reading
                sample = packed[1]
            samples.append(sample)
    assert [text.encode() in sample for text, sample in zip(texts, samples, strict=True)] == [True] * 4


def test_the_bytes_of_a_large_repository_are_kept_while_a_file_is_searched(tmp_path: Path) -> None:
    names = [f"{number}.py" for number in range(20)]
    for name in names:
        (tmp_path / name).write_text(f"# {name}\n" * 10)
    with mock.patch.object(repository_module, "KEPT_BYTES", 300):
        repository = Repository(tmp_path, names)
    for name in (*names, *names):
        assert repository.data(name) == (f"# {name}\n" * 10).encode()
        assert list(repository._data)[-1] == name
        assert len(repository._data) <= repository_module.KEPT_FILES
    repository.forget()
    assert repository.data(names[0]) == (f"# {names[0]}\n" * 10).encode()
    assert not repository._data
