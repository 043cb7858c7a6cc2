"""Which file a dotted name means: layouts and import forms, on the disk and in a repository."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from training_alignment.repository.repository import Repository

from flake8_training.engine.syntax.program import Disk, Program
from flake8_training.resolver import MAX_PARTS, Resolver, absolute_name, is_package_file, joined, prefixes
from flake8_training.source_file import Root
from tests.harness import write

FLAT = ("train.py", "data.py", "models/net.py")
PACKAGE = (
    "run.py",
    "app/__init__.py",
    "app/train.py",
    "app/data.py",
    "app/deep/__init__.py",
    "app/deep/a.py",
)
NAMESPACE = ("run.py", "app/train.py", "app/deep/a.py", "app/deep/b.py")
BOTH = ("train.py", "data.py", "data/__init__.py", "data/rows.py")
SHADOWS = (
    "types.py",
    "code/__init__.py",
    "sagemaker/steps.py",
    "app/train.py",
    "app/types.py",
    "app/sagemaker.py",
)
SRC = ("src/train.py", "src/data.py", "run.py", "jobs/run.py")

FORMS = [
    # A folder of scripts.
    (FLAT, "train.py", "data", "data.py"),
    (FLAT, "train.py", ".data", "data.py"),
    (FLAT, "train.py", "models", None),
    (FLAT, "train.py", "models.net", "models/net.py"),
    (FLAT, "train.py", ".models.net", "models/net.py"),
    (FLAT, "train.py", "net", None),
    (FLAT, "train.py", "data.rows", None),
    (FLAT, "train.py", "numpy", None),
    (FLAT, "train.py", ".", None),
    (FLAT, "models/net.py", "data", "data.py"),
    (FLAT, "models/net.py", "..data", "data.py"),
    (FLAT, "models/net.py", ".data", None),
    # A file is not its own module, however absolute its name.
    (FLAT, "train.py", "train", None),
    (("train/train.py", "train.py"), "train/train.py", "train", "train.py"),
    (FLAT, "train.py", ".train", "train.py"),
    # Packages.
    (PACKAGE, "run.py", "app", "app/__init__.py"),
    (PACKAGE, "run.py", "app.train", "app/train.py"),
    (PACKAGE, "run.py", "app.deep", "app/deep/__init__.py"),
    (PACKAGE, "run.py", "app.train.main", None),
    (PACKAGE, "app/train.py", "app.data", "app/data.py"),
    (PACKAGE, "app/train.py", "data", "app/data.py"),
    (PACKAGE, "app/train.py", ".", "app/__init__.py"),
    (PACKAGE, "app/train.py", ".data", "app/data.py"),
    (PACKAGE, "app/train.py", ".deep.a", "app/deep/a.py"),
    (PACKAGE, "app/train.py", "..run", "run.py"),
    (PACKAGE, "app/deep/a.py", "..data", "app/data.py"),
    (PACKAGE, "app/deep/a.py", "..", "app/__init__.py"),
    (PACKAGE, "app/deep/a.py", "app.data", "app/data.py"),
    (PACKAGE, "app/deep/__init__.py", ".a", "app/deep/a.py"),
    (PACKAGE, "app/deep/__init__.py", ".", "app/deep/__init__.py"),
    (PACKAGE, "app/deep/__init__.py", "..data", "app/data.py"),
    # Folders without an __init__.py.
    (NAMESPACE, "run.py", "app", None),
    (NAMESPACE, "run.py", "app.train", "app/train.py"),
    (NAMESPACE, "run.py", "app.deep.a", "app/deep/a.py"),
    (NAMESPACE, "app/deep/a.py", ".b", "app/deep/b.py"),
    (NAMESPACE, "app/deep/a.py", "app.deep.b", "app/deep/b.py"),
    (NAMESPACE, "app/deep/a.py", "..", None),
    # A package goes before a module of the same name.
    (BOTH, "train.py", "data", "data/__init__.py"),
    (BOTH, "train.py", ".data", "data/__init__.py"),
    (BOTH, "train.py", "data.rows", "data/rows.py"),
    # The nearest folder goes before those above it.
    (("data.py", "app/data.py", "app/train.py"), "app/train.py", "data", "app/data.py"),
    # The interpreter's and the SDK's names are libraries', but for a relative import.
    (SHADOWS, "app/train.py", "types", None),
    (SHADOWS, "app/train.py", "code", None),
    (SHADOWS, "app/train.py", "sagemaker", None),
    (SHADOWS, "app/train.py", "sagemaker.steps", None),
    (SHADOWS, "app/train.py", ".types", "app/types.py"),
    (SHADOWS, "app/train.py", ".sagemaker", "app/sagemaker.py"),
    (SHADOWS, "app/train.py", "..types", "types.py"),
    # Below a folder for sources.
    (SRC, "src/train.py", "data", "src/data.py"),
    (SRC, "src/train.py", "src.data", "src/data.py"),
    (SRC, "run.py", "src.data", "src/data.py"),
    # Folders that no name can spell.
    (("my.app/train.py", "my.app/data.py", "my.app/in/a.py"), "my.app/in/a.py", "..data", "my.app/data.py"),
    # Nothing.
    (FLAT, "train.py", "", None),
]


def on_disk(folder: Path, files: Iterable[str]) -> Callable[[str, str, str], str | None]:
    write(folder, dict.fromkeys(files, ""))
    (folder / ".git").mkdir(exist_ok=True)
    resolver = Resolver(Disk(Root(folder)))
    base = f"{folder.as_posix()}/"

    def file(dotted: str, importer: str, member: str = "") -> str | None:
        found = resolver.file(dotted, base + importer, member)
        return None if found is None else found.removeprefix(base)

    return file


def in_repository(folder: Path, files: Iterable[str]) -> Callable[[str, str, str], str | None]:
    return Repository(folder, files).resolver.file


SOURCES = pytest.mark.parametrize("source", [on_disk, in_repository])


@SOURCES
@pytest.mark.parametrize(("files", "importer", "dotted", "expected"), FORMS)
def test_the_file_of_a_module(
    source: Callable[[Path, Iterable[str]], Callable[[str, str, str], str | None]],
    files: tuple[str, ...],
    importer: str,
    dotted: str,
    expected: str | None,
    tmp_path: Path,
) -> None:
    file = source(tmp_path, files)
    assert file(dotted, importer, "") == expected
    # The second answer is a remembered one, and another file of the folder may have had the first.
    assert file(dotted, importer, "") == expected
    start, _, member = dotted.rpartition(".")
    if member and start.strip("."):
        assert file(start, importer, member) == expected


@SOURCES
def test_a_remembered_answer_holds_for_the_folder_only(
    source: Callable[[Path, Iterable[str]], Callable[[str, str, str], str | None]], tmp_path: Path
) -> None:
    file = source(tmp_path, ("data.py", "app/data.py", "app/train.py", "train.py"))
    assert file("data", "train.py", "") == "data.py"
    assert file("data", "app/train.py", "") == "app/data.py"
    assert file("data", "app/data.py", "") == "data.py"
    assert file("data", "app/train.py", "") == "app/data.py"


def test_a_relative_import_does_not_leave_the_repository(tmp_path: Path) -> None:
    file = in_repository(tmp_path, ("data.py", "app/train.py"))
    assert file("..data", "app/train.py", "") == "data.py"
    assert file("...data", "app/train.py", "") is None
    assert file("...", "app/train.py", "") is None


def test_the_folder_for_sources_is_a_root_of_the_repository(tmp_path: Path) -> None:
    file = in_repository(tmp_path, (*SRC, "data/rows.py"))
    assert file("train", "jobs/run.py", "") == "src/train.py"
    assert file("data.rows", "jobs/run.py", "") == "data/rows.py"


def test_the_roots_of_the_disk(tmp_path: Path) -> None:
    deep = "a/b/c/d/train.py"
    files = ("top.py", "a/three.py", "a/b/two.py", "pandas/__init__.py", "a/b/c/d/torch.py", deep)
    file = on_disk(tmp_path, files)
    assert file("torch", deep, "") == "a/b/c/d/torch.py"
    # A known library is local only beside the file.
    assert file("pandas", "a/train.py", "") is None
    assert file("pandas", "train.py", "") == "pandas/__init__.py"
    assert file("two", deep, "") == "a/b/two.py"
    assert file("three", deep, "") == "a/three.py"
    assert file("top", deep, "") is None
    # The top of a repository inside the root ends the search.
    (tmp_path / "a/b/c/.git").mkdir()
    again = on_disk(tmp_path, ())
    assert again("two", deep, "") is None


def test_the_disk_is_not_searched_above_its_root(tmp_path: Path) -> None:
    write(tmp_path, {"data.py": "", "inside/near.py": "", "inside/app/train.py": ""})
    resolver = Resolver(Disk(Root(tmp_path / "inside")))
    importer = (tmp_path / "inside/app/train.py").as_posix()
    assert resolver.file("near", importer) == (tmp_path / "inside/near.py").as_posix()
    assert resolver.file("data", importer) is None


def test_candidates_need_not_exist(tmp_path: Path) -> None:
    resolver = Repository(tmp_path, ["a/b.py"]).resolver
    assert list(resolver.candidates("c", "a/b.py")) == [
        *("a/c/__init__.py", "a/c.py", "c/__init__.py", "c.py", "src/c/__init__.py", "src/c.py")
    ]
    assert list(resolver.candidates("..", "a/b.py", "c")) == ["c/__init__.py", "c.py"]
    assert list(resolver.candidates(".", "a/b.py")) == ["a/__init__.py"]


class Counted:
    """A source that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def is_file(self, path: str) -> bool:
        """Return whether there is such a file: never."""
        self.asked += 1
        return False

    def roots(self, folder: str, top: str) -> tuple[str, ...]:
        """Return one folder."""
        return (folder,)


@pytest.mark.parametrize(
    "dotted", [".".join(["a"] * (MAX_PARTS + 1)), "." * (MAX_PARTS + 1), "." * 100_000 + "a"]
)
def test_names_of_too_many_parts_are_not_searched_for(dotted: str) -> None:
    source = Counted()
    assert Resolver(source).file(dotted, "x/y.py") is None
    assert source.asked == 0
    assert len(prefixes(dotted)) <= MAX_PARTS


def test_a_program_with_a_name_of_many_parts(tmp_path: Path) -> None:
    # Each part was a search on the disk for a path as long: 100,000 of them need hours.
    write(tmp_path, {"a/__init__.py": "P = 'a'\n"})
    tree = ast.parse("import a\n")
    statement = tree.body[0]
    assert isinstance(statement, ast.Import)
    statement.names[0].name = ".".join(["a"] * 100_000)
    assert list(Program(tree, str(tmp_path / "train.py")).modules) == ["", "a"]


@pytest.mark.parametrize(
    ("dotted", "package", "expected"),
    [
        ("os.path", "a.b", "os.path"),
        (".data", "", "data"),
        (".data.load", "a", "a.data.load"),
        (".", "a.b", "a.b"),
        ("..data", "a.b", "a.data"),
        ("..data", "a", "data"),
        ("...data", "a.b", "data"),
        ("..data", "", None),
        ("....data", "a.b", None),
    ],
)
def test_relative_names(dotted: str, package: str, expected: str | None) -> None:
    assert absolute_name(dotted, package) == expected


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        ("a.b.c", ["a.b.c", "a.b", "a"]),
        ("a", ["a"]),
        (".a.b", [".a.b", ".a"]),
        ("..", [".."]),
        ("", []),
    ],
)
def test_prefixes(dotted: str, expected: list[str]) -> None:
    assert prefixes(dotted) == expected


def test_members() -> None:
    assert [joined(*pair) for pair in (("a", "b"), (".", "b"), ("..a", "b"), ("a", ""))] == [
        *("a.b", ".b", "..a.b", "a")
    ]


def test_package_files() -> None:
    assert is_package_file("__init__.py")
    assert is_package_file("a/__init__.py")
    assert not is_package_file("a/my__init__.py")
